import { createHash } from 'node:crypto';
import { matchesAny } from '../../../proxy/patterns';
import { upstreamPath } from '../../../proxy/canonical';
import { type Document, type Format, type IndexRequest, type MemberDocument, type UpstreamDocument } from '../../format';
import { encodePath } from '../../links';
import { readObject } from '../../json';
import { json, problem } from './answers';
import { readDigest, readPath } from './names';
import { about, answerRoute, covers, does, ownsImage } from './routes';

const VERSION = json({}, { headers: { 'docker-distribution-api-version': 'registry/2.0' } });
const DIGEST_HEADER = 'docker-content-digest';
const isList = (path: string) => ['tags', 'referrers'].includes(readPath(path)?.kind ?? '');

/** Container images: blobs and digests never change, tags do, and some tags can be banned. */
export const docker: Format = {
  packageType: 'docker',
  classify: (path) => (/(?:^|\/)(?:blobs\/|manifests\/sha(?:256|512):)/.test(path) ? 'immutable' : 'mutable'),
  // An image has one name however it is asked for, and access lists name images.
  canonical: (path) => path.replace(/^v2\//, ''),
  encode: (path) => `v2/${upstreamPath(path, {})}`,
  variant: (path, accept) => (tagOf(path) === undefined ? '' : accept),
  mayBePage: () => false,
  digest(path) {
    const asked = readPath(path);
    return asked?.kind === 'blob' ? readDigest(asked.reference) : undefined;
  },
  headers: [DIGEST_HEADER, 'oci-filters-applied'],
  problem,
  front: { strict: true, prefixes: { '/v2/': 'v2/' }, login: '/v2/auth', documents: () => ({ '/v2/': VERSION }) },
  check: { covers: (path) => isList(path) || readPath(path)?.kind === 'manifest', read: checkDocument },
  deny(path, remote) {
    const tag = tagOf(path);
    if (!remote.ban_tags_enabled || tag === undefined || !matchesAny(remote.ban_tags, tag)) return undefined;
    return `tag ${JSON.stringify(tag)} is banned on remote ${JSON.stringify(remote.name)}`;
  },
  upload: { strict: false, check: checkUpload },
  routes: { strict: true, covers, about, does, answer: answerRoute },
  owns: { strict: false, has: ownsImage },
  rewrite: { strict: false, covers: isList, make: rewriteList },
};

function tagOf(path: string): string | undefined {
  const asked = readPath(path);
  return asked?.kind === 'manifest' && !asked.reference.includes(':') ? asked.reference : undefined;
}

function checkUpload(path: string) {
  const isKept = /(?:^|\/)(?:manifests|blobs|tags|referrers)\//.test(path);
  return isKept ? { reason: `${path} is reserved for images; push them with a client such as docker or podman` } : { path };
}

/** A manifest is a JSON object; one requested by digest, or announced under one, must match it. */
function checkDocument({ path, body, header }: UpstreamDocument): void {
  const asked = readPath(path);
  readObject(body, asked?.kind === 'manifest' ? 'a manifest' : `a list of ${asked?.kind}`);
  if (asked?.kind !== 'manifest') return;
  for (const digest of [readDigest(asked.reference), readDigest(header(DIGEST_HEADER))]) {
    if (digest && createHash(digest.algorithm).update(body).digest('hex') !== digest.hex)
      throw new Error(`not the manifest of its ${digest.algorithm}`);
  }
}

/** The upstream tells where the next page is at the upstream. */
function rewriteList({ self }: IndexRequest, { path, body, contentType, header }: MemberDocument): Document {
  const [, query] = /^\s*<[^>?]*\?([^>]*)>\s*;\s*rel="?next"?/i.exec(header('link')) ?? [];
  const next = `${self.url}${encodePath(path)}`.replaceAll('%3A', ':');
  const filters = header('oci-filters-applied');
  return {
    contentType,
    body,
    headers: {
      ...(query !== undefined && { link: `<${next}?${new URLSearchParams(query).toString()}>; rel="next"` }),
      ...(filters !== '' && { 'oci-filters-applied': filters }),
    },
  };
}
