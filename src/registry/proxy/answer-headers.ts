import { type Format } from '../formats/format';
import { type UpstreamAnswer } from './upstream';

/** Headers kept for any file; all others concern the connection, the upstream's own cache or its users. */
const COMMON = ['content-disposition', 'content-language', 'content-md5', 'digest', 'link', 'repr-digest'];
const CHECKSUM = /^x-checksum-[a-z0-9]+$/;

/** The headers of an answer that are cached with it and passed on. */
export function meaningfulHeaders(answer: UpstreamAnswer, { headers = [] }: Format): Record<string, string> {
  const kept = answer.headerNames.filter((name) => COMMON.includes(name) || CHECKSUM.test(name) || headers.includes(name));
  return Object.fromEntries(kept.map((name) => [name, answer.header(name)]));
}
