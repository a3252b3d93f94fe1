import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Document } from './formats/format';
import { type Blob, type BlobStore, type ByteRange } from './store/blobs';

/** A stored file and how to present it. */
export interface StoredFile extends Blob {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly lastModified?: string;
}

/** Answers with a plain text, as Go's `http.Error` does. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).send(`${text}\n`);
}

/** Answers with a stored file or the part of it that is asked for; the result is how many bytes are sent. */
export function sendFile(exchange: { request: FastifyRequest; reply: FastifyReply }, blobs: BlobStore, file: StoredFile): number {
  const { request, reply } = exchange;
  const etag = `"${file.hash}"`;
  reply.headers({ 'content-type': file.contentType, etag, 'accept-ranges': 'bytes' });
  if (file.contentEncoding) reply.header('content-encoding', file.contentEncoding);
  if (file.lastModified) reply.header('last-modified', file.lastModified);
  if (isKnown(request, etag)) return end(reply.code(304));
  const range = rangeOf(request, etag, file.size);
  if (range === 'unsatisfiable') {
    sendText(reply.header('content-range', `bytes */${file.size}`), 416, 'requested range not satisfiable');
    return 0;
  }
  const size = range ? range.end - range.start + 1 : file.size;
  reply.header('content-length', size);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.size}`);
  if (request.method === 'HEAD' || size === 0) return end(reply);
  reply.send(blobs.read(file.hash, range));
  return size;
}

/** Answers with a generated document. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const body = Buffer.from(document.body);
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  reply.code(document.status ?? 200).headers({ ...document.headers, 'content-type': document.contentType, etag });
  if (isKnown(request, etag)) return reply.code(304).send();
  reply.header('content-length', body.length);
  return request.method === 'HEAD' ? reply.send() : reply.send(body);
}

function end(reply: FastifyReply): number {
  // An empty stream keeps the announced length of an answer to HEAD; an empty text would reset it.
  if (reply.statusCode === 304) reply.send();
  else reply.send(Readable.from([]));
  return 0;
}

function isKnown(request: FastifyRequest, etag: string): boolean {
  const known = request.headers['if-none-match'];
  return known !== undefined && known.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

function rangeOf(request: FastifyRequest, etag: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const condition = request.headers['if-range'];
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if ((first === '' && last === '') || (condition !== undefined && condition !== etag)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const stop = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= size || stop < start ? 'unsatisfiable' : { start, end: stop };
}
