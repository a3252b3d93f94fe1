import { type Readable } from 'node:stream';
import { type Blob, BlobMissing, type BlobStore, type BlobWriter, type ByteRange, readWhole } from './blobs';
import { Recent } from './recent';

/** The largest blob that is kept in memory, in bytes, and how many bytes of them in all. */
const SMALL = 128 << 10;
const KEPT = 32 << 20;

/** A blob store whose small blobs are kept in memory once they were read. */
export class KeptBlobs implements BlobStore {
  readonly #kept = new Recent<Promise<Buffer>>(KEPT);

  constructor(private readonly beneath: Omit<BlobStore, 'small'>) {}

  async small({ hash, size }: Blob): Promise<Buffer | undefined> {
    if (size > SMALL) return undefined;
    const known = this.#kept.get(hash);
    if (known) return known;
    const reading = this.#read(hash, size);
    this.#kept.set(hash, reading, size);
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

  begin(): Promise<BlobWriter> {
    return this.beneath.begin();
  }

  receive(body: AsyncIterable<Uint8Array>): Promise<Blob> {
    return this.beneath.receive(body);
  }

  read(hash: string, range?: ByteRange): Promise<Readable> {
    return this.beneath.read(hash, range);
  }

  deleteUnreferenced(hash: string, before: string): Promise<boolean> {
    this.#kept.delete(hash);
    return this.beneath.deleteUnreferenced(hash, before);
  }

  collect(before: string): Promise<number> {
    return this.beneath.collect(before);
  }

  /** A small blob is sent sooner from here than by a server that is told to. */
  handOver(blob: Blob): string | undefined {
    return blob.size > SMALL ? this.beneath.handOver(blob) : undefined;
  }

  async #read(hash: string, size: number): Promise<Buffer> {
    const bytes = await readWhole(this.beneath, hash);
    if (bytes.length !== size) throw new BlobMissing(hash);
    return bytes;
  }
}
