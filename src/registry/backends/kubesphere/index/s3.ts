import { createHash, createHmac } from 'node:crypto';
import { GoError } from '../go/json-parse';
import { parseUrl, unescapePart } from '../go/url';
import { type Fetcher } from './fetch';

/** Objects are asked for by range; this one is larger than any that is taken. */
const WHOLE = `bytes=0-${2 ** 31}`;

/** The keys of an S3 account. */
export interface S3Keys {
  readonly accessKeyID?: string;
  readonly secretAccessKey?: string;
}

/** Gets an object by an `s3://` URL. Which host means what is the server's own rule: `s3.` begins a region, anything else is plain http. */
export async function loadS3(fetcher: Fetcher, url: string, keys: S3Keys): Promise<Buffer> {
  const { accessKeyID = '', secretAccessKey = '' } = keys;
  if (accessKeyID === '' || secretAccessKey === '') throw new GoError('EmptyStaticCreds: static credentials are empty');
  const { host, path } = parseUrl(url);
  const isRegional = host.startsWith('s3.');
  const region = isRegional ? (host.split('.')[1] ?? '') : 'us-east-1';
  const target = path.split('/').map(encode).join('/');
  const headers = sign({ host, path: target, range: WHOLE, region, accessKeyID, secretAccessKey, at: new Date() });
  const {
    status,
    statusLine,
    body,
    headers: answered,
  } = await fetcher.get(`${isRegional ? 'https' : 'http'}://${host}${target}`, { headers }).catch((cause: Error) => {
    throw new GoError(`RequestError: send request failed\ncaused by: ${cause.message}`);
  });
  if (status === 200 || status === 206) return body;
  throw new GoError(refusal(body.toString('utf8'), { status, statusLine, id: answered['x-amz-request-id'] }));
}

/** What a signature is made of. */
export interface Signing {
  readonly host: string;
  /** Encoded as it is sent. */
  readonly path: string;
  readonly range: string;
  readonly region: string;
  readonly accessKeyID: string;
  readonly secretAccessKey: string;
  readonly at: Date;
}

/** The headers that sign a GET without a body (AWS Signature Version 4). */
export function sign({ host, path, range, region, accessKeyID, secretAccessKey, at }: Signing): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d+/g, '');
  const signed: Record<string, string> = { host, range, 'x-amz-content-sha256': hash(''), 'x-amz-date': time };
  const names = Object.keys(signed).join(';');
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const request = ['GET', path, '', lines.join(''), names, hash('')].join('\n');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const key = scope.reduce<string | Buffer>((before, part) => mac(before, part), `AWS4${secretAccessKey}`);
  const signature = mac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), hash(request)].join('\n')).toString('hex');
  const { host: _host, ...sent } = signed;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyID}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function refusal(body: string, answer: { status: number; statusLine: string; id: string | string[] | undefined }): string {
  const field = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? '';
  const tail = `\tstatus code: ${answer.status}, request id: ${[answer.id].flat()[0] ?? ''}, host id: `;
  const code = field('Code') || answer.statusLine.replace(/^\d+ /, '').replaceAll(' ', '');
  return `${code}: ${field('Message') || answer.statusLine.replace(/^\d+ /, '')}\n${tail}`;
}

function encode(segment: string): string {
  return encodeURIComponent(unescapePart(segment)).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function mac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
