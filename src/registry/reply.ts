import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { isActive } from './access/page-headers';
import { type Document } from './formats/format';
import { REQUEST_ID } from './operations/request-id';
import { isKnown, rangeOf, wishOf } from './preconditions';
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
  /** The validator, with its quotation marks; strong unless it begins with `W/`. */
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
export async function sendServed(exchange: Exchange, file: Presentation, content: Content): Promise<number | undefined> {
  const { request, reply } = exchange;
  const { etag = content.etag, lastModified, status = 200 } = file;
  const { size } = content;
  const validators = { etag, lastModified };
  const wish = wishOf(request, validators, status);
  const place = wish === 'content' && status === 200 ? handOver(exchange, file, content) : undefined;
  const range = wish === 'content' && place === undefined && size !== undefined ? rangeOf(request, validators, size) : undefined;
  const length = typeof range === 'object' ? range.end - range.start + 1 : size;
  const isSent = wish === 'content' && place === undefined && range !== 'unsatisfiable' && request.method !== 'HEAD' && length !== 0;
  // Before any header is set: where the content turns out to be missing, the reply becomes another one.
  const bytes = isSent ? await content.open(range) : undefined;
  if (Buffer.isBuffer(bytes)) await together();

  if (wish === 'refusal') return refuse(reply, 412, 'a precondition of the request does not hold');
  if (file.headers) reply.headers(file.headers);
  reply.header('etag', etag);
  if (lastModified) reply.header('last-modified', lastModified);
  if (wish === 'nothing') return end(reply.code(status === 204 ? 204 : 304));
  reply.code(status).header('content-type', file.contentType);
  if (place !== undefined) {
    reply.header('x-accel-redirect', place).send();
    return size;
  }
  reply.header('accept-ranges', 'bytes');
  if (range === 'unsatisfiable') return refuse(reply.header('content-range', `bytes */${size}`), 416, 'requested range not satisfiable');
  if (file.contentEncoding) reply.header('content-encoding', file.contentEncoding);
  if (length !== undefined) reply.header('content-length', length);
  if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  if (!bytes) return end(reply);
  reply.send(bytes);
  return length;
}

function refuse(reply: FastifyReply, status: number, text: string): number {
  sendText(reply, status, text);
  return 0;
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

/** Where the web server in front finds a file that is left to it, parts and all; what that cannot say or judge is sent from here. */
function handOver(
  { request, reply }: Exchange,
  { contentType, contentEncoding, headers = {} }: Presentation,
  content: Content,
): string | undefined {
  const { 'if-match': match, 'if-unmodified-since': unmodified } = request.headers;
  if (content.handOver === undefined || request.method !== 'GET' || contentEncoding || match !== undefined || unmodified !== undefined)
    return undefined;
  // The web server would leave out what keeps browsers from running it.
  if (isActive(contentType)) return undefined;
  const isTaken = (name: string) => TAKEN_OVER.includes(name);
  return Object.keys(reply.getHeaders()).every(isTaken) && Object.keys(headers).every(isTaken) ? content.handOver : undefined;
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

function end(reply: FastifyReply): number {
  // An empty stream keeps the announced length of an answer to HEAD; an empty text would reset it.
  if (reply.statusCode === 304 || reply.statusCode === 204) reply.send();
  else reply.send(Readable.from([]));
  return 0;
}
