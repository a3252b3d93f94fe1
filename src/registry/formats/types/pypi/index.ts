import { type Document, type Format, type IndexRequest, type MemberDocument, type Told, type UploadCheck } from '../../format';
import { objectOf } from '../../json';
import { encodePath } from '../../links';
import { namesPage } from '../../page';
import { type RepositoryFile } from '../../repository';
import { namesVersion } from '../../versions';
import { canonicalPath, isFileName, normalizeName, readPath } from './names';
import { mergeSimple, projectPage, projectsPage, representationOf, UPSTREAM_ACCEPT } from './pages';
import { checkSimple, findFile, jsonOf, type SimpleFile } from './simple';

const WHEEL = /^([A-Za-z0-9](?:[A-Za-z0-9._]*[A-Za-z0-9])?)-[^-]+(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/;
const SDIST = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)-(\d[^-]*)\.(?:tar\.gz|zip)$/;
const isSimple = (path: string) => ['projects', 'project'].includes(readPath(path).kind);
const accept = () => UPSTREAM_ACCEPT;

/** Python packages. */
export const pypi: Format = {
  packageType: 'pypi',
  classify: (path) => (!isSimple(path) && isOneVersion(path) ? 'immutable' : 'mutable'),
  canonical: canonicalPath,
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
  upload: { strict: true, check: checkUpload },
  localIndex: { strict: true, covers: isSimple, make: localPage },
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

function checkUpload(path: string): UploadCheck {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const name = WHEEL.exec(file)?.[1] ?? SDIST.exec(file)?.[1];
  if (name === undefined) return { reason: `expected a .whl, .tar.gz or .zip with a valid distribution name, got ${file}` };
  return { path: `${normalizeName(name)}/${file}`, contentType: 'application/octet-stream' };
}

function localPage({ path, self, accept: wish, strict }: IndexRequest, files: readonly RepositoryFile[]): Document | undefined {
  const type = representationOf(strict ? '' : wish);
  const asked = readPath(path);
  if (asked.kind !== 'project') {
    const names = new Set(files.map((file) => file.path.split('/')[0] ?? ''));
    return projectsPage(type, [...names], `${self.url}simple/`);
  }
  const name = normalizeName(asked.name);
  const own = files.filter((file) => file.path.startsWith(`${name}/`)).map((file) => simpleFile(file, self.url));
  if (own.length === 0) return undefined;
  return projectPage(type, { path, name, files: own, projects: [] });
}

function simpleFile({ path, hash, size, created_at }: RepositoryFile, root: string): SimpleFile {
  const name = path.slice(path.indexOf('/') + 1);
  const url = root + encodePath(path);
  return { name, url, from: { json: { filename: name, url, hashes: { sha256: hash }, size, 'upload-time': created_at } } };
}
