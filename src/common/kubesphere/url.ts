import { urlProblem } from '../urls';
import { type Span, versionsThatCan } from './version';

/** The schemes of a repository's URL, which are its types, and the versions that can read them. */
export const schemes = {
  http: {},
  https: {},
  s3: { removedIn: '4.0' },
  oci: { since: '4.1.2' },
} as const satisfies Readonly<Record<string, Span>>;

/** The type of a repository: how its index is read. */
export type Scheme = keyof typeof schemes;

/** The types of repositories. */
export const schemeNames = Object.keys(schemes) as readonly Scheme[];

/** An S3 endpoint and its bucket as KubeSphere's form writes them, without the scheme, e.g. `s3.pek3a.qingstor.com/bucket/`. */
const bareS3 = /^s3\.[^/:?#@\s]+\//i;

/** The URL as servers need it: `s3.<zone>.<host>/<bucket>/` gets its scheme, and schemes are in lower case. */
export const completeUrl = (url: string): string =>
  bareS3.test(url) ? `s3://${url}` : url.replace(/^[a-z][a-z0-9+.-]*:/i, (scheme) => scheme.toLowerCase());

/** The type that a URL implies; nothing if it has none of the known schemes. */
export function schemeOf(url: string): Scheme | undefined {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/.exec(completeUrl(url)) ?? [];
  return schemeNames.find((name) => name === scheme);
}

/** Whether two URLs name the same repository; the case of scheme and host, and an omitted `s3://`, make no difference. */
export function isSameUrl(a: string, b: string): boolean {
  return comparable(a) === comparable(b);
}

const comparable = (url: string): string => completeUrl(url).replace(/^[a-z0-9+.-]+:\/\/[^/]*/i, (start) => start.toLowerCase());

/**
 * The problem with the URL of a repository; nothing if it has none.
 *
 * @param version of the server, e.g. `3.4.1`, or `4` for any 4.x; rules of all versions only if it is omitted
 */
export function repositoryUrlProblem(url: string, version?: string): string | undefined {
  const complete = completeUrl(url);
  return (
    urlProblem(complete, schemeNames) ?? pathProblem(url, complete) ?? (version === undefined ? undefined : schemeProblem(url, version))
  );
}

function pathProblem(url: string, complete: string): string | undefined {
  if (/\/index\.ya?ml\/*$/i.test(complete)) return `"${url}" names the index itself; leave out "index.yaml", which the server appends`;
  if (schemeOf(url) === 's3' && !/^s3:\/\/[^/]+\/[^/]+/i.test(complete))
    return `"${url}" names no bucket; write s3://<host>/<bucket>/, e.g. "s3://s3.pek3a.qingstor.com/charts/"`;
  return undefined;
}

/** The problem with the type of a URL on a version of KubeSphere; nothing if that version can read it. */
export function schemeProblem(url: string, version: string): string | undefined {
  const scheme = schemeOf(url);
  const needed = scheme && versionsThatCan(schemes[scheme], version);
  return needed && `"${url}" is of type ${scheme}, ${needed}; this is version ${version}. ${instead[scheme as 's3' | 'oci']}`;
}

const instead = {
  s3: 'Serve the bucket over https instead, e.g. "https://<bucket>.<zone>.qingstor.com/" with public read access',
  oci: 'Use a repository with an index.yaml over http or https instead',
} as const;

/** A bucket of an S3-compatible store: one with an endpoint per zone, `https://s3.<zone>.<host>`, or with a single endpoint, e.g. MinIO. */
export type S3Bucket = {
  /** Name of the bucket. */
  readonly bucket: string;
  /** Path of the repository in the bucket. @default the root */
  readonly prefix?: string;
} & (
  | {
      /** Zone or region, e.g. `pek3a`. @default none: the store has a single endpoint, the `host` */
      readonly zone: string;
      /**
       * Domain of the store; without a zone its host and port, e.g. `minio.example.com:9000`, which KubeSphere reads over plain HTTP.
       *
       * @default 'qingstor.com'
       */
      readonly host?: string;
    }
  | { readonly zone?: undefined; readonly host: string }
);

/** The problem with a part of the URL of a bucket; nothing if it has none. */
export function bucketPartProblem(part: 'bucket' | 'zone' | 'host', value: string): string | undefined {
  if (part === 'host')
    return /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(value)
      ? undefined
      : `"${value}" cannot be the host of a store; write a domain or a host, with its port if need be, e.g. "minio.example.com:9000"`;
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(value)
    ? undefined
    : `"${value}" cannot be part of the URL of a bucket; allowed are letters, digits, "-" and "."`;
}

/** The URL of a repository in a bucket, e.g. `s3://s3.pek3a.qingstor.com/charts/`, of parts without problems. */
export function s3Url({ bucket, prefix = '', zone, host = 'qingstor.com' }: S3Bucket): string {
  const path = [bucket, ...prefix.split('/').filter((part) => part !== '')].join('/');
  return `s3://${zone === undefined ? host : `s3.${zone}.${host}`}/${path}/`;
}
