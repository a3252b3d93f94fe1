import { valid } from 'semver';
import { type Format } from '../../format';
import { namesVersion } from '../../versions';
import { digestsIn, indexesOf } from './digests';
import { checkDocument, firstOf, isSums, MODULE_HEADER, rewriteLinks, toldOf } from './links';
import { inspectArchive } from './inspect';
import { checkUpload, isVersion } from './names';
import { readPath } from './paths';
import { json, protocolSetting } from './providers';
import { answerRoute, covers, hasPackage } from './routes';

/** The services of the registry, each followed by the name of a repository. */
const PROVIDERS = '/terraform/v1/providers/';
const MODULES = '/terraform/v1/modules/';

const FILE = /\.(?:zip|tgz|tar\.gz|tar\.bz2|tar\.xz)$|_SHA256SUMS(?:\.[^/]+)?$/;
const isRead = (path: string) => ['provider', 'module', 'mirror', 'versions', 'discovery'].includes(readPath(path).kind);
const hasLinks = (path: string) => isRead(path) && readPath(path).kind !== 'versions';

/** Terraform providers and modules. */
export const terraform: Format = {
  packageType: 'terraform',
  // Addresses of providers are written in lower case, and registries take them in any; versions have a case.
  canonical: (path) =>
    path.replace(
      /^(v1\/providers\/[^/]+\/)([^/]+)/,
      (_all, before: string, last: string) => before.toLowerCase() + (isVersion(last) ? last : last.toLowerCase()),
    ),
  classify: (path) => (isOneVersion(path) ? 'immutable' : 'mutable'),
  headers: [MODULE_HEADER],
  // A signature of other checksums than those beside it is none.
  set: (path) => (isSums(path) ? ['', '.sig'].map((end) => path.replace(/\.sig$/, '') + end) : [path]),
  check: { covers: (path) => isRead(path) || isSums(path), read: checkDocument },
  told: {
    strict: false,
    by(path) {
      const asked = readPath(path);
      return asked.kind === 'told' ? { path: asked.by } : undefined;
    },
    read: toldOf,
  },
  listed: { strict: false, by: indexesOf, read: (document) => digestsIn(document, terraform) },
  rewrite: { strict: false, covers: hasLinks, make: rewriteLinks },
  merge: { strict: false, covers: hasLinks, make: firstOf },
  settings: protocolSetting,
  upload: { strict: true, check: checkUpload },
  inspect: { strict: false, covers: (path) => path.endsWith('.zip') || path.startsWith('modules/'), read: inspectArchive },
  routes: { strict: true, covers, about: (path) => path, answer: answerRoute },
  owns: { strict: false, has: hasPackage },
  bareLinks: (path) => ['provider', 'module', 'mirror'].includes(readPath(path).kind),
  front: {
    strict: true,
    prefixes: { [PROVIDERS]: 'v1/providers/', [MODULES]: 'v1/modules/' },
    documents: (strict) => ({
      '/.well-known/terraform.json': json({ 'providers.v1': PROVIDERS, ...(!strict && { 'modules.v1': MODULES }) }),
    }),
  },
};

/** The answer that tells where a file is may tell another address tomorrow; the file itself is one for ever. */
function isOneVersion(path: string): boolean {
  const asked = readPath(path);
  if (asked.kind === 'told') return asked.by.split('/').some((segment) => valid(segment.replace(/\.json$/, '')) !== null);
  return asked.kind === 'other' && FILE.test(path) && namesVersion(path);
}
