import { matchesAny } from '../proxy/patterns';
import { type Format } from './format';

const TAG_MANIFEST = /(?:^|\/)manifests\/([^/:]+)$/;

/** Container images: blobs and digests never change, tags do, and some tags can be banned. */
export const docker: Format = {
  packageType: 'docker',
  classify: (path) => (/(?:^|\/)(?:blobs\/|manifests\/sha256:)/.test(path) ? 'immutable' : 'mutable'),
  variant: (path, accept) => (TAG_MANIFEST.test(path) ? accept : ''),
  deny(path, remote) {
    const tag = TAG_MANIFEST.exec(path)?.[1];
    if (!remote.ban_tags_enabled || tag === undefined || !matchesAny(remote.ban_tags, tag)) return undefined;
    return `tag ${JSON.stringify(tag)} is banned on remote ${JSON.stringify(remote.name)}`;
  },
};
