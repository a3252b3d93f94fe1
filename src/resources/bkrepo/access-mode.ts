import { type ApiClient, attr, AttributeError, defineResource, type JsonObject, warning, z } from '../../schema/define';
import { call, getObject, query } from './calls';
import { inProject, ofRepository, projectId, repositoryName } from './names';
import { repositoryInfo, type RepositoryKey } from './repository/hooks';
import { everything, projectAdministrator } from './rights';

const base = '/auth/api/mode/repo';
const initial = { accessControlMode: 'DEFAULT', officeDenyGroupSet: [], bkiamv3Check: false };

interface ModeKey {
  readonly project: string;
  readonly repository: string;
}

const repositoryOf = ({ project, repository }: ModeKey): RepositoryKey => ({ project, name: repository });

async function toggle(client: ApiClient, { project, repository }: ModeKey, body: JsonObject): Promise<void> {
  const path = `${base}/toggle`;
  await call(client, { method: 'POST', path, body: { ...body, projectId: project, repoName: repository }, idempotent: true });
}

/** The server accepts a toggle that it ignores, so the cause is checked first. */
async function set({ client, key, body }: { client: ApiClient; key: ModeKey; body: JsonObject }): Promise<void> {
  const repository = await repositoryInfo(client, repositoryOf(key));
  const name = `${key.project}/${key.repository}`;
  if (!repository)
    throw new AttributeError(`the server has no repository "${name}"; correct the name, or create the repository first`, 'repository');
  if (repository.public === true)
    throw new AttributeError(
      `the repository "${name}" is public, and the server ignores the access mode of public repositories; set public = false, or remove the access mode`,
      'repository',
    );
  await toggle(client, key, body);
}

const viewersWrite =
  'In a repository with the access mode DIR_CTRL and at least one permission on paths (NODE), the server lets viewers of the project upload, overwrite and delete files wherever no such permission lists that action. Use STRICT to deny access to everyone without a permission on the path.';

export const accessMode = defineResource({
  type: 'bkrepo_repository_access_mode',
  description:
    'Whether permissions on paths (NODE) take effect in a repository that is not public. Every repository has a mode: a create overwrites it, and a delete resets it to DEFAULT. Without this resource the mode is DEFAULT until something reads it (the web console does); the server then stores DIR_CTRL for a repository that has permissions on paths.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true, ...inProject }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true, ...ofRepository }),
    mode: attr(
      z.enum(['STRICT', 'DIR_CTRL', 'DEFAULT']),
      'DEFAULT ignores permissions on paths. STRICT limits access to users with a permission on the path (or, except for GENERIC, on the repository). DIR_CTRL restricts only what permissions list: everywhere else, viewers of the project can read, upload, overwrite and delete, once the repository has any permission on paths.',
      { api: 'accessControlMode', impact: { mostOpenFirst: ['DIR_CTRL', 'DEFAULT', 'STRICT'], unmanaged: 'DEFAULT' } },
    ),
    officeDenyGroups: attr(
      z.set(z.string().min(1)).default(new Set()),
      'Groups that may not read the repository from the office network.',
      {
        api: 'officeDenyGroupSet',
        impact: 'denies',
      },
    ),
    bkiamv3Check: attr(z.boolean().default(false), "Whether BlueKing's access management is consulted too."),
  },
  key: ['project', 'repository'],
  // Every repository has a mode, so a create sets it, whatever it is. Asking for a mode stores it: nothing asks for one that is not managed.
  alwaysExists: true,
  needs: everything(projectAdministrator),
  async read({ client, key, hints }) {
    // An import or a lookup; the server would answer, and keep a mode, for a repository that does not exist.
    if (hints === undefined && !(await repositoryInfo(client, repositoryOf(key)))) return undefined;
    const names = { projectId: key.project, repoName: key.repository };
    const mode = await getObject(client, `${base}/query${query(names)}`);
    return mode && { ...mode, ...names };
  },
  list: {
    scope: ({ key }) => `access mode of ${key.project}/${key.repository}`,
    async fetch({ client, key }) {
      const names = { projectId: key.project, repoName: key.repository };
      const mode = await getObject(client, `${base}/query${query(names)}`);
      return mode === undefined || mode.accessControlMode === initial.accessControlMode ? [] : [{ ...mode, ...names }];
    },
    partial: true,
    writes: 'reading the access mode of a repository makes the server store one',
  },
  create: set,
  update: set,
  remove: ({ client, key }) => toggle(client, key, initial),
  planChecks: [({ planned: { mode } }) => (mode === 'DIR_CTRL' ? [warning('Viewers May Write', viewersWrite, ['mode'])] : [])],
  example: {
    minimal: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      repository: { ref: 'bkrepo_local_repository.example.name' },
      mode: 'STRICT',
    },
    full: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      repository: { ref: 'bkrepo_local_repository.example.name' },
      mode: 'STRICT',
      officeDenyGroups: ['contractors'],
      bkiamv3Check: false,
    },
  },
});
