import { DockerError } from './answers';

/** The hash functions of digests. */
export const ALGORITHMS = ['sha256', 'sha512'] as const;

const IMAGE = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const DIGEST = /^(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/;
const MAX_NAME = 255;

/** What a path of the protocol is about: uploads in general have an empty reference. */
export interface Asked {
  readonly kind: 'manifest' | 'blob' | 'upload' | 'tags' | 'referrers';
  readonly image: string;
  /** A tag, a digest, or the id of an upload. */
  readonly reference: string;
}

const PATHS: readonly (readonly [kind: Asked['kind'], path: RegExp])[] = [
  ['manifest', /^(?:(.*)\/)?manifests\/([^/]+)$/],
  ['upload', /^(?:(.*)\/)?blobs\/uploads(?:\/([^/]*))?$/],
  ['blob', /^(?:(.*)\/)?blobs\/([^/]+)$/],
  ['tags', /^(?:(.*)\/)?tags\/list$/],
  ['referrers', /^(?:(.*)\/)?referrers\/([^/]+)$/],
];

/** Reads a path as the protocol has it, within a repository; undefined for any other. */
export function readPath(path: string): Asked | undefined {
  for (const [kind, pattern] of PATHS) {
    const match = pattern.exec(path);
    if (match) return { kind, image: match[1] ?? '', reference: match[2] ?? '' };
  }
  return undefined;
}

/** The images that a path may belong to: of one that the protocol does not have, whatever it begins with. */
export function imagesOf(path: string): string[] {
  const asked = readPath(path);
  return asked ? [asked.image] : path.split('/').map((_segment, index, all) => all.slice(0, index + 1).join('/'));
}

/** What comes before the last parts of an address of the protocol, with a slash at the end. */
export function placeOf(address: string): string {
  return address.replace(/(?:blobs\/uploads(?:\/[^/]*)?|blobs\/[^/]+|manifests\/[^/]+|tags\/list|referrers\/[^/]+)$/, '');
}

/** Refuses a name that no client could ask for. */
export function checkImage(image: string): void {
  if (image === '')
    throw new DockerError([400, 'NAME_INVALID'], 'the name of the image is missing: write HOST/REPOSITORY/IMAGE, not HOST/REPOSITORY');
  if (IMAGE.test(image) && image.length <= MAX_NAME) return;
  const rule = `at most ${MAX_NAME} lower-case letters and digits, with ".", "_", "__" or "-" between them and "/" between parts`;
  throw new DockerError([400, 'NAME_INVALID'], `invalid image name ${JSON.stringify(image)}: expected ${rule}`);
}

/** A hash by its function. */
export interface Digest {
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly hex: string;
  readonly text: string;
}

/** Reads a digest; undefined if the text is something else. */
export function readDigest(text: string): Digest | undefined {
  const [, short, shortHex, long, longHex] = DIGEST.exec(text) ?? [];
  const algorithm = ALGORITHMS.find((each) => each === (short ?? long));
  return algorithm && { algorithm, hex: shortHex ?? longHex ?? '', text };
}

/** Reads a digest that a client has to give. */
export function checkedDigest(text: string | null): Digest {
  const digest = readDigest(text ?? '');
  if (digest) return digest;
  const given = text ? `invalid digest ${JSON.stringify(text)}` : 'the digest is missing';
  throw new DockerError([400, 'DIGEST_INVALID'], `${given}: expected sha256: or sha512: and the hash in lower-case hexadecimal`);
}

/** Refuses what cannot be a tag. */
export function checkTag(tag: string): void {
  if (TAG.test(tag)) return;
  const rule = 'at most 128 letters, digits, "_", "." and "-", the first of them not "." or "-"';
  throw new DockerError([400, 'MANIFEST_INVALID'], `invalid tag ${JSON.stringify(tag)}: expected ${rule}`);
}

/** Where a repository keeps things. */
export const paths = {
  blob: (image: string, digest: string) => `${image}/blobs/${digest}`,
  manifest: (image: string, digest: string) => `${image}/manifests/${digest}`,
  tag: (image: string, tag: string) => `${image}/tags/${tag}`,
  referrer: (image: string, subject: string, digest: string) => `${image}/referrers/${subject}/${digest}`,
};
