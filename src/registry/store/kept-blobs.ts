import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import {
  type Blob,
  type BlobAudit,
  BlobMissing,
  type BlobStore,
  type PlacedBlobs,
  type BlobWriter,
  type ByteRange,
  readWhole,
  WrongHash,
} from './blobs';
import { Recent } from './recent';
import { type Room } from './room';

/** The largest blob that is kept in memory, in bytes, and how many bytes of them in all. */
const SMALL = 128 << 10;
const KEPT = 32 << 20;
/** How much more memory a blob takes than its bytes, in bytes. */
const OVERHEAD = 400;

/** A blob store whose small blobs are kept in memory once they were read. */
export class KeptBlobs implements BlobStore {
  readonly #kept = new Recent<Promise<Buffer>>(KEPT);
  /** How many are reading each blob. */
  readonly #readers = new Map<string, number>();

  /** `room` limits what is received. */
  constructor(
    private readonly beneath: PlacedBlobs,
    private readonly room?: Pick<Room, 'counted'>,
  ) {}

  async small({ hash, size }: Blob): Promise<Buffer | undefined> {
    if (size > SMALL) return undefined;
    const known = this.#kept.get(hash);
    if (known) return known;
    const reading = this.#read(hash, size);
    this.#kept.set(hash, reading, size + OVERHEAD);
    reading.catch(() => this.#kept.delete(hash));
    return reading;
  }

  async has(blob: Blob): Promise<boolean> {
    const kept = this.#kept.get(blob.hash);
    if (!kept) return this.beneath.has(blob);
    return kept.then(
      () => true,
      () => this.beneath.has(blob),
    );
  }

  async isIntact(blob: Blob): Promise<boolean> {
    if (blob.size > SMALL) return this.beneath.audit.isWhole(blob);
    return this.#read(blob.hash, blob.size).then(
      () => true,
      (cause: unknown) => {
        if (cause instanceof BlobMissing) return false;
        throw cause;
      },
    );
  }

  async begin(): Promise<BlobWriter> {
    const writer = await this.beneath.begin();
    return this.room ? this.room.counted(writer, { isLimited: false }) : writer;
  }

  async receive(body: AsyncIterable<Uint8Array>): Promise<Blob> {
    const writer = await this.beneath.begin();
    return fill(this.room ? this.room.counted(writer, { isLimited: true }) : writer, body);
  }

  async restore(blob: Blob, body: AsyncIterable<Uint8Array>): Promise<boolean> {
    try {
      await fill(await this.begin(), body, blob);
      return true;
    } catch (cause) {
      if (cause instanceof WrongHash) return false;
      throw cause;
    }
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    // From before it is open: what is deleted in between cannot be opened.
    this.#readers.set(hash, (this.#readers.get(hash) ?? 0) + 1);
    try {
      return (await this.beneath.read(hash, range)).once('close', () => this.#leave(hash));
    } catch (cause) {
      this.#leave(hash);
      throw cause;
    }
  }

  check(): Promise<void> {
    return this.beneath.check();
  }

  distrust(hash: string): void {
    this.beneath.distrust(hash);
  }

  inUse(hash: string): boolean {
    return this.#readers.has(hash);
  }

  async deleteUnreferenced(hash: string, before: string): Promise<boolean> {
    if (this.inUse(hash)) return false;
    this.#kept.delete(hash);
    return this.beneath.deleteUnreferenced(hash, before);
  }

  get audit(): BlobAudit {
    return this.beneath.audit;
  }

  collect(before: string): Promise<number> {
    return this.beneath.collect(before, (hash) => this.deleteUnreferenced(hash, before));
  }

  /** A small blob is sent sooner from here than by a server that is told to. */
  handOver(blob: Blob): string | undefined {
    return blob.size > SMALL ? this.beneath.handOver(blob) : undefined;
  }

  #leave(hash: string): void {
    const left = (this.#readers.get(hash) ?? 1) - 1;
    if (left === 0) this.#readers.delete(hash);
    else this.#readers.set(hash, left);
  }

  async #read(hash: string, size: number): Promise<Buffer> {
    const bytes = await readWhole(this.beneath, hash);
    // Whoever can write to the disk or the bucket may have put something else there.
    const isWhole = bytes.length === size && createHash('sha256').update(bytes).digest('hex') === hash;
    if (isWhole) return bytes;
    this.distrust(hash);
    throw new BlobMissing(hash, { cause: new Error('other bytes are in its place') });
  }
}

/** Writes a stream as a blob; throws `WrongHash` as soon as it cannot be the one that is demanded. */
async function fill(writer: BlobWriter, body: AsyncIterable<Uint8Array>, demanded?: Blob): Promise<Blob> {
  try {
    for await (const chunk of body) {
      await writer.write(chunk);
      if (demanded && writer.size > demanded.size) throw new WrongHash(writer.hash(), demanded.hash);
    }
    return await writer.commit(demanded?.hash);
  } catch (cause) {
    await writer.abort();
    throw cause;
  } finally {
    await writer.close();
  }
}
