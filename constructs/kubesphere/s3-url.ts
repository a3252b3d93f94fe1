import { bucketPartProblem, type S3Bucket, s3Url as joined } from '../../src/common/kubesphere/url';
import { isToken } from '../base/token';

/**
 * The URL of a repository in an S3-compatible store with hosts of the form `s3.<zone>.<host>`, e.g. `s3://s3.pek3a.qingstor.com/charts/`.
 * Only KubeSphere 3 reads it. Throws an `Error` for a bucket, zone or host that cannot be part of a URL.
 *
 * @example
 * const secretKey = secretVariable(this, 'secret_key');
 * new AppRepository(this, 'charts', {
 *   name: 'charts',
 *   url: s3Url({ bucket: 'charts', zone: 'pek3a' }),
 *   accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
 *   secretAccessKeyWo: secretKey.stringValue,
 * });
 */
export function s3Url(bucket: S3Bucket): string {
  const given = bucket as Readonly<Record<string, unknown>>;
  if (given['zone'] === undefined && given['host'] === undefined)
    throw new Error('s3Url: zone and host are missing; set the zone, e.g. "pek3a", or for a store with a single endpoint its host');
  for (const part of ['bucket', 'zone', 'host'] as const) {
    const value = given[part];
    if (isToken(value) || (value === undefined && part !== 'bucket')) continue;
    const problem = typeof value === 'string' ? bucketPartProblem(part, value) : `it is ${String(value)}; it must be a string`;
    if (problem !== undefined) throw new Error(`s3Url: ${part}: ${problem}`);
  }
  return joined(bucket);
}
