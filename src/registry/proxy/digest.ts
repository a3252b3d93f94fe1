import { createHash } from 'node:crypto';
import { type Algorithm, type Digest } from '../formats/digests';
import { type Blob, type BlobStore, type BlobWriter } from '../store/blobs';

/** A body that is not what another document says; that document may be out of date. */
export class DigestMismatch extends Error {}

const KEPT = 1000;
const CHUNK = 1 << 20;

/** Compares stored blobs with what other documents say of them; each is read once per algorithm. */
export class BlobDigests {
  readonly #known = new Map<string, string>();

  constructor(private readonly blobs: BlobStore) {}

  /** Whether a blob has a digest. */
  async fits({ hash }: Blob, { algorithm, hex }: Digest): Promise<boolean> {
    const found = algorithm === 'sha256' ? hash : await this.#digest(hash, algorithm);
    return found === hex.toLowerCase();
  }

  /** Forgets the digests of a blob, whose bytes may have been others. */
  forget(hash: string): void {
    for (const key of this.#known.keys()) if (key.endsWith(`:${hash}`)) this.#known.delete(key);
  }

  async #digest(hash: string, algorithm: Algorithm): Promise<string> {
    const key = `${algorithm}:${hash}`;
    const known = this.#known.get(key) ?? (await digestOf(await this.blobs.read(hash), algorithm));
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, known);
    return known;
  }
}

/** Throws when a body does not have a digest. */
export async function checkDigest(body: BlobWriter, { algorithm, hex }: Digest): Promise<void> {
  const found = algorithm === 'sha256' ? body.hash() : await digestOf(piecesOf(body), algorithm);
  if (found !== hex.toLowerCase()) throw new DigestMismatch(`its ${algorithm} is ${found}, but ${hex} was announced`);
}

async function* piecesOf(body: BlobWriter): AsyncGenerator<Buffer, void> {
  for (let position = 0; position < body.size; position += CHUNK) {
    yield await body.readAt(position, Math.min(CHUNK, body.size - position));
  }
}

async function digestOf(body: AsyncIterable<Uint8Array>, algorithm: Algorithm): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}
