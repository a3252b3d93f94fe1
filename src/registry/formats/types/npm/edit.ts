import { HttpError } from '../../../errors';
import { type FileChanges, type LocalRepository } from '../../repository';
import { type Json, objectOf } from '../../json';
import { checkedTag, checkedVersion, tarballFolder, tarballPath } from './names';
import { changePackage, newest, type Package, type StoredPackage } from './package-file';

/** Takes from a whole document which versions are deprecated, as `npm deprecate` sends it; everything else stays. */
export function deprecate(repository: LocalRepository, name: string, document: Json): Promise<string> {
  const told = objectOf(document['versions']);
  return changePackage(repository, name, (old) => {
    const { known } = existing(old, name);
    const unknown = Object.keys(told).find((version) => !Object.hasOwn(known.versions, version));
    if (unknown !== undefined) throw new HttpError(400, `${name}@${unknown} is not published, and this document contains no tarball of it`);
    const versions = mapped(known.versions, (manifest, version) => {
      const { deprecated } = objectOf(told[version]);
      if (!Object.hasOwn(told, version)) return manifest;
      const { deprecated: _before, ...rest } = manifest;
      return typeof deprecated === 'string' && deprecated !== '' ? { ...rest, deprecated } : rest;
    });
    return { next: touched({ ...known, versions }) };
  });
}

/** Takes from a whole document which versions are left and what the tags are, as `npm unpublish` sends it. */
export function keepVersions(repository: LocalRepository, name: string, at: { document: Json; revision: string }): Promise<string> {
  const kept = objectOf(at.document['versions']);
  const told = objectOf(at.document['dist-tags']);
  return changePackage(repository, name, (old) => {
    const { known } = atRevision(old, name, at.revision);
    const gone = Object.keys(known.versions).filter((version) => !Object.hasOwn(kept, version));
    const left = mapped(known.versions, (manifest, version) => (gone.includes(version) ? undefined : manifest));
    const tags = mapped(known.tags, (version, tag) => {
      const wanted = told[tag] ?? version;
      return typeof wanted === 'string' && Object.hasOwn(left, wanted) ? wanted : undefined;
    });
    const latest = tags['latest'] ?? newest(Object.keys(left));
    const time = mapped(known.time, (moment, version) => (gone.includes(version) ? undefined : moment));
    const next = latest === undefined ? undefined : touched({ ...known, versions: left, tags: { ...tags, latest }, time });
    return {
      next,
      files: (files) =>
        removeAll(
          files,
          gone.map((version) => tarballPath(name, version)),
        ),
    };
  });
}

/** Removes a package with all its versions. */
export async function removePackage(repository: LocalRepository, name: string, revision: string): Promise<void> {
  await changePackage(repository, name, (old) => {
    const { known } = atRevision(old, name, revision);
    const paths = Object.keys(known.versions).map((version) => tarballPath(name, version));
    return { next: undefined, files: (files) => removeAll(files, paths) };
  });
}

/** Removes a tarball that no version refers to any more, if it exists. */
export async function removeTarball(repository: LocalRepository, name: string, file: string): Promise<void> {
  const path = tarballFolder(name) + file.slice(file.lastIndexOf('/') + 1);
  await changePackage(repository, name, (old) => {
    const isKept = Object.keys(old?.known.versions ?? {}).some((version) => tarballPath(name, version) === path);
    if (isKept) throw new HttpError(409, `${path} belongs to a published version of ${name}; unpublish the version first`);
    return { next: old?.known, files: (files) => files.remove(path) };
  });
}

/** Gives a tag to a version. */
export function setTag(repository: LocalRepository, name: string, { tag, version }: { tag: string; version: unknown }): Promise<string> {
  const [named, wanted] = [checkedTag(tag), checkedVersion(version)];
  return changePackage(repository, name, (old) => {
    const { known } = existing(old, name);
    if (!Object.hasOwn(known.versions, wanted)) throw new HttpError(404, `${name}@${wanted} is not published`);
    return { next: touched({ ...known, tags: { ...known.tags, ...Object.fromEntries([[named, wanted]]) } }) };
  });
}

/** Removes a tag. */
export function removeTag(repository: LocalRepository, name: string, tag: string): Promise<string> {
  return changePackage(repository, name, (old) => {
    const { known } = existing(old, name);
    if (tag === 'latest') throw new HttpError(400, 'the tag "latest" cannot be removed; move it to another version');
    if (!Object.hasOwn(known.tags, tag)) throw new HttpError(404, `${name} has no tag ${JSON.stringify(tag)}`);
    return { next: touched({ ...known, tags: mapped(known.tags, (version, each) => (each === tag ? undefined : version)) }) };
  });
}

function existing(old: StoredPackage | undefined, name: string): StoredPackage {
  if (!old) throw new HttpError(404, `package ${JSON.stringify(name)} not found`);
  return old;
}

/** What a client decided about an older state of a package could undo what others have done since. */
function atRevision(old: StoredPackage | undefined, name: string, revision: string): StoredPackage {
  const found = existing(old, name);
  if (found.revision !== revision) throw new HttpError(409, `package ${JSON.stringify(name)} has changed in the meantime; try again`);
  return found;
}

function touched(changed: Package): Package {
  return { ...changed, time: { ...changed.time, modified: new Date().toISOString() } };
}

async function removeAll(files: FileChanges, paths: readonly string[]): Promise<void> {
  for (const path of paths) await files.remove(path);
}

/** Changes the values of a record; those that become undefined are left out. */
function mapped<T>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => T | undefined): Record<string, T> {
  const entries = Object.entries(record).map(([key, value]) => [key, change(value, key)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => entry[1] !== undefined));
}
