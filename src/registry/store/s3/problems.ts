import { HttpError, reasonOf } from '../../errors';
import { StoreFull } from '../full';
import { nameOf, type S3Settings } from './settings';

/** Object storage cannot be used at the moment. */
export class StorageAway extends HttpError {
  constructor(message: string, options: ErrorOptions = {}) {
    super(503, message, { 'retry-after': '5' });
    this.cause = options.cause;
  }
}

/** What servers and the SDK call an error, and what that means to the operator. */
const MEANINGS: Readonly<Record<string, (settings: S3Settings) => string>> = {
  NoSuchBucket: () => 'it does not exist; create it, check its name, or start the registry with --s3-create-bucket',
  NoSuchKey: () => 'it lacks the content of this registry: it is another bucket or prefix, or was emptied',
  AccessDenied: ({ credentials }) => `${keysOf(credentials)} may not do this; allow listing, reading, writing and deleting objects`,
  InvalidAccessKeyId: unknownKey,
  // What versitygw says instead.
  XAdminUserNotFound: unknownKey,
  SignatureDoesNotMatch: ({ credentials }) => `the secret key of ${keysOf(credentials)} is wrong`,
  ExpiredToken: ({ credentials }) => `${keysOf(credentials)} have expired`,
  CredentialsProviderError: () =>
    `there are no credentials${whyNone()}; set MINIO_ACCESS_KEY and MINIO_SECRET_KEY, or configure the AWS SDK`,
  RequestTimeTooSkewed: () => "this machine's clock differs too much from the server's; synchronize them",
  PermanentRedirect: () => 'it is in another region; set it with --s3-region or AWS_REGION',
  AuthorizationHeaderMalformed: () => 'it is in another region; set it with --s3-region or AWS_REGION',
  IllegalLocationConstraintException: () => 'it is in another region; set it with --s3-region or AWS_REGION',
  SlowDown: () => 'the server is overloaded; try again later',
  EntityTooLarge: () => 'the server does not take objects of this size',
};

const PLAIN = 'the server does not speak TLS; set MINIO_SECURE=false, or write the endpoint with http://';
/** What errors of connections mean to the operator, by their codes. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED); check that the server runs, and that host and port are right',
  ENOTFOUND: 'its host name cannot be resolved (ENOTFOUND); check the endpoint',
  ECONNRESET: 'the server closed the connection (ECONNRESET); check host and port, and whether it speaks TLS (MINIO_SECURE)',
};

/** What servers call it that they have no space left, or that they give this bucket no more. */
const FULL = new Set(['InsufficientStorage', 'XMinioStorageFull', 'StorageFull', 'QuotaExceeded', 'XMinioAdminBucketQuotaExceeded']);
const FULL_STATUS = 507;

/** What older servers answer to requests whose answers have no body, by status. */
const BY_STATUS: Readonly<Record<number, string>> = { 301: 'PermanentRedirect', 403: 'AccessDenied', 503: 'SlowDown' };

/** The code of an error of the server or the SDK. */
export function codeOf(cause: unknown): string {
  const { name = '', Code } = cause as { readonly name?: string; readonly Code?: string };
  const known = [Code, name].find((each) => each !== undefined && each in MEANINGS);
  return known ?? BY_STATUS[statusOf(cause) ?? 0] ?? Code ?? name;
}

/** Whether an error says that an object is not there. */
export function isMissing(cause: unknown): boolean {
  return statusOf(cause) === 404 && codeOf(cause) !== 'NoSuchBucket';
}

/** An error of the SDK in words, without anything secret. */
export function explained(cause: unknown, settings: S3Settings): StorageAway | StoreFull {
  if (cause instanceof StorageAway || cause instanceof StoreFull) return cause;
  if (FULL.has(codeOf(cause)) || statusOf(cause) === FULL_STATUS)
    return new StoreFull(
      `the registry cannot store anything, ${nameOf(settings)} is full: the server answered ${statusOf(cause)} (${codeOf(cause)})`,
    );
  const meaning = tokenProblem(cause) ?? MEANINGS[codeOf(cause)]?.(settings) ?? otherwise(cause);
  return new StorageAway(`${nameOf(settings)} cannot be used: ${meaning}`, { cause: new Error(codeOf(cause)) });
}

/** The status of the server's answer, if it is that which failed. */
export function statusOf(cause: unknown): number | undefined {
  return (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function otherwise(cause: unknown): string {
  const [, patience] = codeOf(cause) === 'TimeoutError' ? (/\b(\d+) ms\b/.exec(reasonOf(cause)) ?? []) : [];
  if (patience !== undefined) return `no answer within ${Math.round(Number(patience) / 1000)} s`;
  const status = statusOf(cause);
  if (status !== undefined) return `the server answered ${status} (${codeOf(cause)})`;
  // The SDK wraps errors of connections in its own, of which only the text says what they were.
  const [, code = ''] = /\b(E[A-Z]{4,})\b/.exec(reasonOf(cause)) ?? [];
  const advice = /wrong version number|packet length too long/i.test(reasonOf(cause)) ? PLAIN : ADVICE[code];
  if (advice !== undefined) return advice;
  if (/region/i.test(reasonOf(cause))) return 'no region is configured; set it with --s3-region or AWS_REGION';
  return reasonOf(cause)
    .replace(/^(?:AWS SDK error wrapper for )?(?:Error: )?(?:@smithy\/node-http-handler - )?/, '')
    .slice(0, 300);
}

/** What the service says that gives credentials for a web identity or a role (STS); its errors alone have a type. */
function tokenProblem(cause: unknown): string | undefined {
  const { Type, Code, message } = cause as { readonly Type?: unknown; readonly Code?: string; readonly message?: string };
  if (Type === undefined || Code === undefined) return undefined;
  return `the AWS token service gives no credentials: ${Code}: ${message}`.slice(0, 300);
}

/** Which of the variables that the SDK reads may be wrong: it does not say. */
function whyNone(): string {
  const { AWS_PROFILE: profile, AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: file } = process.env;
  if (profile) return ` for AWS_PROFILE ${JSON.stringify(profile)}`;
  if (!role === !file) return '';
  const [set, missing] = role ? ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] : ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];
  return `, and ${set} is set without ${missing}`;
}

function unknownKey({ credentials }: S3Settings): string {
  return `the server does not know the access key of ${keysOf(credentials)}`;
}

function keysOf(credentials: S3Settings['credentials']): string {
  return credentials ? 'MINIO_ACCESS_KEY and MINIO_SECRET_KEY' : 'the AWS credentials';
}
