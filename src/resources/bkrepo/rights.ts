import { type ApiClient, definePermission, type JsonObject, type Permission, textOf } from '../../schema/define';
import { call, callerOf, getObject, path } from './calls';

/** What the auth service is asked about: an action of the caller. */
interface Wish {
  readonly resourceType: 'PROJECT' | 'REPO' | 'NODE';
  readonly action: string;
  readonly projectId: string;
  readonly repoName?: string;
  readonly path?: string;
}

/** Whether the caller may do something; it does not count what is public. */
async function mayDo(client: ApiClient, wish: Wish): Promise<boolean | undefined> {
  const uid = callerOf(client);
  if (uid === undefined) return undefined;
  const answer = await call(client, { method: 'POST', path: '/auth/api/permission/check', body: { ...wish, uid }, reads: true });
  return typeof answer === 'boolean' ? answer : undefined;
}

async function isAdministrator(client: ApiClient): Promise<boolean | undefined> {
  const uid = callerOf(client);
  return uid === undefined ? undefined : (await getObject(client, path('/auth/api/user/userinfo', uid)))?.admin === true;
}

/** Names in a list of projects, or of the repositories of one. */
const names = (data: unknown): string[] => (Array.isArray(data) ? data.flatMap((entry: JsonObject) => textOf(entry.name) ?? []) : []);

const projects = async (client: ApiClient): Promise<{ project: string }[]> =>
  names(await call(client, { method: 'GET', path: '/repository/api/project/list' })).map((project) => ({ project }));

/** One project is asked for its repositories, since those of all may be thousands. */
async function repositories(client: ApiClient): Promise<{ project: string; repository: string }[]> {
  for (const { project } of (await projects(client)).slice(0, 5)) {
    const found = names(await call(client, { method: 'GET', path: path('/repository/api/repo/list', project) }));
    if (found.length > 0) return found.map((repository) => ({ project, repository }));
  }
  return [];
}

export const platformAccount = definePermission({
  label: 'platform account',
  name: 'the keys of a platform account',
  grant: 'Set access_key, secret_key and uid in the provider block; operators of the server create such accounts.',
  held: ({ client }) => Promise.resolve(typeof client.settings.uid === 'string'),
});

export const ownUser = definePermission({
  label: 'the user itself',
  name: 'a login as the user {user} itself, or as an administrator of the server',
  grant: 'Log in as that user, or as an administrator of the server.',
});

export const projectMember = definePermission({
  label: 'project member',
  name: 'membership of the project {project}',
  grant: 'Add the user to any permission of the project (bkrepo_permission), or to its viewers, the members of its role project_view.',
  held: async ({ client, place: { project } }) => (await projects(client)).some((one) => one.project === project),
  places: projects,
});

export const repositoryReader = definePermission({
  label: 'repository reader',
  name: 'read access to the repository {repository} of the project {project}',
  grant:
    'Add the user to any permission on the repository (bkrepo_permission), or to the viewers of the project (its role project_view). Everybody may read a public repository.',
  held: ({ client, place: { project, repository } }) =>
    mayDo(client, { resourceType: 'REPO', action: 'READ', projectId: project, repoName: repository }),
  places: repositories,
});

/** An action on the files of a repository. */
const onFiles = (action: 'READ' | 'DOWNLOAD' | 'WRITE' | 'UPDATE' | 'DELETE'): Permission =>
  definePermission({
    label: `${action} on files`,
    name: `the action ${action} on the files of the repository {repository} of the project {project}`,
    grant: `Add the user to a bkrepo_permission of the type NODE with that action, in a repository with the access mode STRICT or DIR_CTRL${
      action === 'READ' || action === 'DOWNLOAD' ? ', or, unless the mode is STRICT, to the viewers of the project' : ''
    }. Administrators of the repository have it in every mode.`,
    held: ({ client, place: { project, repository } }) =>
      mayDo(client, { resourceType: 'NODE', action, projectId: project, repoName: repository, path: '/' }),
    places: repositories,
  });

export const readFiles = onFiles('READ');
export const downloadFiles = onFiles('DOWNLOAD');
export const writeFiles = onFiles('WRITE');
export const updateFiles = onFiles('UPDATE');
export const deleteFiles = onFiles('DELETE');

export const repositoryAdministrator = definePermission({
  label: 'repository administrator',
  name: 'an administrator of the repository {repository} of the project {project}',
  grant:
    'Administrators of a repository are the members of its roles with admin = true (bkrepo_role with repository), whoever created it, and the administrators of its project.',
  includes: [repositoryReader, readFiles, downloadFiles, writeFiles, updateFiles, deleteFiles],
  held: ({ client, place: { project, repository } }) =>
    mayDo(client, { resourceType: 'REPO', action: 'MANAGE', projectId: project, repoName: repository }),
  places: repositories,
});

export const projectAdministrator = definePermission({
  label: 'project administrator',
  name: 'an administrator of the project {project}',
  grant:
    'Administrators of a project are the members of its roles with admin = true (bkrepo_role), whoever created it, and the administrators of the server.',
  includes: [projectMember, repositoryAdministrator],
  held: ({ client, place: { project } }) => mayDo(client, { resourceType: 'PROJECT', action: 'MANAGE', projectId: project }),
  places: projects,
});

export const serverAdministrator = definePermission({
  label: 'server administrator',
  name: 'an administrator of the server',
  grant: 'Log in as an administrator of the server; administrators make others with admin = true of bkrepo_user.',
  includes: [ownUser, projectAdministrator],
  held: ({ client }) => isAdministrator(client),
});

/** The same permission for every operation of a resource. */
export const everything = (permission: Permission) =>
  ({ list: [permission], read: [permission], create: [permission], update: [permission], delete: [permission] }) as const;
