import { bestOf, type Digest, type Digests, listedDigests } from '../../digests';
import { type Format, type MemberDocument, type Told } from '../../format';
import { objectOf } from '../../json';
import { pathOf } from '../../links';
import { namesPage } from '../../web-page';
import { namesVersion } from '../../versions';
import { filesFor, localPage } from './local';
import { readNotes } from './metadata';
import { canonicalPath, fileKey, isFileName, nameOf, projectsOf, readPath } from './names';
import { mergeSimple, representationOf, UPSTREAM_ACCEPT } from './pages';
import { about, answerRoute, covers, does, hasProject, problem } from './routes';
import { checkSimple, findFile, jsonOf, readProject, type SimpleFile } from './simple';
import { checkUpload } from './upload';

const isSimple = (path: string) => ['projects', 'project'].includes(readPath(path).kind);
/** How many projects are looked at that a file may be of. */
const MOST = 4;
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
  listed: {
    strict: false,
    // The name of an archive can be read in more than one way.
    by: (path) =>
      isOneVersion(path)
        ? projectsOf(path)
            .slice(0, MOST)
            .map((name) => ({ path: `simple/${name}/`, accept: accept() }))
        : [],
    read: digestsIn,
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
  const digest = digestOfFile(found.file, found.suffix);
  return { url: besideFile(found.file, found.suffix), ...(digest && { digest }) };
}

/** The digests of the files that the page of a project lists, and of their metadata. */
function digestsIn(page: MemberDocument): Digests {
  const { files } = readProject(page);
  const all = files.flatMap((file) => ['', '.metadata'].map((suffix) => ({ file, suffix })));
  return listedDigests(all.map(({ file, suffix }) => [pathOf(besideFile(file, suffix), page, pypi), digestOfFile(file, suffix)]));
}

/** The address of a file, or of what belongs to it. */
function besideFile({ url }: SimpleFile, suffix: string): string {
  const target = new URL(url);
  target.pathname += suffix;
  target.hash = '';
  return target.href;
}

function digestOfFile(file: SimpleFile, suffix: string): Digest | undefined {
  const json = jsonOf(file);
  const metadata = json['core-metadata'] ?? json['dist-info-metadata'];
  return bestOf(objectOf(suffix === '' ? json['hashes'] : suffix === '.metadata' ? metadata : undefined));
}
