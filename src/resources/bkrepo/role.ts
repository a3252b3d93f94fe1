import * as z from 'zod';
import type { ValueRecord } from '../../common/value';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, ObjectKey, Write } from '../../schema/define/binding';
import { afterwards, ApiError, AttributeError } from '../../schema/define/errors';
import { type JsonObject } from '../../schema/define/json';
import { defineResource } from '../../schema/define/resource';
import { createOnce } from './after-create';
import { call, getList, getObject, path, textOf } from './calls';
import { projectId, repositoryName, segment, userId } from './names';
import { usersKnown } from './users-known';

const base = '/auth/api/role';

/** A role as its definition has it; its members are asked for by themselves. */
async function whole(client: ApiClient, role: JsonObject, [, , repository = '']: ObjectKey): Promise<JsonObject> {
  const members = await getList(client, path(base, 'users', textOf(role, 'id')));
  const users = members.map((member) => member['userId']).filter((id): id is string => typeof id === 'string');
  return { ...role, repoName: repository === '' ? null : repository, users };
}

const detail = (client: ApiClient, ...key: readonly string[]): Promise<JsonObject | undefined> =>
  getObject(client, path(base, 'detail', ...key));
const listed = (client: ApiClient, project: string): Promise<readonly JsonObject[]> => getList(client, path(base, 'list', project));

/**
 * A role by its key, as the server has it. Asked for one of a project, it may answer with one of a repository that has the same
 * `role_id`; that one may hide the one of the project.
 */
async function named(client: ApiClient, [project = '', roleId = '', repository = '']: ObjectKey): Promise<JsonObject | undefined> {
  if (repository !== '') return detail(client, roleId, project, repository);
  const found = await detail(client, roleId, project);
  if (!found || isOfProject(found)) return found;
  return (await listed(client, project)).find((role) => role['roleId'] === roleId);
}

const isOfProject = (role: JsonObject): boolean => (role['type'] ?? 'PROJECT') === 'PROJECT';

/** The server takes a role of that name for the one that is to be made, and gives another role_id to one whose own is taken. */
async function refuseTaken(client: ApiClient, { projectId, name, roleId }: JsonObject): Promise<void> {
  const project = String(projectId);
  const other = (await listed(client, project)).find((role) => role['name'] === name && role['roleId'] !== roleId);
  if (other) throw namesake({ name: name ?? null }, `with the role_id "${String(other['roleId'])}"`);
  const holder = await detail(client, String(roleId), project);
  if (holder && !isOfProject(holder))
    throw new AttributeError(
      `a repository of the project has a role with the role_id "${String(roleId)}" ("${textOf(holder, 'name')}"), and the server would give the new role another one; choose a role_id that no role in the project has`,
      'role_id',
    );
}

const namesake = ({ name }: JsonObject, which: string): AttributeError =>
  new AttributeError(`the project has a role of the name "${String(name)}" already, ${which}`, 'name');

async function update(client: ApiClient, id: string, { name, description, users }: JsonObject): Promise<void> {
  const at = path(`${base}/update/info`, id);
  const done = await call(client, { method: 'PUT', path: at, body: { name, description, userIds: users } });
  if (done !== false) return;
  const message = `the server has no role with the id "${id}" any more; something else removed it`;
  throw new ApiError(message, { code: 'not-found', method: 'PUT', url: client.endpoint + at });
}

async function idOf(client: ApiClient, key: ObjectKey, values: ValueRecord): Promise<string> {
  const known = values['id'];
  if (typeof known === 'string' && known !== '') return known;
  return textOf((await binding.read(client, key)) ?? {}, 'id');
}

/** The create of a role that is there changes nothing and gives its id; of another role with the same name too. */
const binding: Binding = {
  uidFields: ['id'],
  async read(client, key) {
    const found = await named(client, key);
    return found && whole(client, found, key);
  },
  async create(client, { key, body }) {
    const { users, repoName, ...fields } = body;
    const inRepository = typeof repoName === 'string' && repoName !== '';
    if (!inRepository) await refuseTaken(client, body);
    const sent = { ...fields, type: inRepository ? 'REPO' : 'PROJECT', ...(inRepository && { repoName }) };
    const id = await createOnce({
      send: () => call(client, { method: 'POST', path: `${base}/create`, body: sent }),
      look: () => named(client, key),
      sent: { name: fields['name'], description: fields['description'] },
    });
    const made = await afterwards(() => named(client, key));
    // Roles for administrators are in no list; the id is then theirs, and so would be the members.
    if (!made || (typeof id === 'string' && made['id'] !== id)) throw namesake(body, 'which lists do not show');
    return afterwards(async () => {
      if (Array.isArray(users) && users.length > 0) await update(client, textOf(made, 'id'), body);
      return whole(client, made, key);
    });
  },
  async update(client, { key, body, values }: Write) {
    await update(client, await idOf(client, key, values), body);
    return undefined;
  },
  async remove(client, key, state) {
    const id = await idOf(client, key, state);
    if (id !== '') await call(client, { method: 'DELETE', path: path(base, 'delete', id) });
  },
};

export const role = defineResource({
  type: 'bkrepo_role',
  description: 'A role in a project or in one repository; permissions name it. Roles for services (type SERVICE) are not managed.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the role.', { api: 'projectId', forceNew: true }),
    roleId: attr(segment, 'Id of the role, unique in its project or repository.', { forceNew: true }),
    repository: attr(repositoryName.optional(), 'The repository, for a role in one only.', { api: 'repoName', forceNew: true }),
    name: attr(z.string().min(1), 'What people see as its name, unique in the project.'),
    description: attr(z.string().default(''), 'What the role is for.'),
    admin: attr(z.boolean().default(false), 'Whether its members administer the project or repository.', { forceNew: true }),
    users: attr(
      z.set(userId).default(new Set()),
      'Ids of its members. The server makes users that it does not have, with a random password.',
    ),
    id: attr(z.string(), 'The id that the server gives it, by which permissions name it.', { computed: true }),
  },
  key: ['project', 'roleId', 'repository'],
  binding,
  planChecks: [usersKnown('users')],
  example: {
    minimal: { project: { ref: 'bkrepo_project.example.project_id' }, roleId: 'readers', name: 'Readers' },
    full: {
      project: { ref: 'bkrepo_project.example.project_id' },
      roleId: 'readers',
      name: 'Readers',
      description: 'Who may read',
      admin: false,
      users: [{ ref: 'bkrepo_user.example.user_id' }],
    },
  },
});
