import { type ByteRange } from '../../../store/blobs';
import { problem } from '../problem';

/** The part of a file that a Range header asks for; a bad one is 416. */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const [, first, last] = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) throw invalid(header);
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start > end || (first === '' && Number(last) === 0)) throw invalid(header);
  return { start, end };
}

function invalid(header: string) {
  return problem('RANGE_INVALID', `Range [${header.slice(0, 100)}] is invalid`);
}
