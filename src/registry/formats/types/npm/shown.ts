import { encodePath } from '../../links';
import { type Json, objectOf } from '../../json';
import { ABBREVIATED } from './packument';
import { type Package, type StoredPackage } from './package-file';
import { type Document } from '../../format';

/** What an installation needs of a version. */
const NEEDED = [
  ...[
    'name',
    'version',
    'deprecated',
    'dependencies',
    'optionalDependencies',
    'devDependencies',
    'bundleDependencies',
    'bundledDependencies',
  ],
  ...['peerDependencies', 'peerDependenciesMeta', 'acceptDependencies', 'bin', 'directories', 'engines', 'os', 'cpu', 'libc', 'funding'],
  ...['dist', '_hasShrinkwrap', 'hasInstallScript'],
];

/** The document of a package, whole or abbreviated, as clients of a repository at a URL get it. */
export function packageDocument(
  { known, revision }: StoredPackage,
  { url, isAbbreviated }: { url: string; isAbbreviated: boolean },
): Document {
  const { name, tags, time } = known;
  const shown = (manifest: Json) => versionJson(isAbbreviated ? abbreviated(manifest) : manifest, url);
  const versions = Object.fromEntries(Object.entries(known.versions).map(([version, manifest]) => [version, shown(manifest)]));
  const about = { name, 'dist-tags': tags, versions };
  const json = isAbbreviated
    ? { ...about, modified: time['modified'] }
    : { _id: name, _rev: revision, ...about, time, ...newestFacts(known) };
  return answer(json, isAbbreviated ? ABBREVIATED : 'application/json');
}

/** The document of a version, or of what a tag stands for; undefined when there is neither. */
export function versionDocument({ known }: StoredPackage, wanted: string, url: string): Document | undefined {
  const version = Object.hasOwn(known.tags, wanted) ? known.tags[wanted] : wanted;
  if (version === undefined || !Object.hasOwn(known.versions, version)) return undefined;
  return answer(versionJson(objectOf(known.versions[version]), url));
}

/** A JSON answer. */
export function answer(json: unknown, contentType = 'application/json', status = 200): Document {
  return { contentType, status, headers: { vary: 'accept' }, body: JSON.stringify(json) };
}

function versionJson(manifest: Json, url: string): Json {
  const dist = objectOf(manifest['dist']);
  return { ...manifest, dist: { ...dist, tarball: url + encodePath(String(dist['tarball'])).replaceAll('%40', '@') } };
}

function abbreviated(manifest: Json): Json {
  const scripts = objectOf(manifest['scripts']);
  const hasInstallScript = ['preinstall', 'install', 'postinstall'].some((name) => scripts[name] !== undefined);
  const needed = NEEDED.filter((key) => manifest[key] !== undefined).map((key) => [key, manifest[key]]);
  return { ...Object.fromEntries(needed), ...(hasInstallScript && { hasInstallScript }) };
}

/** What is said of a package as a whole is what its newest version says. */
function newestFacts({ versions, tags }: Package): Json {
  const manifest = objectOf(versions[tags['latest'] ?? '']);
  const facts = ['description', 'keywords', 'homepage', 'bugs', 'repository', 'author', 'license', 'maintainers', 'readme'];
  return Object.fromEntries(facts.filter((key) => manifest[key] !== undefined).map((key) => [key, manifest[key]]));
}
