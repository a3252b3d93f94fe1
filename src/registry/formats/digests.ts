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

/**
 * The digests of files by their canonical paths, for `digestListed`: one text, a line each. An index may list some 100,000 files; a map of them
 * would occupy the main thread for seconds when it comes from another one.
 */
export type Digests = string;

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
  const listed = new Map<string, string>();
  const unclear = new Set<string>();
  for (const [path, digest] of entries) {
    if (path === undefined || !digest) continue;
    const text = `${digest.algorithm}:${digest.hex}`;
    if ((listed.get(path) ?? text) !== text) unclear.add(path);
    listed.set(path, text);
  }
  for (const path of unclear) listed.delete(path);
  // Canonical paths have no control characters.
  return [...listed].map(([path, text]) => `\n${path}\t${text}`).join('') + '\n';
}

/** The digest that an index lists of a file. */
export function digestListed(digests: Digests, path: string): Digest | undefined {
  const begin = `\n${path}\t`;
  const at = digests.indexOf(begin);
  if (at < 0) return undefined;
  const start = at + begin.length;
  const [algorithm, hex] = digests.slice(start, digests.indexOf('\n', start)).split(':');
  return digestOf(algorithm as Algorithm, hex);
}
