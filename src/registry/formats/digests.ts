import { type Json } from './json';

/** How many hexadecimal digits each algorithm gives; the one that the store knows of every file comes first, the weakest last. */
const LENGTHS = { sha256: 64, sha512: 128, sha384: 96, sha1: 40, md5: 32 } as const;

/** An algorithm that documents give digests by. */
export type Algorithm = keyof typeof LENGTHS;

/** What a file must hash to. */
export interface Digest {
  readonly algorithm: Algorithm;
  readonly hex: string;
}

/** The digests of files by their canonical paths. */
export type Digests = ReadonlyMap<string, Digest>;

/** A digest as a document gives it; undefined where that is none. */
export function digestOf(algorithm: Algorithm, hex: unknown): Digest | undefined {
  const isDigest = typeof hex === 'string' && hex.length === LENGTHS[algorithm] && /^[0-9a-f]+$/i.test(hex);
  return isDigest ? { algorithm, hex: hex.toLowerCase() } : undefined;
}

/** The best of the digests that a document gives by their algorithms. */
export function bestOf(hashes: Json): Digest | undefined {
  return (Object.keys(LENGTHS) as Algorithm[]).map((algorithm) => digestOf(algorithm, hashes[algorithm])).find(Boolean);
}

/** What an index lists; a path that it gives two digests has none. */
export function listedDigests(entries: Iterable<readonly [path: string | undefined, digest: Digest | undefined]>): Digests {
  const listed = new Map<string, Digest>();
  const unclear = new Set<string>();
  for (const [path, digest] of entries) {
    if (path === undefined || !digest) continue;
    const { algorithm, hex } = listed.get(path) ?? digest;
    if (algorithm !== digest.algorithm || hex !== digest.hex) unclear.add(path);
    listed.set(path, digest);
  }
  for (const path of unclear) listed.delete(path);
  return listed;
}
