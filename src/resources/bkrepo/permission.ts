import * as z from 'zod';
import { type Diagnostic, error } from '../../common/diagnostic';
import { isList, type ValueRecord } from '../../common/value';
import { attr } from '../../schema/attribute';
import type { ApiClient, Binding, ObjectKey, Write } from '../../schema/binding';
import type { JsonObject } from '../../schema/json';
import { resource } from '../../schema/resource';
import { distinct } from '../../schema/types';
import { call, getList, path, query, textOf } from './calls';
import { projectId, repositoryName, segment, userId } from './names';

const base = '/auth/api/permission';

/** The repository under which a permission is looked for: the server lists it under each of those it is for. */
const repositoryOf = (known: ValueRecord | undefined): string | undefined => {
  const named = known?.['repositories'] ?? null;
  const first = isList(named) ? named[0] : undefined;
  return typeof first === 'string' ? first : undefined;
};

/** The permissions that the server lists together. */
export async function listPermissions(
  client: ApiClient,
  [projectId = '', resourceType = '']: ObjectKey,
  repoName?: string,
): Promise<readonly JsonObject[]> {
  const entries = await getList(client, `${base}/list${query({ projectId, repoName, resourceType })}`);
  return entries.filter((entry) => (entry['resourceType'] ?? resourceType) === resourceType);
}

/** Where it is not known for which repository a permission is now, each of the project is asked. */
async function searched(client: ApiClient, key: ObjectKey): Promise<JsonObject | undefined> {
  const [project = '', , name] = key;
  for (const repository of await getList(client, path('/repository/api/repo/list', project))) {
    const found = (await listPermissions(client, key, textOf(repository, 'name'))).find((entry) => entry['permName'] === name);
    if (found) return found;
  }
  return undefined;
}

/** The server wants to be told who asks, though it knows. */
function signature(client: ApiClient): JsonObject {
  const { uid, username } = client.settings;
  const who = typeof uid === 'string' ? uid : typeof username === 'string' ? username : 'repoform';
  return { createBy: who, updatedBy: who };
}

/** What was made but could not be read back has no id in state. */
async function idOf(client: ApiClient, key: ObjectKey, values: ValueRecord): Promise<string> {
  const known = values['id'];
  return typeof known === 'string' && known !== '' ? known : textOf((await binding.read(client, key, values)) ?? {}, 'id');
}

async function update(client: ApiClient, { key, body, values, prior }: Write): Promise<undefined> {
  const [projectId = ''] = key;
  const permissionId = await idOf(client, key, values);
  const { repos, includePattern, users, roles, permName } = body;
  const put = (at: string, fields: JsonObject): Promise<unknown> =>
    call(client, { method: 'PUT', path: `${base}/${at}`, body: { permissionId, ...fields } });
  await put('update/config', { projectId, name: permName, path: includePattern ?? [], users: users ?? [], roles: roles ?? [] });
  if (String(values['repositories']) !== String(prior?.['repositories'])) await put('repo', { repos });
}

const binding: Binding = {
  marks: ['id'],
  async read(client, key, known) {
    const [, resourceType, name] = key;
    const repository = repositoryOf(known);
    const here = resourceType === 'PROJECT' || repository !== undefined ? await listPermissions(client, key, repository) : [];
    const found = here.find((entry) => entry['permName'] === name);
    return found ?? (resourceType === 'PROJECT' ? undefined : searched(client, key));
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
    scope: ([project, resourceType], known) => `permissions of ${project}/${resourceType}/${repositoryOf(known) ?? ''}`,
    fetch: (client, key, known) => listPermissions(client, key, repositoryOf(known)),
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

const prefixes = z.array(z.string().regex(/^\//, { error: 'begins without "/"; patterns are the beginnings of paths' })).default([]);

export const permission = resource({
  type: 'bkrepo_permission',
  description: 'What users and roles may do in a project, in repositories, or on paths in them.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project it is in.', { api: 'projectId', forceNew: true }),
    resourceType: attr(
      z.enum(['PROJECT', 'REPO', 'NODE']),
      'What it is for. NODE lets at files below paths, where a `bkrepo_repository_access_mode` says so. REPO lets repositories be looked at, and with the mode STRICT at the files of those that are not GENERIC. PROJECT is kept by the server, but decides nothing in its local realm.',
      { forceNew: true },
    ),
    name: attr(segment, 'Name of the permission, unique in the project for what it is for.', { api: 'permName', forceNew: true }),
    repositories: attr(distinct(repositoryName).default([]), 'Names of the repositories (REPO, NODE).', { api: 'repos' }),
    includePattern: attr(prefixes, 'Beginnings of the paths it is for (NODE).'),
    excludePattern: attr(prefixes, 'Beginnings of paths it is not for (NODE).', { forceNew: true }),
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
      excludePattern: ['/releases/old'],
      users: [{ ref: 'bkrepo_user.example.user_id' }],
      roles: [{ ref: 'bkrepo_role.example.id' }],
      actions: ['READ', 'WRITE'],
    },
  },
});
