import { createHash } from 'node:crypto';
import { matchesAny } from '../../proxy/patterns';
import { type Document, type Format, type UpstreamDocument } from '../format';
import { readObject } from '../json';

const TAG_MANIFEST = /(?:^|\/)manifests\/([^/:]+)$/;
const MANIFEST = /(?:^|\/)manifests\/(?:(sha256|sha512):([0-9a-f]+)|[^/:]+)$/;
const BLOB = /(?:^|\/)blobs\/(sha256|sha512):([0-9a-f]+)$/;
const TAGS = /(?:^|\/)tags\/list$/;

/** The codes of the distribution specification for errors, by status. */
const CODES: Readonly<Record<number, string>> = { 401: 'UNAUTHORIZED', 403: 'DENIED', 404: 'NAME_UNKNOWN', 429: 'TOOMANYREQUESTS' };
const VERSION: Document = {
  contentType: 'application/json',
  headers: { 'docker-distribution-api-version': 'registry/2.0' },
  body: '{}',
};

/** Container images: blobs and digests never change, tags do, and some tags can be banned. */
export const docker: Format = {
  packageType: 'docker',
  classify: (path) => (/(?:^|\/)(?:blobs\/|manifests\/sha(?:256|512):)/.test(path) ? 'immutable' : 'mutable'),
  variant: (path, accept) => (TAG_MANIFEST.test(path) ? accept : ''),
  mayBePage: () => false,
  digest(path) {
    const [, algorithm, hex = ''] = BLOB.exec(path) ?? [];
    return algorithm === 'sha256' || algorithm === 'sha512' ? { algorithm, hex } : undefined;
  },
  problem: ({ status, message }) => ({
    contentType: 'application/json',
    body: JSON.stringify({ errors: [{ code: CODES[status] ?? 'UNSUPPORTED', message }] }),
  }),
  front: { strict: true, prefixes: { '/v2/': 'v2/' }, documents: () => ({ '/v2/': VERSION }) },
  check: { covers: (path) => MANIFEST.test(path) || TAGS.test(path), read: checkDocument },
  deny(path, remote) {
    const tag = TAG_MANIFEST.exec(path)?.[1];
    if (!remote.ban_tags_enabled || tag === undefined || !matchesAny(remote.ban_tags, tag)) return undefined;
    return `tag ${JSON.stringify(tag)} is banned on remote ${JSON.stringify(remote.name)}`;
  },
};

/** A manifest is a JSON object; one requested by digest must match it. */
function checkDocument({ path, body }: UpstreamDocument): void {
  readObject(body, TAGS.test(path) ? 'a list of tags' : 'a manifest');
  const [, algorithm, hex] = MANIFEST.exec(path) ?? [];
  if (algorithm !== undefined && createHash(algorithm).update(body).digest('hex') !== hex)
    throw new Error(`not the manifest of its ${algorithm}`);
}
