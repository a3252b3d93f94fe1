import { type Format, type MemberDocument, type Told } from '../../format';
import { objectOf } from '../../json';
import { namesPage } from '../../web-page';
import { namesVersion } from '../../versions';
import { filesFor, localPage } from './local';
import { readNotes } from './metadata';
import { canonicalPath, fileKey, isFileName, nameOf, readPath } from './names';
import { mergeSimple, representationOf, UPSTREAM_ACCEPT } from './pages';
import { about, answerRoute, covers, does, hasProject, problem } from './routes';
import { checkSimple, findFile, jsonOf } from './simple';
import { checkUpload } from './upload';

const isSimple = (path: string) => ['projects', 'project'].includes(readPath(path).kind);
const accept = () => UPSTREAM_ACCEPT;

/** Python packages. */
export const pypi: Format = {
  packageType: 'pypi',
  classify: (path) => (!isSimple(path) && isOneVersion(path) ? 'immutable' : 'mutable'),
  canonical: canonicalPath,
  redirects: isSimple,
  variant: (path, wish) => (isSimple(path) ? representationOf(wish) : ''),
  mayBePage: (path) => !path.startsWith('pypi/') && namesPage(path),
  check: { covers: isSimple, read: checkSimple },
  told: {
    strict: false,
    by(path) {
      const asked = readPath(path);
      return asked.kind === 'told' ? { path: `simple/${asked.name}/`, accept: UPSTREAM_ACCEPT } : undefined;
    },
    read: toldOf,
  },
  upload: { strict: true, check: checkUpload, alike: (path) => fileKey(nameOf(path)) },
  inspect: { strict: false, covers: () => true, read: readNotes },
  routes: { strict: false, covers, about, does, answer: answerRoute },
  owns: { strict: false, has: hasProject },
  problem,
  localIndex: { strict: true, covers: isSimple, within: filesFor, make: localPage },
  merge: { strict: true, accept, covers: isSimple, make: mergeSimple },
  rewrite: { strict: false, accept, covers: isSimple, make: (request, member) => mergeSimple(request, [member]) },
};

/** A file of a version, its metadata or its signature. */
function isOneVersion(path: string): boolean {
  return isFileName(path.replace(/\.(?:metadata|asc)$/, '')) && namesVersion(path);
}

function toldOf(path: string, member: MemberDocument): Told | undefined {
  const asked = readPath(path);
  const found = asked.kind === 'told' ? findFile(asked.file, member) : undefined;
  if (!found) return undefined;
  const target = new URL(found.file.url);
  target.pathname += found.suffix;
  target.hash = '';
  const json = jsonOf(found.file);
  const metadata = json['core-metadata'] ?? json['dist-info-metadata'];
  const hashes = found.suffix === '' ? json['hashes'] : found.suffix === '.metadata' ? metadata : undefined;
  const { sha256 } = objectOf(hashes);
  return { url: target.href, ...(typeof sha256 === 'string' && { digest: { algorithm: 'sha256', hex: sha256.toLowerCase() } }) };
}
