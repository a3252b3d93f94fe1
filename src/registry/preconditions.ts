import { type FastifyRequest } from 'fastify';
import { type ByteRange } from './store/blobs';

/** What tells one version of a file from another. */
export interface Validators {
  readonly etag: string;
  readonly lastModified?: string | undefined;
}

/** What a request wants of a file by its preconditions (RFC 9110, 13.2.2): its content, nothing as it has it already, or a refusal. */
export function wishOf(request: FastifyRequest, validators: Validators, status: number): 'content' | 'nothing' | 'refusal' {
  if (status === 204) return 'nothing';
  if (!isReading(request) || status < 200 || status > 299) return 'content';
  const { 'if-match': match, 'if-unmodified-since': unmodified } = request.headers;
  const isAsWanted =
    match !== undefined
      ? tagsIn(match).some((tag) => tag === '*' || (tag === validators.etag && !isWeak(tag)))
      : !(timeOf(validators.lastModified) > timeOf(unmodified));
  if (!isAsWanted) return 'refusal';
  return isKnown(request, validators, status) ? 'nothing' : 'content';
}

/** Whether the client has the file already: by its tag, or by its date where it knows no tag (RFC 9110, 13.2). */
export function isKnown(request: FastifyRequest, { etag, lastModified }: Validators, status: number): boolean {
  if (!isReading(request) || status < 200 || status > 299) return false;
  const known = request.headers['if-none-match'];
  if (known !== undefined) return tagsIn(known).some((tag) => tag === '*' || bare(tag) === bare(etag));
  return timeOf(lastModified) <= timeOf(request.headers['if-modified-since']);
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The tags of a list; a comma may be part of one. */
function tagsIn(list: string): readonly string[] {
  return list.match(/(?:W\/)?"[^"]*"|[^\s,]+/g) ?? [];
}

function isWeak(tag: string): boolean {
  return tag.startsWith('W/');
}

/** A date in milliseconds; `NaN`, which is neither before nor after any, where there is none. */
function timeOf(date: string | undefined): number {
  return Date.parse(date ?? '');
}

function bare(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** The part that a request asks for; only GET can ask for one (RFC 9110, 14.2). */
export function rangeOf(
  request: FastifyRequest,
  { etag, lastModified }: Validators,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  if (request.method !== 'GET') return undefined;
  const condition = request.headers['if-range'];
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(request.headers.range ?? '') ?? [];
  const isSame = condition === undefined || (condition === etag && !isWeak(etag)) || condition === lastModified;
  if ((first === '' && last === '') || !isSame) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const stop = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= size || stop < start ? 'unsatisfiable' : { start, end: stop };
}
