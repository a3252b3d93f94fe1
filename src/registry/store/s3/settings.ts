import { isSwitchedOn } from '../../../common/switch';
import { isUrl } from '../../../common/urls';
import { type Settings } from '../../settings';
import { Secret } from '../secret';

/** Where in object storage the blobs are. What is not set comes from the usual sources of the AWS SDK. */
export interface S3Settings {
  readonly bucket: string;
  /** What the keys of all objects begin with; ends with a slash, or is empty. */
  readonly prefix: string;
  /** The URL of the server. @default - Amazon S3 in the region */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** @default - the credential chain of the AWS SDK: environment, profile, web identity, instance */
  readonly credentials?: { readonly accessKey: string; readonly secretKey: Secret } | undefined;
  /** Whether the bucket is created if it does not exist. */
  readonly create: boolean;
}

/** What the operator gave by options, or by their environment variables. */
export interface S3Given {
  readonly bucket?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly prefix?: string | undefined;
  readonly create?: boolean | undefined;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX = /^[\w.~-]+(?:\/[\w.~-]+)*\/?$/;

/** The object storage that the operator names, the rest of its settings taken from the environment; undefined if none is named. Throws an error that names the setting if a value is wrong. */
export function readS3(given: S3Given, environment: Settings): S3Settings | undefined {
  const set = (name: string): string | undefined => environment[name] || undefined;
  const { bucket } = given;
  if (bucket === undefined || bucket === '') return refuseHalf(given, set);
  if (!BUCKET.test(bucket))
    throw new Error(
      `${JSON.stringify(bucket)} is not the name of a bucket; expected 3 to 63 lower-case letters, digits, dots and dashes, with a letter or digit at both ends`,
    );
  const prefix = given.prefix ?? 'blobs/';
  if (prefix !== '' && !PREFIX.test(prefix))
    throw new Error(
      `${JSON.stringify(prefix)} is not a key prefix; expected segments of letters, digits and "_.~-", such as registry/blobs/`,
    );
  return {
    bucket,
    prefix: prefix === '' ? '' : prefix.replace(/\/?$/, '/'),
    endpoint: endpointOf(given.endpoint, set),
    region: given.region,
    credentials: credentialsOf(set('MINIO_ACCESS_KEY'), set('MINIO_SECRET_KEY')),
    create: given.create ?? false,
  };
}

/** How the bucket is called in messages. */
export function nameOf({ bucket, prefix, endpoint }: S3Settings): string {
  const keys = prefix === '' ? '' : `, keys ${prefix}*`;
  return `the bucket ${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}${keys}`;
}

/** Says which setting asks for object storage, as its author may not know of the other. */
function refuseHalf({ endpoint, region }: S3Given, set: Lookup): undefined {
  const given = [
    ['MINIO_ENDPOINT', '--s3-endpoint', endpoint],
    ['MINIO_REGION', '--s3-region', region],
  ] as const;
  const [variable = '', option = '', value] = given.find(([, , each]) => each) ?? [];
  if (!value) return undefined;
  throw new Error(
    `${set(variable) === value ? variable : option} is set, but no bucket; name one with --s3-bucket or MINIO_BUCKET, or leave it out to keep files in the data folder`,
  );
}

type Lookup = (name: string) => string | undefined;

/** A URL, or a host with a port as MinIO's clients take it; `MINIO_SECURE` says which scheme that has. */
function endpointOf(text: string | undefined, set: Lookup): string | undefined {
  const isSecure = isSwitchedOn('MINIO_SECURE', set('MINIO_SECURE'));
  if (text === undefined) return set('AWS_ENDPOINT_URL_S3') ?? set('AWS_ENDPOINT_URL');
  const whole = text.includes('://') ? text : `${isSecure ? 'https' : 'http'}://${text}`;
  const url = isUrl(whole) ? new URL(whole) : undefined;
  const isBare = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (!url || !isBare || !/^https?:$/.test(url.protocol))
    throw new Error(
      `${JSON.stringify(text.replace(/^(\w+:\/\/)?[^@/]*@/, '$1'))} is not the address of an S3 server; expected host:port, or a URL without credentials such as https://s3.example.com`,
    );
  return whole.replace(/\/+$/, '');
}

function credentialsOf(accessKey: string | undefined, secretKey: string | undefined): S3Settings['credentials'] {
  if ((accessKey === undefined) !== (secretKey === undefined))
    throw new Error(
      `MINIO_ACCESS_KEY and MINIO_SECRET_KEY belong together; ${accessKey ? 'MINIO_SECRET_KEY' : 'MINIO_ACCESS_KEY'} is not set`,
    );
  return accessKey !== undefined && secretKey !== undefined ? { accessKey, secretKey: new Secret(secretKey) } : undefined;
}
