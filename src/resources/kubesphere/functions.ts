import { ArgumentError, attr, defineFunction, z } from '../../schema/define';
import { bucketPartProblem, s3Url } from '../../common/kubesphere/url';

const part = (what: string, example: string) => attr(z.string(), `${what}, e.g. \`${example}\`.`);

/** The URL of a bucket. */
export const s3UrlFunction = defineFunction({
  name: 's3_url',
  summary: 'The URL of a repository in a bucket of QingStor or another S3-compatible store.',
  description:
    'The URL of a repository in a bucket of an S3-compatible store whose hosts are `s3.<zone>.<host>`, such as QingStor and AWS. Only KubeSphere 3 reads it.',
  parameters: {
    bucket: part('The bucket', 'charts'),
    zone: part('Zone or region', 'pek3a'),
    host: part('Domain of the store', 'qingstor.com'),
  },
  returns: z.string(),
  call({ bucket, zone, host }) {
    for (const [argument, value] of Object.entries({ bucket, zone, host })) {
      const problem = bucketPartProblem(argument as 'bucket' | 'zone' | 'host', value);
      if (problem !== undefined) throw new ArgumentError(problem, argument);
    }
    return s3Url({ bucket, zone, host });
  },
  example: {
    call: 'provider::kubesphere::s3_url("charts", "pek3a", "qingstor.com")',
    gives: 's3://s3.pek3a.qingstor.com/charts/',
  },
});
