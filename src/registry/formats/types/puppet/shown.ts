import { compare, prerelease } from 'semver';
import { type Document } from '../../format';
import { type Json, listOf } from '../../json';
import { type RepositoryFile } from '../../repository';
import { type Notes, notesIn } from './archive';
import { type ModuleName, readArchive, FILES, slugOf } from './paths';

/** How many results a page of a list has at most, as at the Forge. */
export const MOST = 100;

/** A release that a repository has. */
export interface Release extends ModuleName, Notes {
  readonly version: string;
  readonly file: RepositoryFile;
}

/** The release that a file is; undefined if it is none. */
export function releaseIn(file: RepositoryFile): Release | undefined {
  const named = file.path.startsWith(FILES) ? readArchive(file.path.slice(FILES.length)) : undefined;
  const notes = named && notesIn(file.metadata);
  return notes && { ...named, ...notes, file };
}

/** Of several releases of modules, the newest first, a pre-release after all others. */
export const newestFirst = (a: Pick<Release, 'version'>, b: Pick<Release, 'version'>): number =>
  Number(prerelease(a.version) !== null) - Number(prerelease(b.version) !== null) || compare(b.version, a.version);

/** A release as the Forge shows it. */
export function shownRelease({ owner, name, version, metadata, md5, file }: Release): Json {
  const slug = `${slugOf({ owner, name })}-${version}`;
  return {
    uri: `/v3/releases/${slug}`,
    slug,
    module: {
      uri: `/v3/modules/${slugOf({ owner, name })}`,
      slug: slugOf({ owner, name }),
      name,
      deprecated_at: null,
      owner: shownUser(owner),
    },
    version,
    metadata,
    tags: listOf(metadata['tags']),
    supported: false,
    pdk: metadata['pdk-version'] !== undefined,
    validation_score: null,
    file_uri: `/${file.path}`,
    file_size: file.size,
    file_md5: md5,
    file_sha256: file.hash,
    downloads: 0,
    readme: null,
    changelog: null,
    license: null,
    created_at: file.created_at,
    updated_at: file.created_at,
    deleted_at: null,
    deleted_for: null,
  };
}

/** A module as the Forge shows it: by its releases, the newest first. */
export function shownModule(releases: readonly [Release, ...Release[]]): Json {
  const [current] = releases;
  const oldest = releases.map(({ file }) => file.created_at).sort()[0];
  const slug = slugOf(current);
  return {
    uri: `/v3/modules/${slug}`,
    slug,
    name: current.name,
    downloads: 0,
    created_at: oldest,
    updated_at: current.file.created_at,
    deprecated_at: null,
    deprecated_for: null,
    superseded_by: null,
    supported: false,
    endorsement: null,
    module_group: 'base',
    owner: shownUser(current.owner),
    current_release: shownRelease(current),
    releases: releases.map((release) => {
      const { uri, slug: own, version, supported, created_at, deleted_at, file_uri, file_size } = shownRelease(release);
      return { uri, slug: own, version, supported, created_at, deleted_at, file_uri, file_size };
    }),
    homepage_url: current.metadata['project_page'] ?? null,
    issues_url: current.metadata['issues_url'] ?? null,
  };
}

/** An author of modules. */
export const shownUser = (owner: string): Json => ({ uri: `/v3/users/${owner}`, slug: owner, username: owner, gravatar_id: null });

/** An answer in JSON. */
export const json = (body: unknown, status = 200): Document => ({
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
  status,
});
