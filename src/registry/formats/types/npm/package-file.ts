import { Readable } from 'node:stream';
import { setImmediate as breathe } from 'node:timers/promises';
import { compare, maxSatisfying } from 'semver';
import { readWhole } from '../../../store/blobs';
import { tarballPath } from './names';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Json, objectOf, listOf, readObject } from '../../json';

/** What a repository knows of a package, kept as a file of it. Tarballs are named by their paths in the repository. */
export interface Package {
  readonly name: string;
  readonly versions: Readonly<Record<string, Json>>;
  readonly tags: Readonly<Record<string, string>>;
  /** When each version was published, and under `created` and `modified` the package. */
  readonly time: Readonly<Record<string, string>>;
}

/** A package as it is stored now. */
export interface StoredPackage {
  readonly known: Package;
  /** Changes with every change of the package. */
  readonly revision: string;
}

const FOLDER = '.npm/';
/** How many packages are looked at together. */
const BATCH = 500;

/** Whether a path is among those that packages are kept under. */
export function isOwn(path: string): boolean {
  return path.startsWith(FOLDER);
}

/** The revision of a package that a repository has; undefined if it has none of that name. */
export async function revisionOf(repository: LocalRepository, name: string): Promise<string | undefined> {
  return (await repository.find(pathOf(name)))?.hash;
}

/** A package as it was at a revision. */
export async function readRevision(repository: LocalRepository, name: string, revision: string): Promise<StoredPackage> {
  const json = readObject(await readWhole(repository, revision), 'what is stored of an npm package');
  return { known: fromJson(name, json), revision };
}

/** What a repository has of a package. */
export async function readPackage(repository: LocalRepository, name: string): Promise<StoredPackage | undefined> {
  const revision = await revisionOf(repository, name);
  return revision === undefined ? undefined : readRevision(repository, name, revision);
}

/** What becomes of a package. */
export interface PackageChange {
  /** Undefined removes it. */
  readonly next: Package | undefined;
  /** What happens to its tarballs at the same time. */
  readonly files?: (files: FileChanges) => Promise<unknown>;
}

/** Changes a package as it is at that moment: whoever comes second decides anew. Returns its revision. */
export async function changePackage(
  repository: LocalRepository,
  name: string,
  decide: (old: StoredPackage | undefined) => PackageChange,
): Promise<string> {
  for (;;) {
    const old = await readPackage(repository, name);
    const { next, files } = decide(old);
    const blob = next && (await repository.receive(Readable.from([contentOf(next)])));
    const isDone = await repository.change(async (inside) => {
      if ((await inside.find(pathOf(name)))?.hash !== old?.revision) return false;
      if (blob) await inside.put(pathOf(name), { blob, contentType: 'application/json', metadata: JSON.stringify(summaryOf(next)) });
      else await inside.remove(pathOf(name));
      await files?.(inside);
      await noteVersions(inside, old?.known, next);
      return true;
    });
    if (isDone) return blob?.hash ?? '';
  }
}

/** Brings the backend's list of versions to what they are now. */
async function noteVersions(files: FileChanges, old: Package | undefined, next: Package | undefined): Promise<void> {
  const [before, after] = [listed(old), listed(next)];
  for (const [version, { name }] of before) if (!after.has(version)) await files.forgetVersion(name, version);
  for (const [version, { name, tags, description }] of after) {
    if (JSON.stringify(before.get(version)) === JSON.stringify(after.get(version))) continue;
    const path = tarballPath(name, version);
    const size = (await files.find(path))?.size ?? 0;
    await files.noteVersion({ name, version, tags, description, size, path, manifestPath: pathOf(name) });
  }
}

/** What a list says of each version. */
function listed(known: Package | undefined) {
  const tags = Object.entries(known?.tags ?? {});
  return new Map(
    Object.entries(known?.versions ?? {}).map(([version, { description }]) => [
      version,
      {
        name: known?.name ?? '',
        tags: tags.flatMap(([tag, each]) => (each === version ? [tag] : [])),
        description: typeof description === 'string' ? description : '',
      },
    ]),
  );
}

/** What searches look at. */
export interface Summary {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly date: string;
  readonly links: Json;
}

/** What searches look at, of every package of a repository, by name. */
export async function* summaries(repository: LocalRepository): AsyncGenerator<Summary, void> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const files = await repository.list(FOLDER, BATCH, after);
    for (const { metadata } of files) if (metadata !== '') yield JSON.parse(metadata) as Summary;
    after = files.at(-1)?.path;
    await breathe();
  }
}

/** The newest of some versions: a release if there is one. */
export function newest(versions: readonly string[]): string | undefined {
  return maxSatisfying([...versions], '*') ?? [...versions].sort(compare).at(-1);
}

function pathOf(name: string): string {
  return `${FOLDER}${name}/package.json`;
}

function fromJson(name: string, json: Json): Package {
  return {
    name,
    versions: objectOf(json['versions']) as Record<string, Json>,
    tags: objectOf(json['tags']) as Record<string, string>,
    time: objectOf(json['time']) as Record<string, string>,
  };
}

function contentOf({ versions, tags, time }: Package): Buffer {
  return Buffer.from(JSON.stringify({ versions, tags, time }));
}

function summaryOf({ name, versions, tags, time }: Package): Summary {
  const version = tags['latest'] ?? newest(Object.keys(versions)) ?? '';
  const { description, keywords, homepage } = objectOf(versions[version]);
  return {
    name,
    version,
    description: typeof description === 'string' ? description : '',
    keywords: listOf(keywords).filter((word) => typeof word === 'string'),
    date: time[version] ?? '',
    links: typeof homepage === 'string' ? { homepage } : {},
  };
}
