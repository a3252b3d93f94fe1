import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { isActive } from './access/page-headers';
import { type Document } from './formats/format';
import { REQUEST_ID } from './operations/request-id';
import { type Blob, type BlobStore, type ByteRange } from './store/blobs';
import { type GeneratedFile } from './store/generated';

/** A request and its answer. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** How a file is presented. */
export interface Presentation {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly lastModified?: string;
  /** The strong validator, with its quotation marks. */
  readonly etag?: string;
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A stored file and how to present it. */
export type StoredFile = Blob & Presentation;

/** The bytes of a file, which may still be arriving; their size is not always known. */
export interface Content {
  /** The validator of a file that is presented without one, with its quotation marks. */
  readonly etag: string;
  readonly size: number | undefined;
  open(range?: ByteRange): Readable | Promise<Readable | Buffer>;
  /** The address under which the web server in front sends it. @default - there is none */
  readonly handOver?: string | undefined;
}

/** The headers that the web server in front takes over from an answer, as the guide sets it up. */
const TAKEN_OVER = [
  ...['content-type', 'content-disposition', 'accept-ranges', 'cache-control', 'etag', 'last-modified', 'x-artifact-source'],
  ...['docker-content-digest', 'docker-distribution-api-version', REQUEST_ID],
];

/** The header `Warning` of an answer whose upstream could not confirm it. */
export const STALE = '110 - "Response is Stale"';

const REASON_LENGTH = 300;

/** Removes the headers of an answer that turns out to be another one, but for the id of the request. */
export function clearHeaders(reply: FastifyReply): void {
  for (const name of Object.keys(reply.getHeaders())) if (name !== REQUEST_ID) reply.removeHeader(name);
}

/** Answers with a plain text, as Go's `http.Error` does. */
export function sendText(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).send(`${text}\n`);
}

/** Sends a stored file or the requested range of it; returns the number of bytes sent. */
export async function sendFile(exchange: Exchange, blobs: BlobStore, file: StoredFile): Promise<number> {
  return (await sendServed(exchange, file, storedBytes(blobs, file))) ?? 0;
}

/** Sends an index that is kept as a file. */
export function sendGenerated(exchange: Exchange, blobs: BlobStore, file: Omit<GeneratedFile, 'metadata'>): Promise<number> {
  const { hash, size, content_type: contentType, created_at } = file;
  return sendFile(exchange, blobs, { hash, size, contentType, lastModified: new Date(created_at).toUTCString() });
}

/** The bytes of a stored file: from memory, from the store, or from the web server in front. */
export function storedBytes(blobs: BlobStore, blob: Blob): Content {
  const { hash, size } = blob;
  return {
    etag: `"${hash}"`,
    size,
    handOver: blobs.handOver(blob),
    open: async ({ start, end } = { start: 0, end: size - 1 }) =>
      (await blobs.small(blob))?.subarray(start, end + 1) ?? blobs.read(hash, { start, end }),
  };
}

/**
 * Sends a file or the requested range of it; returns the number of bytes sent, if known. Its two parts are not made one: objects made by several
 * spreads outlive their requests, and took 70 MB at 15,000 requests a second.
 */
export async function sendServed({ request, reply }: Exchange, file: Presentation, content: Content): Promise<number | undefined> {
  const { etag = content.etag, lastModified, status = 200 } = file;
  const { size } = content;
  if (file.headers) reply.headers(file.headers);
  reply.header('etag', etag);
  if (lastModified) reply.header('last-modified', lastModified);
  if (isKnown(request, { etag, lastModified }, status)) return end(reply.code(304));
  if (status === 204) return end(reply.code(204));
  reply.code(status).headers({ 'content-type': file.contentType, 'accept-ranges': 'bytes' });
  if (file.contentEncoding) reply.header('content-encoding', file.contentEncoding);
  if (request.method === 'GET' && handOver(reply, file, content)) return size;
  const range = size === undefined ? undefined : rangeOf(request, { etag, lastModified }, size);
  if (range === 'unsatisfiable') {
    sendText(reply.header('content-range', `bytes */${size}`).removeHeader('content-encoding'), 416, 'requested range not satisfiable');
    return 0;
  }
  const length = range ? range.end - range.start + 1 : size;
  if (length !== undefined) reply.header('content-length', length);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  if (request.method === 'HEAD' || length === 0) return end(reply);
  const bytes = await content.open(range);
  if (Buffer.isBuffer(bytes)) await together();
  reply.send(bytes);
  return length;
}

let turn: Promise<void> | undefined;

/**
 * The end of this turn of the event loop: answers from memory that are ready in one turn are written one after another. Each by itself would wake a
 * client that waits on an idle processor, which doubles the processor time of a small file.
 */
function together(): Promise<void> {
  return (turn ??= new Promise((resolve) =>
    setImmediate(() => {
      turn = undefined;
      resolve();
    }),
  ));
}

/** Leaves a file to the web server in front, parts and all; what that cannot say is sent from here. */
function handOver(reply: FastifyReply, { contentType }: Presentation, { handOver: place }: Content): boolean {
  // The web server would leave out what keeps browsers from running it.
  if (place === undefined || isActive(contentType) || !Object.keys(reply.getHeaders()).every((name) => TAKEN_OVER.includes(name)))
    return false;
  // nginx adds it itself.
  reply.removeHeader('accept-ranges').header('x-accel-redirect', place).send();
  return true;
}

/** Puts a reason into the status line, of which some clients show more than of the body. */
export function explain(reply: FastifyReply, reason: string): void {
  reply.raw.statusMessage = reason.replace(/[^\x20-\x7e]+/g, ' ').slice(0, REASON_LENGTH);
}

/** Answers with a generated document. */
export function sendDocument(request: FastifyRequest, reply: FastifyReply, document: Document): FastifyReply {
  const { body, etag } = encodedOf(document);
  const { status = 200 } = document;
  // An error is no version of what was asked for: nobody may be told later that it is still the same.
  reply.headers(status < 400 ? { ...document.headers, etag } : { ...document.headers });
  if (document.reason) explain(reply, document.reason);
  if (isKnown(request, { etag }, status)) return reply.code(304).send();
  if (status === 204) return reply.code(204).send();
  reply.code(status).headers({ 'content-type': document.contentType, 'content-length': body.length });
  return request.method === 'HEAD' ? reply.send(Readable.from([])) : reply.send(body);
}

const encoded = new WeakMap<Document, { readonly body: Buffer; readonly etag: string }>();

/** What is sent of a document; one that is kept is encoded and hashed once. */
function encodedOf(document: Document): { readonly body: Buffer; readonly etag: string } {
  const known = encoded.get(document);
  if (known) return known;
  const body = Buffer.from(document.body);
  const made = { body, etag: `"${createHash('sha256').update(body).digest('hex')}"` };
  encoded.set(document, made);
  return made;
}

interface Validators {
  readonly etag: string;
  readonly lastModified?: string | undefined;
}

function end(reply: FastifyReply): number {
  // An empty stream keeps the announced length of an answer to HEAD; an empty text would reset it.
  if (reply.statusCode === 304 || reply.statusCode === 204) reply.send();
  else reply.send(Readable.from([]));
  return 0;
}

/** Whether the client has the file already: by its tag, or by its date where it knows no tag (RFC 9110, 13.2). */
function isKnown(request: FastifyRequest, { etag, lastModified }: Validators, status: number): boolean {
  if (!['GET', 'HEAD'].includes(request.method) || status < 200 || status > 299) return false;
  const known = request.headers['if-none-match'];
  if (known !== undefined) return known.split(',').some((tag) => tag.trim() === '*' || bare(tag.trim()) === bare(etag));
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return lastModified !== undefined && Date.parse(lastModified) <= since;
}

function bare(tag: string): string {
  return tag.replace(/^W\//, '');
}

/** The part that a request asks for; only GET can ask for one (RFC 9110, 14.2). */
function rangeOf(request: FastifyRequest, { etag, lastModified }: Validators, size: number): ByteRange | 'unsatisfiable' | undefined {
  if (request.method !== 'GET') return undefined;
  const condition = request.headers['if-range'];
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/i.exec(request.headers.range ?? '') ?? [];
  if ((first === '' && last === '') || (condition !== undefined && condition !== etag && condition !== lastModified)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const stop = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= size || stop < start ? 'unsatisfiable' : { start, end: stop };
}
