import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A stored blob: its SHA-256 in hexadecimal and its size in bytes. */
export interface Blob {
  readonly hash: string;
  readonly size: number;
}

/** A part of a blob, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Keeps blobs under their hashes, wherever their bytes are. */
export interface BlobStore {
  /** Begins a blob; nothing of it is visible before `commit`. */
  begin(): Promise<BlobWriter>;
  /** Stores a whole stream. */
  receive(body: AsyncIterable<Uint8Array>): Promise<Blob>;
  /** Stores the bytes of a blob again; returns false, and keeps nothing, where a stream has others. */
  restore(blob: Blob, body: AsyncIterable<Uint8Array>): Promise<boolean>;
  /** Opens a blob or a part of it; throws `BlobMissing` when its bytes are not there. */
  read(hash: string, range?: ByteRange): Promise<Readable>;
  /** The bytes of a small blob, from memory where possible; undefined when it is too large for that. Throws `BlobMissing` as well. */
  small(blob: Blob): Promise<Buffer | undefined>;
  /** The internal address under which the web server in front reads the blob by itself; undefined where it does not. */
  handOver(blob: Blob): string | undefined;
  /** Whether the blob's bytes are there, all of them. */
  has(blob: Blob): Promise<boolean>;
  /** Whether the blob's bytes are where blobs are kept, whatever is in memory: all of them, and those of a small one unchanged. */
  isIntact(blob: Blob): Promise<boolean>;
  /** Throws unless the place of the bytes can be reached. */
  check(): Promise<void>;
  /** Tells that the bytes of a blob turned out to be others: they count as absent until they are written again. */
  distrust(hash: string): void;
  /** Whether this process is sending the blob to somebody; it is not deleted then. */
  inUse(hash: string): boolean;
  /** Deletes a blob that nothing refers to and that was last written before a time, in one step; returns whether it did. */
  deleteUnreferenced(hash: string, before: string): Promise<boolean>;
  /** Deletes all such blobs; the answer is how many. */
  collect(before: string): Promise<number>;
  /** What is stored, to be compared with what should be. */
  readonly audit: BlobAudit;
}

/** Bytes that lie where blobs are kept. */
export interface StoredBytes {
  /** The hash that they are kept under. */
  readonly hash: string;
  /** What tells them from others under that hash; empty where there can be none. */
  readonly place: string;
  readonly size: number;
  readonly modifiedAt: Date;
}

/** Looks at what is stored rather than at what is known of it. */
export interface BlobAudit {
  /** All bytes that are kept under hashes, by hash. */
  stored(): AsyncIterable<StoredBytes>;
  /** Whether the bytes of a blob are there, all of them, as far as is known without reading them. */
  isWhole(blob: Blob): Promise<boolean>;
  /** Erases bytes unless they are, or may become, a blob; returns whether it did. */
  erase(bytes: StoredBytes): Promise<boolean>;
  /** How much is left over from writers and deletions that died before a time. */
  leftovers(before: Date): Promise<number>;
  /** Removes that; returns how much it was. */
  sweep(before: Date): Promise<number>;
}

/** What a store of bytes does by itself; the rest is what is kept in memory. */
export interface PlacedBlobs extends Omit<BlobStore, 'receive' | 'restore' | 'small' | 'isIntact' | 'inUse' | 'collect'> {
  /** Deletes all blobs that nothing refers to and that were last written before a time, by a step that returns whether it did; the answer is how many. */
  collect(before: string, drop: (hash: string) => Promise<boolean>): Promise<number>;
}

/** One blob being written. Its bytes can be read back while it grows. */
export interface BlobWriter {
  /** How many bytes have been written. */
  readonly size: number;
  /** Their SHA-256 so far. */
  hash(): string;
  /** Appends bytes. */
  write(chunk: Uint8Array): Promise<void>;
  /** Reads written bytes back; works after `commit` too, until `close`. */
  readAt(position: number, length: number): Promise<Buffer>;
  /** Gives the blob its place under its hash, for good; where another hash is demanded, it throws `WrongHash` and keeps nothing. */
  commit(demanded?: string): Promise<Blob>;
  /** Throws the bytes away. */
  abort(): Promise<void>;
  /** Lets go of the bytes; to be called once all readers are done. */
  close(): Promise<void>;
}

/** The bytes of a blob are not where they should be. */
export class BlobMissing extends Error {
  constructor(hash: string, options?: ErrorOptions) {
    super(`the content with the SHA-256 ${hash} is missing from the store`, options);
  }
}

/** The bytes that arrived are not those that were announced. */
export class WrongHash extends Error {
  constructor(found: string, demanded: string) {
    super(`its SHA-256 is ${found}, but ${demanded} was announced`);
  }
}

/** A hash as it stands in paths and keys. Throws `BlobMissing` for what is none: a row from elsewhere must not lead out of the store. */
export function placeableHash(hash: string): string {
  if (/^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new BlobMissing(hash.slice(0, 64));
}

/** Reads a small blob whole. */
export async function readWhole(blobs: Pick<BlobStore, 'read'>, hash: string): Promise<Buffer> {
  return buffer(await blobs.read(hash));
}

/** The hash of a blob by another algorithm than the store's own, in hexadecimal. */
export async function hashOf(blobs: Pick<BlobStore, 'read'>, hash: string, algorithm: string): Promise<string> {
  const sum = createHash(algorithm);
  for await (const chunk of await blobs.read(hash)) sum.update(chunk as Buffer);
  return sum.digest('hex');
}
