import { snakeCase } from '../../common/names';
import {
  type ApiClient,
  ApiError,
  attr,
  AttributeError,
  type Config,
  defineResource,
  type Diagnostic,
  distinct,
  error,
  type JsonObject,
  type KeyOf,
  known,
  knownItems,
  type PlanCheckCall,
  textOf,
  textsOf,
  type UpdateCall,
  type Values,
  warning,
  z,
} from '../../schema/define';
import { forbiddenIsNothing } from './after-create';
import { call, callerOf, getList, path, query } from './calls';
import { listedProjects } from './project';
import { everything, projectAdministrator, serverAdministrator } from './rights';
import { inProject, ofRepository, ofUser, projectId, repositoryName, segment, userId } from './names';

const base = '/auth/api/permission';

const prefixes = z.array(z.string().regex(/^\//, { error: 'does not start with "/"; patterns are path prefixes' })).default([]);

const attributes = {
  project: attr(projectId, 'The project of the permission.', { api: 'projectId', forceNew: true, ...inProject }),
  resourceType: attr(
    z.enum(['PROJECT', 'REPO', 'NODE']),
    'Scope of the permission. NODE grants access to files below paths, in repositories with a `bkrepo_repository_access_mode` other than DEFAULT. REPO makes repositories visible, and in the mode STRICT grants access to the files of those that are not GENERIC. The server stores PROJECT, but it has no effect in the local realm.',
    { forceNew: true },
  ),
  name: attr(segment, 'Name of the permission, unique in the project for its resource type.', { api: 'permName', forceNew: true }),
  repositories: attr(
    distinct(repositoryName).default([]),
    'Names of the repositories (REPO, NODE). Only administrators of the server can change them; other users have to replace the permission.',
    { api: 'repos', impact: 'grants', ...ofRepository },
  ),
  includePattern: attr(
    prefixes,
    'Path prefixes that the permission applies to (NODE). They are compared as strings: `/rel` also matches `/release`.',
    { impact: 'grants' },
  ),
  excludePattern: attr(
    prefixes,
    'Path prefixes (NODE) on which, in the access mode DIR_CTRL, the users and roles lose those of the `actions`, other than READ and DOWNLOAD, that they would have as viewers of the project. It does not restrict `include_pattern`, and STRICT ignores it.',
    { forceNew: true, impact: 'denies' },
  ),
  users: attr(z.set(userId).default(new Set()), 'Ids of users.', { impact: 'grants', ...ofUser }),
  roles: attr(z.set(z.string().min(1)).default(new Set()), 'Ids of roles (`id` of a `bkrepo_role`).', {
    refersTo: { type: 'bkrepo_role', attribute: 'id' },
    impact: 'grants',
  }),
  actions: attr(
    z.set(z.enum(['MANAGE', 'WRITE', 'READ', 'DOWNLOAD', 'VIEW', 'UPDATE', 'DELETE'])),
    'Allowed actions: MANAGE (everything), READ (see that it exists), DOWNLOAD, WRITE (upload and overwrite), UPDATE, DELETE, VIEW. The server cannot change them.',
    { forceNew: true, impact: 'grants' },
  ),
  id: attr(z.string(), 'Id assigned by the server.', { computed: true }),
};

type Permission = Values<typeof attributes>;
type Key = KeyOf<typeof attributes, 'project' | 'resourceType' | 'name'>;
type Hints = Partial<Permission> | undefined;

/** The permissions that the server lists together. */
export async function listPermissions(
  client: ApiClient,
  { project, resourceType }: Pick<Key, 'project' | 'resourceType'>,
  repoName?: string,
): Promise<readonly JsonObject[]> {
  const entries = await getList(client, `${base}/list${query({ projectId: project, repoName, resourceType })}`);
  return entries.filter((entry) => (entry.resourceType ?? resourceType) === resourceType);
}

/** Every list of permissions: those of a project, and two of each repository. */
async function allPermissions({ client }: { readonly client: ApiClient }): Promise<Partial<Permission>[]> {
  const projects = (await listedProjects(client, {})).flatMap(({ name }) => textOf(name) ?? []);
  const scopes = projects.map(async (project) => [
    { project, resourceType: 'PROJECT' as const },
    ...(await repositoryNames(client, project)).flatMap((repository) =>
      (['REPO', 'NODE'] as const).map((resourceType) => ({ project, resourceType, repositories: [repository] })),
    ),
  ]);
  return (await Promise.all(scopes)).flat();
}

/** Names of the repositories of a project. Lists hide some; the one that says what a user may see has all of them for who manages the project. */
async function repositoryNames(client: ApiClient, project: string): Promise<readonly string[]> {
  const listed = (await getList(client, path('/repository/api/repo/list', project))).map(({ name }) => textOf(name) ?? '');
  const caller = callerOf(client);
  if (caller === undefined) return listed;
  const at = `${base}/repo/list${query({ projectId: project, userId: caller })}`;
  const allowed = await call(client, { method: 'GET', path: at }).catch(forbiddenIsNothing);
  return [...new Set([...listed, ...textsOf(allowed)])];
}

/** A permission. The server lists it under each of its repositories; where it is not known for which it is now, each of the project is asked. */
async function read(client: ApiClient, key: Key, hints: Hints): Promise<JsonObject | undefined> {
  const ofProject = key.resourceType === 'PROJECT';
  const [first, ...others] = hints?.repositories ?? [];
  const look = async (repository: string | undefined): Promise<JsonObject | undefined> =>
    (await listPermissions(client, key, repository)).find((entry) => entry.permName === key.name);
  const found = ofProject || first !== undefined ? await look(first) : undefined;
  if (found || ofProject) return found;
  const known = await repositoryNames(client, key.project);
  // To those who do not manage the project, lists show no repositories; that of its own permissions says why.
  if (first === undefined && known.length === 0) await listPermissions(client, { project: key.project, resourceType: 'PROJECT' });
  const places = new Set([...others, ...known].filter((repository) => repository !== first));
  for (const repository of places) {
    const there = await look(repository);
    if (there) return there;
  }
  return undefined;
}

/** What was created but could not be read back has no id in state. */
const idOf = async (client: ApiClient, key: Key, values: Permission): Promise<string> =>
  values.id || (textOf((await read(client, key, values))?.id) ?? '');

function onlyAdministrators(thrown: unknown): never {
  if (!(thrown instanceof ApiError) || thrown.code !== 'forbidden') throw thrown;
  throw new AttributeError(
    `only administrators of the server can change the repositories of a permission, and the provider's user is not one; nothing was changed. Either replace the permission (terraform apply -replace), or change who logs in. ${serverAdministrator.grant}`,
    'repositories',
  );
}

async function update({ client, key, body, values, prior }: UpdateCall<typeof attributes, keyof Key>): Promise<void> {
  const permissionId = await idOf(client, key, values);
  const { repos, includePattern, users, roles, permName } = body;
  const put = (at: string, fields: JsonObject): Promise<unknown> =>
    call(client, { method: 'PUT', path: `${base}/${at}`, body: { permissionId, ...fields } });
  // First the part that a project manager may not change, so that a refusal leaves nothing half done.
  if (values.repositories.join() !== prior?.repositories.join()) await put('repo', { repos }).catch(onlyAdministrators);
  await put('update/config', {
    projectId: key.project,
    name: permName,
    path: includePattern ?? [],
    users: users ?? [],
    roles: roles ?? [],
  });
}

/** The attributes that have no meaning for what a permission is for. */
const meaningless = {
  PROJECT: ['repositories', 'includePattern', 'excludePattern'],
  REPO: ['includePattern', 'excludePattern'],
  NODE: [],
} as const;

function fits(config: Config<typeof attributes>): Diagnostic[] {
  const type = known(config.resourceType);
  const given = (name: 'repositories' | 'includePattern' | 'excludePattern'): boolean => {
    const list = config[name];
    return list !== undefined && !(Array.isArray(list) && list.length === 0);
  };
  if (type === undefined) return [];
  const missing = (name: string, attribute: string, what: string): Diagnostic[] => [
    error('Missing Attribute', `"${name}" is not set; a permission on ${what}.`, [attribute]),
  ];
  if (type !== 'PROJECT' && !given('repositories')) return missing('repositories', 'repositories', `${type} must list at least one`);
  if (type === 'NODE' && !given('includePattern') && !given('excludePattern'))
    return missing('include_pattern', 'includePattern', 'paths must list at least one, or ["/"] for the whole repository');
  return meaningless[type]
    .filter(given)
    .map((name) => error('Invalid Attribute Value', `"${snakeCase(name)}" does not apply to a permission on ${type}; remove it.`, [name]));
}

/** What the server does with `exclude_pattern` is less than its name says. */
function excludesLittle({ planned }: PlanCheckCall<typeof attributes>): Diagnostic[] {
  const excluded = knownItems(planned.excludePattern).map(([, pattern]) => pattern);
  if (excluded.length === 0) return [];
  const within = excluded.find((pattern) => knownItems(planned.includePattern).some(([, prefix]) => pattern.startsWith(prefix)));
  const example = within === undefined ? '' : `; "${within}" remains granted`;
  const detail = `"exclude_pattern" does not restrict what include_pattern grants${example}. The access mode STRICT ignores it; DIR_CTRL revokes from this permission's users and roles those of its actions, other than READ and DOWNLOAD, that they would have as viewers of the project. To grant less, list narrower paths in include_pattern.`;
  return [warning('Exclusion Without Effect', detail, ['excludePattern'])];
}

export const permission = defineResource({
  type: 'bkrepo_permission',
  description: 'What users and roles may do in a project, in repositories, or on paths in them.',
  apiCase: 'camel',
  attributes,
  key: ['project', 'resourceType', 'name'],
  uidFields: ['id'],
  needs: {
    ...everything(projectAdministrator),
    update: [projectAdministrator, { permission: serverAdministrator, when: 'if `repositories` changes' }],
  },
  read: ({ client, key, hints }) => read(client, key, hints),
  async create({ client, body }) {
    // The server requires the caller in the body, although it knows it.
    const caller = callerOf(client) ?? 'repoform';
    await call(client, { method: 'POST', path: `${base}/create`, body: { ...body, createBy: caller, updatedBy: caller } });
  },
  update,
  async remove({ client, key, state }) {
    const id = await idOf(client, key, state);
    if (id !== '') await call(client, { method: 'DELETE', path: path(base, 'delete', id) });
  },
  list: {
    scope: ({ key, hints }) => `permissions of ${key.project}/${key.resourceType}/${hints?.repositories?.[0] ?? ''}`,
    fetch: ({ client, key, hints }) => listPermissions(client, key, hints?.repositories?.[0]),
    scopes: allPermissions,
  },
  checks: [fits],
  planChecks: [excludesLittle],
  example: {
    minimal: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      resourceType: 'REPO',
      name: 'readers',
      repositories: [{ ref: 'bkrepo_local_repository.example.name' }],
      actions: ['READ', 'DOWNLOAD'],
    },
    full: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      resourceType: 'NODE',
      name: 'release-writers',
      repositories: [{ ref: 'bkrepo_local_repository.example.name' }],
      includePattern: ['/releases'],
      excludePattern: ['/drafts'],
      users: [{ ref: 'bkrepo_user.example.user_id' }],
      roles: [{ ref: 'bkrepo_role.example.id' }],
      actions: ['READ', 'WRITE'],
    },
  },
});
