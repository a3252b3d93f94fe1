import { type ApiClient, ApiError, type ApiRequest, definePermission, type Permission } from '../../schema/define';
import { systemWorkspace } from './generations/calls';
import { serverOf } from './server';

/** A verb on a resource of the API of app repositories, as roles grant it. */
export type Verb = 'get' | 'list' | 'create' | 'patch' | 'delete';

/** No object of Kubernetes can have this name: asking for it, or for its deletion, changes nothing. */
const nobody = 'repoform_asks_what_it_may';

/** A request that is authorized like those for a verb, and that changes nothing. The server decides who may do something before it looks at it. */
function question(collection: string, resource: string, verb: Verb): ApiRequest {
  const item = `${collection}/${nobody}`;
  if (resource === 'apps') return { method: 'GET', path: `${collection.replace(/repos$/, 'apps')}?limit=1` };
  if (resource === 'repos/action') return { method: 'POST', path: `${item}/action`, body: {}, reads: true };
  if (resource === 'repos/events') return { method: 'GET', path: `${item}/events` };
  if (verb === 'get') return { method: 'GET', path: item };
  if (verb === 'list') return { method: 'GET', path: `${collection}?limit=1` };
  if (verb === 'create') return { method: 'POST', path: `${collection}?validate=true`, body: {}, reads: true };
  if (verb === 'patch') return { method: 'PATCH', path: `${item}?validate=true`, body: {}, reads: true };
  return { method: 'DELETE', path: item, reads: true };
}

/** How the server answers what it permits and cannot do. */
const permitted: ReadonlySet<number | undefined> = new Set([400, 404, 500]);

async function mayDo(client: ApiClient, request: ApiRequest): Promise<boolean | undefined> {
  try {
    await client.send(request);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    if (thrown.code === 'forbidden') return false;
    if (permitted.has(thrown.status)) return true;
    throw thrown;
  }
}

/** The workspaces that the user sees; that of everybody if there are none. */
async function workspaces(client: ApiClient): Promise<{ workspace: string }[]> {
  const { generation } = await serverOf(client);
  const places = await generation.places(client).catch((thrown: unknown) => {
    if (thrown instanceof ApiError && thrown.code === 'forbidden') return undefined;
    throw thrown;
  });
  // KubeSphere 3 does not show them to everybody.
  if (places === undefined) return [];
  const named = places.flatMap((workspace) => (workspace === undefined ? [] : [{ workspace }]));
  return named.length > 0 ? named : [{ workspace: systemWorkspace }];
}

/** How a login gets a permission. */
const grants = {
  view: 'In KubeSphere 4, the role template "Workspace App Repos View" (workspace-view-app-repos) has it, for roles of a workspace; in system-workspace it takes a platform role.',
  manage:
    'In KubeSphere 4, the role template "Workspace App Repos Management" (workspace-manage-app-repos) has it, for roles of a workspace; in system-workspace it takes a platform role.',
  apps: 'On KubeSphere 3, a rule for "apps" in a role of the workspace grants it; every user of KubeSphere 4 has it.',
  sync: 'No role template of KubeSphere 4 has the right to "repos/action": make the user an administrator of the workspace, or add the rule to a role with kubectl.',
} as const;

function may(verb: Verb, resource: string, how: keyof typeof grants): Permission {
  return definePermission({
    label: `${verb} ${resource}`,
    name: `the verb "${verb}" on "${resource}" in the workspace {workspace}`,
    grant: grants[how],
    held: async ({ client, place: { workspace } }) => {
      const { generation } = await serverOf(client);
      return mayDo(client, question(generation.collection(workspace || undefined), resource, verb));
    },
    places: workspaces,
  });
}

export const listRepositories = may('list', 'repos', 'view');
export const getRepositories = may('get', 'repos', 'view');
/** Applications of KubeSphere 4 are open to every user. */
export const listApplications = may('list', 'apps', 'apps');
export const getEvents = may('get', 'repos/events', 'view');
export const createRepositories = may('create', 'repos', 'manage');
export const patchRepositories = may('patch', 'repos', 'manage');
export const deleteRepositories = may('delete', 'repos', 'manage');
export const syncRepositories = may('create', 'repos/action', 'sync');
