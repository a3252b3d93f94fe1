import {
  afterwards,
  type ApiClient,
  ApiError,
  attr,
  AttributeError,
  defineResource,
  type JsonObject,
  textOf,
  z,
} from '../../schema/define';
import { createOnce } from './after-create';
import { call, getList, getObject, path } from './calls';
import { inProject, ofRepository, ofUser, projectId, repositoryName, segment, userId } from './names';
import { everything, projectAdministrator } from './rights';
import { usersKnown } from './users-known';

const base = '/auth/api/role';

interface RoleKey {
  readonly project: string;
  readonly roleId: string;
  readonly repository: string | undefined;
}

/** A role as its definition has it; its members are asked for by themselves. */
async function whole(client: ApiClient, role: JsonObject, { repository }: RoleKey): Promise<JsonObject> {
  const members = await getList(client, path(base, 'users', textOf(role.id) ?? ''));
  return { ...role, repoName: repository ?? null, users: members.flatMap(({ userId: id }) => textOf(id) ?? []) };
}

const detail = (client: ApiClient, ...key: readonly string[]): Promise<JsonObject | undefined> =>
  getObject(client, path(base, 'detail', ...key));
const listed = (client: ApiClient, project: string): Promise<readonly JsonObject[]> => getList(client, path(base, 'list', project));

/**
 * A role by its key, as the server has it. Asked for one of a project, it may answer with one of a repository that has the same
 * `role_id`; that one may hide the one of the project.
 */
async function named(client: ApiClient, { project, roleId, repository }: RoleKey): Promise<JsonObject | undefined> {
  if (repository !== undefined) return detail(client, roleId, project, repository);
  const found = await detail(client, roleId, project);
  if (!found || isOfProject(found)) return found;
  return (await listed(client, project)).find((role) => role.roleId === roleId);
}

const isOfProject = (role: JsonObject): boolean => (role.type ?? 'PROJECT') === 'PROJECT';

/** The server takes a role of that name for the one that is to be created, and gives another role_id to one whose own is taken. */
async function refuseTaken(client: ApiClient, { project, roleId }: RoleKey, name: string): Promise<void> {
  const other = (await listed(client, project)).find((role) => role.name === name && role.roleId !== roleId);
  if (other) throw namesake(name, `with the role_id "${textOf(other.roleId)}"`);
  const holder = await detail(client, roleId, project);
  if (holder && !isOfProject(holder))
    throw new AttributeError(
      `a repository of the project has a role with the role_id "${roleId}" ("${textOf(holder.name)}"), so the server would assign another one to the new role; choose a role_id that no role in the project uses`,
      'roleId',
    );
}

const namesake = (name: string, which: string): AttributeError =>
  new AttributeError(`the project already has a role named "${name}", ${which}; choose another name`, 'name');

async function update(client: ApiClient, id: string, { name, description, users }: JsonObject): Promise<void> {
  const at = path(`${base}/update/info`, id);
  const done = await call(client, { method: 'PUT', path: at, body: { name, description, userIds: users } });
  if (done !== false) return;
  const message = `the server no longer has a role with the id "${id}"; it was removed outside Terraform`;
  throw new ApiError(message, { code: 'not-found', method: 'PUT', url: client.endpoint + at });
}

/** What was created but could not be read back has no id in state. */
const idOf = async (client: ApiClient, key: RoleKey, id: string | undefined): Promise<string> =>
  id || (textOf((await named(client, key))?.id) ?? '');

export const role = defineResource({
  type: 'bkrepo_role',
  description: 'A role in a project or in one repository, which permissions refer to. Roles for services (type SERVICE) are not managed.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the role.', { api: 'projectId', forceNew: true, ...inProject }),
    roleId: attr(segment, 'Id of the role, unique in its project or repository.', { forceNew: true }),
    repository: attr(repositoryName.optional(), 'The repository, for a role in a single repository.', {
      api: 'repoName',
      forceNew: true,
      ...ofRepository,
    }),
    name: attr(z.string().min(1), 'Display name, unique in the project.'),
    description: attr(z.string().default(''), 'What the role is for.'),
    admin: attr(z.boolean().default(false), 'Whether its members administer the project or repository.', {
      forceNew: true,
      impact: 'grants',
    }),
    users: attr(
      z.set(userId).default(new Set()),
      'Ids of its members. The server creates users that do not exist, with a random password.',
      { impact: 'grants', ...ofUser },
    ),
    id: attr(z.string(), 'Id assigned by the server, by which permissions refer to the role.', { computed: true }),
  },
  key: ['project', 'roleId', 'repository'],
  uidFields: ['id'],
  needs: everything(projectAdministrator),
  async read({ client, key }) {
    const found = await named(client, key);
    return found && whole(client, found, key);
  },
  list: {
    scope: ({ key: { project } }) => `roles of ${project}`,
    fetch: async ({ client, key: { project } }) =>
      (await listed(client, project)).filter(isOfProject).map((role) => ({ ...role, repoName: null })),
    omits: 'administrator roles, and roles of a single repository',
    // Entries have no members.
    partial: true,
  },
  // The create of a role that exists changes nothing and gives its id; of another role with the same name too.
  async create({ client, key, body, values: { name, description, users } }) {
    const { users: _users, repoName: _repository, ...fields } = body;
    if (key.repository === undefined) await refuseTaken(client, key, name);
    const scope = key.repository === undefined ? { type: 'PROJECT' } : { type: 'REPO', repoName: key.repository };
    const id = await createOnce({
      send: () => call(client, { method: 'POST', path: `${base}/create`, body: { ...fields, ...scope } }),
      look: () => named(client, key),
      sent: { name, description },
    });
    const created = await afterwards(() => named(client, key));
    // Roles for administrators are in no list; the id is then theirs, and so would be the members.
    if (!created || (textOf(id) ?? created.id) !== created.id) throw namesake(name, 'which lists do not show');
    return afterwards(async () => {
      if (users.length > 0) await update(client, textOf(created.id) ?? '', body);
      return whole(client, created, key);
    });
  },
  async update({ client, key, body, values }) {
    await update(client, await idOf(client, key, values.id), body);
  },
  async remove({ client, key, state }) {
    const id = await idOf(client, key, state.id);
    if (id !== '') await call(client, { method: 'DELETE', path: path(base, 'delete', id) });
  },
  planChecks: [(call) => usersKnown('users', call.planned.users, call)],
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
