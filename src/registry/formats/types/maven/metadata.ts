import { type RepositoryFile } from '../../repository';
import { childOf, readXml, textIn, xml, type XmlElement } from '../../xml';
import { type ArtifactFile, baseOf, isSnapshot, readPath } from './paths';

const HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A file of an artifact as a repository has it. */
export type StoredArtifact = ArtifactFile & Pick<RepositoryFile, 'path' | 'created_at' | 'size'>;

/** Those of some files that belong to versions. */
export function artifactsAmong(files: readonly Pick<RepositoryFile, 'path' | 'created_at' | 'size'>[]): StoredArtifact[] {
  return files.flatMap(({ path, created_at, size }) => {
    const read = readPath(path);
    return read.kind === 'file' ? [{ ...read, path, created_at, size }] : [];
  });
}

/** The document of an artifact: its versions, the one that was deployed last, and the last release. */
export function artifactMetadata(files: readonly StoredArtifact[]): string {
  const byTime = [...files].sort(byCreation);
  const [first] = files;
  const versions = [...new Set(files.map(({ version }) => version))].sort(byVersion);
  return document([
    xml('groupId', first?.group ?? ''),
    xml('artifactId', first?.artifact ?? ''),
    xml('versioning', [
      xml('latest', byTime.at(-1)?.version ?? ''),
      xml('release', byTime.filter(({ version }) => !isSnapshot(version)).at(-1)?.version ?? ''),
      xml(
        'versions',
        versions.map((version) => xml('version', version)),
      ),
      xml('lastUpdated', stampOf(byTime.at(-1)?.created_at ?? '')),
    ]),
  ]);
}

/** The document of a snapshot: its newest build, and the newest build of each of its files. */
export function snapshotMetadata(files: readonly StoredArtifact[]): string {
  const byBuild = [...files].sort((a, b) => byVersion(buildKey(a), buildKey(b)) || byCreation(a, b));
  const [first] = files;
  const newest = new Map(byBuild.map((file) => [`${file.classifier}\n${file.extension}`, file]));
  const [, timestamp = '', buildNumber = ''] = /-(\d{8}\.\d{6})-(\d+)$/.exec(byBuild.at(-1)?.build ?? '') ?? [];
  return document([
    xml('groupId', first?.group ?? ''),
    xml('artifactId', first?.artifact ?? ''),
    xml('version', first?.version ?? ''),
    xml('versioning', [
      xml('snapshot', [xml('timestamp', timestamp), xml('buildNumber', buildNumber)]),
      xml('lastUpdated', stampOf([...files].sort(byCreation).at(-1)?.created_at ?? '')),
      xml(
        'snapshotVersions',
        [...newest.values()].map(({ classifier, extension, build, created_at }) =>
          xml('snapshotVersion', [
            xml('classifier', classifier),
            xml('extension', extension),
            xml('value', build),
            xml('updated', stampOf(created_at)),
          ]),
        ),
      ),
    ]),
  ]);
}

/** The newest build of a file of a snapshot. */
export function newestBuild(files: readonly StoredArtifact[], wanted: ArtifactFile): StoredArtifact | undefined {
  const alike = files.filter(({ classifier, extension }) => classifier === wanted.classifier && extension === wanted.extension);
  return alike.sort((a, b) => byVersion(buildKey(a), buildKey(b))).at(-1);
}

/** Throws when a document is not one about the folder that it is put in. */
export function checkMetadata(body: Buffer, folder: string): void {
  const metadata = readXml(body, 'metadata', 'a maven-metadata.xml');
  const [group, artifact] = [textIn(metadata, 'groupId'), textIn(metadata, 'artifactId')];
  const about = [...group.split('.'), artifact, textIn(metadata, 'version')].filter((part) => part !== '').join('/');
  // The document of a group names none; that of an artifact may name a version although it is about all.
  if (about !== '' && !`${about}/`.startsWith(folder)) throw new Error(`it is about ${about}, but its folder is ${folder.slice(0, -1)}`);
}

/** Throws when a POM has other coordinates than the path that it is put at. What it leaves to properties or its parent is not looked at. */
export function checkPom(body: Buffer, { group, artifact, version }: ArtifactFile): void {
  const project = readXml(body, 'project', 'a POM');
  const parent = childOf(project, 'parent');
  const said = [
    ['groupId', textIn(project, 'groupId') || textIn(parent, 'groupId'), group],
    ['artifactId', textIn(project, 'artifactId'), artifact],
    ['version', textIn(project, 'version') || textIn(parent, 'version'), version],
  ] as const;
  for (const [name, inside, outside] of said) {
    if (inside !== outside && !inside.includes('${'))
      throw new Error(`its ${name} is ${JSON.stringify(inside)}, but its path says ${JSON.stringify(outside)}`);
  }
}

/**
 * Merges the documents of several repositories about one artifact, snapshot or group: whichever is newest, with the versions of all. Of the
 * plugins of a group the first ones stay: none that comes later takes over the prefix or the artifact of another.
 */
export function mergeMetadata(bodies: readonly Buffer[]): string {
  const all = bodies.map((body) => readXml(body, 'metadata', 'a maven-metadata.xml'));
  const versionings = all.map((each) => childOf(each, 'versioning'));
  const updated = (index: number) => textIn(versionings[index], 'lastUpdated');
  const newest = [...all.keys()].sort((a, b) => updated(b).localeCompare(updated(a)))[0] ?? 0;
  const versions = [...new Set(versionings.flatMap((each) => childOf(each, 'versions')?.children ?? []).map(({ text }) => text))].sort(
    byVersion,
  );
  const root = all[newest] as XmlElement;
  const merged = root.children.map((child) => (child.name === 'versioning' ? withVersions(child, versions) : child));
  const others = merged.filter(({ name }) => name !== 'plugins');
  return document([...others.map(written), xml('plugins', pluginsOf(all).map(written))]);
}

function pluginsOf(documents: readonly XmlElement[]): XmlElement[] {
  const taken = { prefix: new Set<string>(), artifactId: new Set<string>() };
  const all = documents.flatMap((each) => each.children.filter(({ name }) => name === 'plugins').flatMap(({ children }) => children));
  return all.filter((plugin) => {
    const [prefix, artifactId] = [textIn(plugin, 'prefix'), textIn(plugin, 'artifactId')];
    if (taken.prefix.has(prefix) || taken.artifactId.has(artifactId)) return false;
    taken.prefix.add(prefix);
    taken.artifactId.add(artifactId);
    return true;
  });
}

function withVersions(versioning: XmlElement, versions: readonly string[]): XmlElement {
  const children = versions.map((text): XmlElement => ({ name: 'version', text, children: [] }));
  const others = versioning.children.filter(({ name }) => name !== 'versions');
  return { ...versioning, children: [...others, ...(versions.length > 0 ? [{ name: 'versions', text: '', children }] : [])] };
}

function written({ name, text, children }: XmlElement): string {
  return xml(name, children.length > 0 ? children.map(written) : text);
}

function document(content: readonly string[]): string {
  return HEADER + xml('metadata', content);
}

/** A build without time and number is older than those that have them. */
function buildKey({ build, version }: ArtifactFile): string {
  return build.slice(baseOf(version).length).replace('-SNAPSHOT', '');
}

function byCreation(a: StoredArtifact, b: StoredArtifact): number {
  return a.created_at.localeCompare(b.created_at);
}

function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

/** A time as these documents have it: `20260131235959`. */
function stampOf(time: string): string {
  return time.replace(/\D/g, '').slice(0, 14);
}
