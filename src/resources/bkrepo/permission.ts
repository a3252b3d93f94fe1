import { ApiError, AttributeError } from '../../schema/define/errors';
import * as z from 'zod';
import { type Diagnostic, error, warning } from '../../common/diagnostic';
import { isList, type Value, type ValueRecord } from '../../common/value';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, ObjectKey, Write } from '../../schema/define/binding';
import type { Json, JsonObject } from '../../schema/define/json';
import { type PlanCheck, defineResource } from '../../schema/define/resource';
import { distinct } from '../../schema/define/types';
import { forbiddenIsNothing } from './after-create';
import { call, getList, path, query, textOf, whoAsks } from './calls';
import { projectId, repositoryName, segment, userId } from './names';

const base = '/auth/api/permission';

/** The repositories under which a permission is looked for: the server lists it under each of those it is for. */
const repositoriesOf = (known: ValueRecord | undefined): readonly string[] => textsOf(known?.['repositories']);

const textsOf = (value: Value | undefined): readonly string[] =>
  isList(value ?? null) ? (value as readonly Value[]).filter((one): one is string => typeof one === 'string') : [];

const firstOf = (known: ValueRecord | undefined): string | undefined => repositoriesOf(known)[0];

/** The permissions that the server lists together. */
export async function listPermissions(
  client: ApiClient,
  [projectId = '', resourceType = '']: ObjectKey,
  repoName?: string,
): Promise<readonly JsonObject[]> {
  const entries = await getList(client, `${base}/list${query({ projectId, repoName, resourceType })}`);
  return entries.filter((entry) => (entry['resourceType'] ?? resourceType) === resourceType);
}

/** Names of the repositories of a project. Lists hide some; the one that says what a user may see has all of them for who manages the project. */
async function repositoryNames(client: ApiClient, project: string): Promise<readonly string[]> {
  const listed = (await getList(client, path('/repository/api/repo/list', project))).map((repository) => textOf(repository, 'name'));
  const userId = whoAsks(client);
  if (userId === undefined) return listed;
  const at = `${base}/repo/list${query({ projectId: project, userId })}`;
  const allowed = await call(client, { method: 'GET', path: at }).catch(forbiddenIsNothing);
  const names = Array.isArray(allowed) ? (allowed as readonly Json[]).filter((name): name is string => typeof name === 'string') : [];
  return [...new Set([...listed, ...names])];
}

/** Where it is not known for which repository a permission is now, each of the project is asked. */
async function searched(client: ApiClient, key: ObjectKey, known: ValueRecord | undefined): Promise<JsonObject | undefined> {
  const [project = '', , name] = key;
  const [asked, ...others] = repositoriesOf(known);
  const places = new Set([...others, ...(await repositoryNames(client, project))].filter((repository) => repository !== asked));
  for (const repository of places) {
    const found = (await listPermissions(client, key, repository)).find((entry) => entry['permName'] === name);
    if (found) return found;
  }
  return undefined;
}

/** The server wants to be told who asks, though it knows. */
function signature(client: ApiClient): JsonObject {
  const who = whoAsks(client) ?? 'repoform';
  return { createBy: who, updatedBy: who };
}

/** What was made but could not be read back has no id in state. */
async function idOf(client: ApiClient, key: ObjectKey, values: ValueRecord): Promise<string> {
  const known = values['id'];
  return typeof known === 'string' && known !== '' ? known : textOf((await binding.read(client, key, values)) ?? {}, 'id');
}

function onlyAdministrators(thrown: unknown): never {
  if (!(thrown instanceof ApiError) || thrown.code !== 'forbidden') throw thrown;
  throw new AttributeError(
    `the server lets only its administrators change the repositories of a permission, and the user of the provider is none; nothing was changed. Replace the permission (terraform apply -replace), or let the provider log in as an administrator`,
    'repositories',
  );
}

async function update(client: ApiClient, { key, body, values, prior }: Write): Promise<undefined> {
  const [projectId = ''] = key;
  const permissionId = await idOf(client, key, values);
  const { repos, includePattern, users, roles, permName } = body;
  const put = (at: string, fields: JsonObject): Promise<unknown> =>
    call(client, { method: 'PUT', path: `${base}/${at}`, body: { permissionId, ...fields } });
  // First what a project manager may not, so that nothing is half done when the server refuses it.
  if (String(values['repositories']) !== String(prior?.['repositories'])) await put('repo', { repos }).catch(onlyAdministrators);
  await put('update/config', { projectId, name: permName, path: includePattern ?? [], users: users ?? [], roles: roles ?? [] });
}

const binding: Binding = {
  uidFields: ['id'],
  async read(client, key, known) {
    const [, resourceType, name] = key;
    const repository = firstOf(known);
    const here = resourceType === 'PROJECT' || repository !== undefined ? await listPermissions(client, key, repository) : [];
    const found = here.find((entry) => entry['permName'] === name);
    return found ?? (resourceType === 'PROJECT' ? undefined : searched(client, key, known));
  },
  async create(client, { body }) {
    await call(client, { method: 'POST', path: `${base}/create`, body: { ...body, ...signature(client) } });
    return undefined;
  },
  update,
  async remove(client, key, state) {
    const id = await idOf(client, key, state);
    if (id !== '') await call(client, { method: 'DELETE', path: path(base, 'delete', id) });
  },
  list: {
    scope: ([project, resourceType], known) => `permissions of ${project}/${resourceType}/${firstOf(known) ?? ''}`,
    fetch: (client, key, known) => listPermissions(client, key, firstOf(known)),
    keyOf: (entry) => [String(entry['projectId']), String(entry['resourceType']), String(entry['permName'])],
  },
};

const needed: Readonly<Record<string, string>> = { REPO: 'repositories', NODE: 'repositories' };

function fits(config: ValueRecord): Diagnostic[] {
  const type = config['resource_type'];
  const given = (name: string): boolean => config[name] !== undefined && config[name] !== null && String(config[name]) !== '';
  const missing = typeof type === 'string' ? needed[type] : undefined;
  if (missing !== undefined && !given(missing))
    return [error('Missing Attribute', `"${missing}" is not set; a permission on ${String(type)} names at least one.`, [missing])];
  if (type === 'NODE' && !given('include_pattern') && !given('exclude_pattern'))
    return [
      error('Missing Attribute', '"include_pattern" is not set; a permission on paths names at least one, ["/"] for all of a repository.', [
        'include_pattern',
      ]),
    ];
  const extra =
    type === 'PROJECT'
      ? ['repositories', 'include_pattern', 'exclude_pattern']
      : type === 'REPO'
        ? ['include_pattern', 'exclude_pattern']
        : [];
  return extra
    .filter(given)
    .map((name) => error('Invalid Attribute Value', `"${name}" has no meaning for a permission on ${String(type)}; leave it out.`, [name]));
}

/** What the server does with `exclude_pattern` is less than its name says. */
const excludesLittle: PlanCheck = ({ exclude_pattern: excluded, include_pattern: included }) => {
  const within = textsOf(excluded).find((path) => textsOf(included).some((prefix) => path.startsWith(prefix)));
  const example = within === undefined ? '' : `; "${within}" stays granted`;
  const detail = `"exclude_pattern": the server takes nothing away from what include_pattern grants${example}. In the access mode STRICT it never reads exclude_pattern; in DIR_CTRL it takes from the users and roles of this permission those of its actions, other than READ and DOWNLOAD, that they would have because they may view the project. To grant less, name narrower paths in include_pattern.`;
  return Promise.resolve(textsOf(excluded).length > 0 ? [warning('Exclusion Without Effect', detail, ['exclude_pattern'])] : []);
};

const prefixes = z.array(z.string().regex(/^\//, { error: 'begins without "/"; patterns are the beginnings of paths' })).default([]);

export const permission = defineResource({
  type: 'bkrepo_permission',
  description: 'What users and roles may do in a project, in repositories, or on paths in them.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project it is in.', { api: 'projectId', forceNew: true }),
    resourceType: attr(
      z.enum(['PROJECT', 'REPO', 'NODE']),
      'What it is for. NODE gives access to files below paths, in repositories with a `bkrepo_repository_access_mode` other than DEFAULT. REPO lets repositories be seen, and in the mode STRICT gives access to the files of those that are not GENERIC. The server keeps PROJECT, but it decides nothing in the local realm.',
      { forceNew: true },
    ),
    name: attr(segment, 'Name of the permission, unique in the project for what it is for.', { api: 'permName', forceNew: true }),
    repositories: attr(
      distinct(repositoryName).default([]),
      'Names of the repositories (REPO, NODE). Only administrators of the server can change them; for others, replace the permission.',
      { api: 'repos' },
    ),
    includePattern: attr(prefixes, 'Beginnings of the paths it is for (NODE). They are compared as texts: `/rel` fits `/release` too.'),
    excludePattern: attr(
      prefixes,
      'Beginnings of paths (NODE) on which, in the access mode DIR_CTRL, the users and roles lose those of the `actions`, other than READ and DOWNLOAD, that they would have as viewers of the project. It does not restrict `include_pattern`, and STRICT never reads it.',
      { forceNew: true },
    ),
    users: attr(z.set(userId).default(new Set()), 'Ids of users.'),
    roles: attr(z.set(z.string().min(1)).default(new Set()), 'Ids of roles (`id` of a `bkrepo_role`).'),
    actions: attr(
      z.set(z.enum(['MANAGE', 'WRITE', 'READ', 'DOWNLOAD', 'VIEW', 'UPDATE', 'DELETE'])),
      'What is allowed: MANAGE (everything), READ (see that it is there), DOWNLOAD, WRITE (upload and overwrite), UPDATE, DELETE, VIEW. The server has no way to change it, so another set makes a new permission.',
      { forceNew: true },
    ),
    id: attr(z.string(), 'The id that the server gives it.', { computed: true }),
  },
  key: ['project', 'resourceType', 'name'],
  binding,
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
