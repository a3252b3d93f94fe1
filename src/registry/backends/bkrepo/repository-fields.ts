import * as z from 'zod';
import { textOrNull } from './body';
import { type Stored } from '../../store/documents';
import { checkPattern, invalid } from './parameter-checks';
import { configuration } from './configuration';
import { type Configuration, type Repository } from './model';

const NAME = /^[a-zA-Z_][a-zA-Z0-9.\-_]{1,63}$/;
const LONGEST_DESCRIPTION = 200;

/** The types that repositories can have. */
export const REPOSITORY_TYPES = (
  'NONE GENERIC DOCKER MAVEN PYPI NPM HELM RDS COMPOSER RPM NUGET GIT OCI CONAN LFS DDC SVN S3 MEDIA OHPM CARGO HUGGINGFACE ' +
  'DRIVE SKILL'
).split(' ');

/** The body that makes a repository. */
export const createRepositoryBody = z.object({
  projectId: z.string(),
  name: z.string(),
  type: z.enum(REPOSITORY_TYPES),
  category: z.enum(['LOCAL', 'REMOTE', 'VIRTUAL', 'COMPOSITE', 'PROXY']).default('COMPOSITE'),
  public: z.boolean().default(false),
  description: textOrNull,
  configuration: configuration.nullish(),
  storageCredentialsKey: textOrNull,
  quota: z
    .int()
    .nullish()
    .transform((value) => value ?? null),
  display: z.boolean().default(true),
  displayName: textOrNull,
  visibility: z.enum(['PROJECT', 'PERSONAL', 'SYSTEM']).default('PROJECT'),
  owner: textOrNull,
  pluginRequest: z.boolean().default(false),
});

/** The body that changes a repository; a quota in it changes nothing. */
export const updateRepositoryBody = z.object({
  public: z.boolean().nullish(),
  description: z.string().nullish(),
  displayName: z.string().nullish(),
  display: z.boolean().default(true),
  quota: z.int().nullish(),
  configuration: configuration.nullish(),
});

/** Refuses a name that no repository may have. */
export function checkRepositoryName(name: string): void {
  checkPattern('name', name, NAME);
}

/** Refuses a description that is too long. */
export function checkDescription(description: string | null | undefined): void {
  if ((description ?? '').length > LONGEST_DESCRIPTION) throw invalid('description');
}

/** A repository as returned by reads, secrets included. */
export function repositoryInfo(
  { oid, deleted: _deleted, ...repository }: Stored<Repository>,
  root: string | undefined,
): Record<string, unknown> {
  return { id: oid, ...repository, configuration: shownConfiguration(repository, root) };
}

/** A repository as returned by its creation. */
export function repositoryDetail(stored: Stored<Repository>, root: string | undefined): Record<string, unknown> {
  const { id: _id, display: _display, storageCredentialsKey: _key, ...rest } = repositoryInfo(stored, root);
  return { ...rest, storageCredentials: null, oldCredentialsKey: null };
}

/** The keys that the server itself adds to the settings of some types. */
const ADDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  HELM: { metaDataRefreshStatus: true },
  RPM: { groupXmlSet: [] },
};

function shownConfiguration(repository: Omit<Repository, 'deleted'>, root: string | undefined): Configuration {
  const { type, configuration: stored } = repository;
  const settings = { ...ADDED[type], ...stored.settings };
  const url = mirrorUrl(repository, root);
  if (url === undefined) return { ...stored, settings };
  return { ...stored, ...(repository.category === 'PROXY' && { url }), settings: { ...settings, clientUrl: url } };
}

/** Where clients reach a repository that mirrors one of Git or Subversion, or the large files of one. */
function mirrorUrl({ type, category, projectId, name }: Omit<Repository, 'deleted'>, root: string | undefined): string | undefined {
  const path = `/${projectId}/${name}`;
  if (category === 'REMOTE' && type === 'LFS') return `${root ?? ''}/lfs${path}/`;
  if (category !== 'PROXY') return undefined;
  if (type === 'GIT') return `${root === undefined ? '' : `${root}/git`}${path}.git`;
  return type === 'SVN' && root !== undefined ? `${root}/svn${path}` : undefined;
}
