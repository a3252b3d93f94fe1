import { AttributeError } from '../../schema/define/errors';
import * as z from 'zod';
import { warning } from '../../common/diagnostic';
import { attr } from '../../schema/define/attribute';
import type { ApiClient, Binding, ObjectKey } from '../../schema/define/binding';
import type { JsonObject } from '../../schema/define/json';
import { type PlanCheck, defineResource } from '../../schema/define/resource';
import { call, getObject, query } from './calls';
import { projectId, repositoryName } from './names';
import { repositoryInfo } from './repository/binding';

const base = '/auth/api/mode/repo';
const initial = { accessControlMode: 'DEFAULT', officeDenyGroupSet: [], bkiamv3Check: false };

async function toggle(client: ApiClient, [projectId = '', repoName = '']: ObjectKey, body: JsonObject): Promise<undefined> {
  await call(client, { method: 'POST', path: `${base}/toggle`, body: { ...body, projectId, repoName }, idempotent: true });
}

/** The server says yes to a toggle that it ignores, so what makes it do that is looked for first. */
async function set(client: ApiClient, key: ObjectKey, body: JsonObject): Promise<undefined> {
  const repository = await repositoryInfo(client, key);
  const name = key.join('/');
  if (!repository) throw new AttributeError(`the server has no repository "${name}"`, 'repository');
  if (repository['public'] === true)
    throw new AttributeError(
      `the repository "${name}" is public, and the server ignores the access mode of such repositories; set public = false on it, or leave the access mode out`,
      'repository',
    );
  await toggle(client, key, body);
}

/** Every repository has a mode, so a create sets it, whatever it is. Asking for a mode stores it: nothing asks for one that is not managed. */
const binding: Binding = {
  alwaysExists: true,
  async read(client, key, known) {
    // An import or a lookup; the server would answer, and keep a mode, for a repository that does not exist.
    if (known === undefined && !(await repositoryInfo(client, key))) return undefined;
    const [projectId = '', repoName = ''] = key;
    const mode = await getObject(client, `${base}/query${query({ projectId, repoName })}`);
    return mode && { ...mode, projectId, repoName };
  },
  create: (client, { key, body }) => set(client, key, body),
  update: (client, { key, body }) => set(client, key, body),
  remove: (client, key) => toggle(client, key, initial),
};

const viewersWrite: PlanCheck = ({ mode }) =>
  Promise.resolve(
    mode === 'DIR_CTRL'
      ? [
          warning(
            'Viewers May Write',
            'In a repository with the access mode DIR_CTRL and at least one permission on paths (NODE), the server lets users who may view the project upload, overwrite and delete files wherever no such permission lists that action. Use STRICT to keep everybody out who has no permission on a path.',
            ['mode'],
          ),
        ]
      : [],
  );

export const accessMode = defineResource({
  type: 'bkrepo_repository_access_mode',
  description:
    'Whether permissions on paths (NODE) count in a repository that is not public. Every repository has a mode: a create sets it, whatever it was, and a delete sets DEFAULT. Without this resource the mode is DEFAULT until something reads it (the web console does); the server then keeps DIR_CTRL for a repository that has permissions on paths.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true }),
    mode: attr(
      z.enum(['STRICT', 'DIR_CTRL', 'DEFAULT']),
      'DEFAULT ignores permissions on paths. STRICT lets only those at files who have a permission on their path (or, except for GENERIC, on the repository). DIR_CTRL restricts only what permissions list: everywhere else, users who may view the project can read, upload, overwrite and delete, once the repository has any permission on paths.',
      {
        api: 'accessControlMode',
      },
    ),
    officeDenyGroups: attr(z.set(z.string().min(1)).default(new Set()), 'Groups that may not read it from the office network.', {
      api: 'officeDenyGroupSet',
    }),
    bkiamv3Check: attr(z.boolean().default(false), 'Whether the access management of BlueKing is asked too.'),
  },
  key: ['project', 'repository'],
  binding,
  planChecks: [viewersWrite],
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
