import { valid } from 'semver';
import { type Format } from '../../format';
import { namesVersion } from '../../versions';
import { checkDocument, isSums, MODULE_HEADER, rewriteLinks, toldOf } from './links';
import { readPath } from './paths';

const PROVIDER_ZIP = /^([^/]+)\/([^/]+)\/terraform-provider-([^/_]+)_([^/_]+)_([^/_]+)_([^/_]+)\.zip$/;
const FILE = /\.(?:zip|tgz|tar\.gz|tar\.bz2|tar\.xz)$|_SHA256SUMS(?:\.[^/]+)?$/;
const isRead = (path: string) => ['provider', 'module', 'mirror', 'versions', 'discovery'].includes(readPath(path).kind);
const hasLinks = (path: string) => isRead(path) && readPath(path).kind !== 'versions';

/** Terraform providers and modules. */
export const terraform: Format = {
  packageType: 'terraform',
  // Addresses of providers are written in lower case, and registries take them in any.
  canonical: (path) => path.replace(/^v1\/providers\/[^/]+\/[^/]+/, (address) => address.toLowerCase()),
  classify: (path) => (isOneVersion(path) ? 'immutable' : 'mutable'),
  headers: [MODULE_HEADER],
  check: { covers: (path) => isRead(path) || isSums(path), read: checkDocument },
  told: {
    strict: false,
    by(path) {
      const asked = readPath(path);
      return asked.kind === 'told' ? { path: asked.by } : undefined;
    },
    read: toldOf,
  },
  rewrite: { strict: false, covers: hasLinks, make: rewriteLinks },
  upload: {
    strict: true,
    check(path) {
      const [, , folderType, fileType] = PROVIDER_ZIP.exec(path) ?? [];
      if (fileType !== undefined && folderType === fileType) return { path, contentType: 'application/zip' };
      return { reason: `expected {namespace}/{type}/terraform-provider-{type}_{version}_{os}_{arch}.zip, got ${path}` };
    },
  },
};

/** The answer that tells where a file is may tell another address tomorrow; the file itself is one for ever. */
function isOneVersion(path: string): boolean {
  const asked = readPath(path);
  if (asked.kind === 'told') return asked.by.split('/').some((segment) => valid(segment.replace(/\.json$/, '')) !== null);
  return asked.kind === 'other' && FILE.test(path) && namesVersion(path);
}
