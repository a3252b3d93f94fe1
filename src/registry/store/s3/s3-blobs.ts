import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type Blob, type BlobAudit, BlobMissing, type PlacedBlobs, type BlobWriter, type ByteRange } from '../blobs';
import { eachAtOnce } from '../at-once';
import { Recent } from '../recent';
import { Spool, type Spooled } from '../spool';
import { keyOf, type ObjectParts, Objects, problemOf, SILENCE_MS } from './objects';
import { isMissing } from './problems';
import { type Body, steadyBody } from './steady-body';

/** How many places of blobs are remembered. */
const PLACES = 50_000;
/** How long an object that was seen is taken for present without asking, in milliseconds. */
const SEEN = 60_000;
/** How long a read that has begun waits for a server that is away, in milliseconds. */
const OUTAGE = 30_000;

/** What the store is made of. */
export interface S3Parts extends ObjectParts {
  /** A folder of this process, for content that is arriving. */
  readonly spool: string;
  /** Whether other processes use that folder as well. */
  readonly shared: boolean;
  /** The time in milliseconds, by the clock that the tables have. */
  readonly now: () => number;
  /** The blobs that nothing keeps and that were last written before a time, in batches. */
  readonly orphans: (before: string) => AsyncIterable<readonly Blob[]>;
}

interface Place {
  readonly place: string;
  readonly size: number;
  seenAt: number;
}

/** Blobs in a bucket: written to a temporary file while they are hashed, then uploaded to a place of their own below their hash. */
export class S3Blobs implements PlacedBlobs {
  readonly #places = new Recent<Place>(PLACES);
  readonly #objects: Objects;
  #spool: Spool | undefined;
  /** The places of blobs whose objects have other bytes. */
  readonly #bad = new Recent<string>(PLACES);

  private constructor(private readonly parts: S3Parts) {
    this.#objects = new Objects(parts);
  }

  /** Opens the store; what a process that died left in the spool is thrown away at once, what it left in the bucket by `collect`. */
  static async open(parts: S3Parts): Promise<S3Blobs> {
    const blobs = new S3Blobs(parts);
    const keep = async ({ blob, file }: Spooled) => {
      const place = await blobs.#objects.keep(blob, file, blobs.#bad.get(blob.hash));
      blobs.#remember(blob.hash, { place, size: blob.size }, performance.now());
    };
    blobs.#spool = await Spool.open({ folder: parts.spool, shared: parts.shared, keep });
    return blobs;
  }

  begin(): Promise<BlobWriter> {
    return this.#opened().begin();
  }

  async read(hash: string, range?: ByteRange): Promise<Readable> {
    const known = await this.#find(hash);
    if (known.size === 0) return Readable.from([]);
    const wanted = { start: range?.start ?? 0, end: Math.min(range?.end ?? Infinity, known.size - 1) };
    const first = await this.#open(hash, known, wanted);
    const again = async (rest: ByteRange) => {
      await this.parts.bucket.settled(OUTAGE);
      return this.#open(hash, await this.#find(hash), rest);
    };
    return steadyBody(wanted, again, first);
  }

  check(): Promise<void> {
    return this.parts.bucket.check();
  }

  handOver(): undefined {
    return undefined;
  }

  distrust(hash: string): void {
    const known = this.#places.get(hash);
    if (known) this.#bad.set(hash, known.place, 1);
    // Whoever found it may be another process.
    else
      void this.#find(hash)
        .then(({ place }) => this.#bad.set(hash, place, 1))
        .catch(() => undefined);
  }

  async has({ hash, size }: Blob): Promise<boolean> {
    const known = await this.#find(hash).catch((cause: unknown) => {
      if (cause instanceof BlobMissing) return undefined;
      throw cause;
    });
    if (known?.size !== size || known.place === this.#bad.get(hash)) return false;
    if (performance.now() - known.seenAt < SEEN) return true;
    const isWhole = await this.#objects.isWhole({ hash, place: known.place }, size);
    if (isWhole) known.seenAt = performance.now();
    else this.#places.delete(hash);
    return isWhole;
  }

  deleteUnreferenced(hash: string, before: string): Promise<boolean> {
    this.#places.delete(hash);
    return this.#objects.drop(hash, before);
  }

  async collect(before: string, drop: (hash: string) => Promise<boolean>): Promise<number> {
    let deleted = 0;
    for await (const batch of this.parts.orphans(before))
      await eachAtOnce(batch, async ({ hash }) => {
        if (await drop(hash)) deleted++;
      });
    await this.#objects.sweep(new Date(Math.min(Date.parse(before), this.parts.now() - SILENCE_MS)));
    return deleted;
  }

  readonly audit: BlobAudit = {
    isWhole: async ({ hash, size }) => {
      const known = await this.parts.index.find(hash);
      return known?.size === size && this.#objects.isWhole({ hash, place: known.place }, size);
    },
    stored: () => this.#objects.all(),
    erase: (bytes) => this.#objects.eraseStray(bytes),
    leftovers: async (before) => (await this.#opened().abandoned()).length + (await this.#objects.leftovers(before)),
    sweep: async (before) => {
      const paths = await this.#opened().abandoned();
      for (const path of paths) await rm(path, { force: true });
      return paths.length + (await this.#objects.sweep(before));
    },
  };

  #opened(): Spool {
    if (!this.#spool) throw new Error('the store is not open');
    return this.#spool;
  }

  async #find(hash: string): Promise<Place> {
    const known = this.#places.get(hash);
    if (known) return known;
    const row = await this.parts.index.find(hash);
    if (!row) throw new BlobMissing(hash);
    return this.#remember(hash, row, -Infinity);
  }

  #remember(hash: string, { place, size }: { place: string; size: number }, seenAt: number): Place {
    const known = { place, size, seenAt };
    this.#places.set(hash, known, 1);
    return known;
  }

  /** Opens an object; the place that was remembered may be an old one. */
  async #open(hash: string, known: Place, range: ByteRange): Promise<Body> {
    try {
      return await this.#openAt(hash, known, range);
    } catch (cause) {
      this.#places.delete(hash);
      if (cause instanceof BlobMissing) throw cause;
      if (!isMissing(cause)) throw this.parts.explain(cause);
      const now = await this.#find(hash);
      if (now.place !== known.place) return this.#open(hash, now, range);
      throw new BlobMissing(hash, { cause: new Error('its object is not in the bucket') });
    }
  }

  async #openAt(hash: string, known: Place, range: ByteRange): Promise<Body> {
    const { body, ...facts } = await this.parts.bucket.get(keyOf({ hash, place: known.place }), range);
    const problem = problemOf(facts, { hash, size: known.size });
    if (problem === undefined) {
      known.seenAt = performance.now();
      return body;
    }
    body.destroy();
    throw new BlobMissing(hash, { cause: new Error(problem) });
  }
}
