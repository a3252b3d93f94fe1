import { createHash } from 'node:crypto';
import { type Told } from '../formats/format';
import { type Blob, type BlobStore } from '../store/blobs';

/** What a file must hash to. */
export type Digest = NonNullable<Told['digest']>;

/** A body that is not what another document says; that document may be out of date. */
export class DigestMismatch extends Error {}

const KEPT = 1000;

/** Compares stored blobs with what other documents say of them; each is read once per algorithm. */
export class Digests {
  readonly #known = new Map<string, string>();

  constructor(private readonly blobs: BlobStore) {}

  /** Whether a blob has a digest. */
  async fits({ hash }: Blob, { algorithm, hex }: Digest): Promise<boolean> {
    const found = algorithm === 'sha256' ? hash : await this.#digest(hash, algorithm);
    return found === hex.toLowerCase();
  }

  async #digest(hash: string, algorithm: Digest['algorithm']): Promise<string> {
    const key = `${algorithm}:${hash}`;
    const known = this.#known.get(key) ?? (await digestOf(await this.blobs.read(hash), algorithm));
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(key, known);
    return known;
  }
}

/** Throws when a body does not have a digest. */
export async function checkDigest(body: AsyncIterable<Uint8Array>, { algorithm, hex }: Digest): Promise<void> {
  const found = await digestOf(body, algorithm);
  if (found !== hex.toLowerCase()) throw new DigestMismatch(`its ${algorithm} is ${found}, announced was ${hex}`);
}

async function digestOf(body: AsyncIterable<Uint8Array>, algorithm: Digest['algorithm']): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}
