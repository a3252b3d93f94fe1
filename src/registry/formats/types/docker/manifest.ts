import { isObject, type Json, listOf, readObject } from '../../json';
import { DockerError } from './answers';
import { readDigest } from './names';

/** The largest manifest. */
export const LIMIT = 4 << 20;

const INDEX = 'application/vnd.oci.image.index.v1+json';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
/** Layers that clients fetch from elsewhere, by their media types. */
const FOREIGN = /[./](?:foreign|nondistributable)\./;

/** A reference to content. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** What a registry needs to know of a manifest. */
export interface Manifest {
  readonly mediaType: string;
  /** The blobs and the manifests without which it is of no use. */
  readonly blobs: readonly Descriptor[];
  readonly manifests: readonly Descriptor[];
  /** The digest of the manifest that this one is about. */
  readonly subject?: string;
  /** How lists of what is about the subject describe this one. */
  readonly described: { readonly artifactType?: string; readonly annotations?: Json };
}

/** Reads the manifest of an image, an index or an artifact. */
export function readManifest(body: Buffer, contentType: string): Manifest {
  const manifest = objectIn(body);
  if (manifest['schemaVersion'] !== undefined && manifest['schemaVersion'] !== 2)
    throw invalid(`schemaVersion is ${JSON.stringify(manifest['schemaVersion'])}; manifests of version 2 are taken`);
  const { config, layers, blobs, manifests } = manifest;
  if ([config, layers, blobs, manifests].every((part) => part === undefined))
    throw invalid('it has neither config and layers, as an image has, nor manifests, as an index has');
  const subject = manifest['subject'] === undefined ? undefined : descriptorAt(manifest['subject'], 'subject').digest;
  const parts = [
    ...(config === undefined ? [] : [descriptorAt(config, 'config')]),
    ...descriptorsAt({ layers }),
    ...descriptorsAt({ blobs }),
  ];
  return {
    mediaType: mediaTypeOf(manifest, contentType),
    blobs: parts.filter(({ mediaType }) => !FOREIGN.test(mediaType)),
    manifests: descriptorsAt({ manifests }),
    ...(subject !== undefined && { subject }),
    described: describedIn(manifest),
  };
}

function objectIn(body: Buffer): Json {
  try {
    return readObject(body, 'a manifest');
  } catch (cause) {
    throw invalid((cause as Error).message);
  }
}

/** The type that the client declares and the one that the manifest has must be the same. */
function mediaTypeOf(manifest: Json, contentType: string): string {
  const declared = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const own = manifest['mediaType'];
  if (own !== undefined && (typeof own !== 'string' || !/^[\w.+-]+\/[\w.+-]+$/.test(own)))
    throw invalid(`mediaType is ${JSON.stringify(own)}, not a media type`);
  if (own !== undefined && declared !== '' && !['application/json', own.toLowerCase()].includes(declared))
    throw invalid(`its mediaType is ${own}, but it was sent with the Content-Type ${declared}`);
  if (own !== undefined) return own;
  if (declared !== '' && declared !== 'application/json') return declared;
  return manifest['manifests'] === undefined ? IMAGE : INDEX;
}

function descriptorsAt(parts: Readonly<Record<string, unknown>>): Descriptor[] {
  return Object.entries(parts).flatMap(([name, list]) => {
    if (list !== undefined && list !== null && !Array.isArray(list)) throw invalid(`${name} is not a list`);
    return listOf(list).map((each, index) => descriptorAt(each, `${name}[${index}]`));
  });
}

function descriptorAt(value: unknown, at: string): Descriptor {
  if (!isObject(value)) throw invalid(`${at} is not a descriptor`);
  const { mediaType, digest, size } = value;
  if (typeof mediaType !== 'string' || mediaType === '') throw invalid(`${at} has no mediaType`);
  if (typeof digest !== 'string' || !readDigest(digest))
    throw invalid(`${at} has the digest ${JSON.stringify(digest)}; expected one by sha256 or sha512`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid(`${at} has the size ${JSON.stringify(size)}`);
  return { mediaType, digest, size };
}

function describedIn({ artifactType, config, annotations }: Json): Manifest['described'] {
  const own = typeof artifactType === 'string' && artifactType !== '' ? artifactType : undefined;
  const type = own ?? (isObject(config) ? (config['mediaType'] as string) : undefined);
  return { ...(type !== undefined && { artifactType: type }), ...(isObject(annotations) && { annotations }) };
}

function invalid(reason: string): DockerError {
  return new DockerError([400, 'MANIFEST_INVALID'], `invalid manifest: ${reason}`);
}
