import { createHash } from 'node:crypto';
import { type RepositoryFile } from '../../repository';
import { type Asked, readPath } from '../docker/names';
import { type Chart, plainJson } from './chart';

/** The media types of a chart as an OCI artifact: its manifest, and the parts of it. */
export const MEDIA = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.cncf.helm.config.v1+json',
  chart: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  provenance: 'application/vnd.cncf.helm.chart.provenance.v1.prov',
} as const;

/** What the paths of the protocol begin with in a repository of charts. */
export const FRONT = 'v2/';

/** Where a repository keeps what was pushed with its charts. */
export const IMAGES = '.oci/';

/** What is kept of a chart that was pushed: the very bytes that clients may have signed. */
export const pushed = {
  manifest: ({ name, version }: Pick<Chart, 'name' | 'version'>) => `${IMAGES}${name}/${version}/manifest.json`,
  config: ({ name, version }: Pick<Chart, 'name' | 'version'>) => `${IMAGES}${name}/${version}/config.json`,
};

/** Reads a path of the protocol; undefined for any other. */
export function readImagePath(path: string): Asked | undefined {
  return path.startsWith(FRONT) ? readPath(withinFront(path)) : undefined;
}

/** A path as the protocol has it. */
export function withinFront(path: string): string {
  return path.slice(FRONT.length);
}

/** The tag of a version: no tag has a plus sign. */
export function tagOf(version: string): string {
  return version.replaceAll('+', '_');
}

/** The version that a tag is for. */
export function versionOfTag(tag: string): string {
  return tag.replaceAll('_', '+');
}

/** A document of an image by its digest. */
export interface ImagePart {
  readonly body: Buffer;
  readonly digest: string;
}

/** The manifest and the configuration of a chart that was published in another way than by a push; the same chart has always the same. */
export function imageOf({ facts }: Chart, file: RepositoryFile, provenance: RepositoryFile | undefined) {
  const config = partOf(plainJson(facts));
  const layers = [descriptor(MEDIA.chart, file), ...(provenance ? [descriptor(MEDIA.provenance, provenance)] : [])];
  const described = { mediaType: MEDIA.config, digest: config.digest, size: config.body.length };
  return { config, manifest: partOf({ schemaVersion: 2, mediaType: MEDIA.manifest, config: described, layers }) };
}

function descriptor(mediaType: string, { hash, size }: RepositoryFile) {
  return { mediaType, digest: `sha256:${hash}`, size };
}

function partOf(json: unknown): ImagePart {
  const body = Buffer.from(JSON.stringify(json));
  return { body, digest: `sha256:${createHash('sha256').update(body).digest('hex')}` };
}
