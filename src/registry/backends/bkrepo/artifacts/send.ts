import { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type BlobStore, type ByteRange } from '../../../store/blobs';
import { problem } from '../problem';
import { type Node } from './node';
import { nameOf } from './paths';
import { type ArrivingFile } from './upstream';

/** A request and its answer. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  gz: 'application/gzip',
  htm: 'text/html',
  html: 'text/html',
  jar: 'application/java-archive',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tgz: 'application/gzip',
  toml: 'application/toml',
  txt: 'text/plain',
  xml: 'application/xml',
  yaml: 'application/x-yaml',
  yml: 'application/x-yaml',
  zip: 'application/zip',
};

/** Answers with a file or the part of it that is asked for. */
export async function sendNode({ request, reply }: Exchange, blobs: BlobStore, node: Node): Promise<FastifyReply> {
  const range = rangeOf(request.headers.range, node.size);
  const size = range ? range.end - range.start + 1 : node.size;
  const hash = node.hash ?? '';
  reply.headers({
    'content-type': mediaTypeOf(node.name),
    'content-length': size,
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache',
    etag: hash,
    'last-modified': new Date(`${node.modified_at}Z`).toUTCString(),
    ...checksumHeaders(node),
    ...disposition(request, node.name),
  });
  // The whole of a file is announced as a range too.
  const { start, end } = range ?? { start: 0, end: node.size - 1 };
  if (node.size > 0) reply.header('content-range', `bytes ${start}-${end}/${node.size}`);
  if (range) reply.code(206);
  // An empty stream keeps the announced length of an answer to HEAD; an empty text would reset it.
  if (request.method === 'HEAD' || size === 0) return reply.send(Readable.from([]));
  return reply.send(await blobs.read(hash, range));
}

/** Answers with a file that is arriving from an upstream, or the part of it that is asked for where its length is known. */
export function sendArriving(
  { request, reply }: Exchange,
  path: string,
  arriving: ArrivingFile | Omit<ArrivingFile, 'open'>,
): FastifyReply {
  const name = nameOf(path);
  const { contentType, length } = arriving;
  const range = length === undefined ? undefined : rangeOf(request.headers.range, length);
  reply.headers({ 'content-type': contentType || mediaTypeOf(name), 'cache-control': 'no-cache', ...disposition(request, name) });
  if (length !== undefined) reply.headers({ 'accept-ranges': 'bytes', 'content-length': range ? range.end - range.start + 1 : length });
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${length}`);
  return reply.send('open' in arriving ? Readable.from(arriving.open(range), { objectMode: false }) : Readable.from([]));
}

/** The checksums of a file as headers. */
export function checksumHeaders({ md5, hash, crc64ecma }: Node): Record<string, string> {
  return { 'x-checksum-md5': md5, 'x-checksum-sha256': hash ?? '', 'x-checksum-crc64ecma': crc64ecma };
}

/** The header by which a browser saves a file under its name; a preview goes without. */
export function disposition(request: FastifyRequest, name: string): Record<string, string> {
  if ((request.query as Record<string, string | undefined>)['preview'] === 'true') return {};
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  return { 'content-disposition': `attachment;filename="${plain}";filename*=UTF-8''${encodeURIComponent(name)}` };
}

/** The media type for a file extension. */
export function mediaTypeOf(name: string): string {
  return TYPES[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}

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
