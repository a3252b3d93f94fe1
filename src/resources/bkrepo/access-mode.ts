import * as z from 'zod';
import { error } from '../../common/diagnostic';
import { UNKNOWN } from '../../common/value';
import { attr, AttributeError } from '../../schema/attribute';
import type { ApiClient, Binding, ObjectKey } from '../../schema/binding';
import { afterwards } from '../../schema/half-made';
import type { JsonObject } from '../../schema/json';
import { resource } from '../../schema/resource';
import { call, getObject, query } from './calls';
import { projectId, repositoryName } from './names';

const base = '/auth/api/mode/repo';
const initial = { accessControlMode: 'DEFAULT', officeDenyGroupSet: [], bkiamv3Check: false };

const isInitial = (object: JsonObject): boolean =>
  (object['accessControlMode'] ?? 'DEFAULT') === 'DEFAULT' &&
  (object['officeDenyGroupSet'] ?? []).toString() === '' &&
  object['bkiamv3Check'] !== true;

/** The server does not say of which repository a mode is. */
async function read(client: ApiClient, [projectId = '', repoName = '']: ObjectKey): Promise<JsonObject | undefined> {
  const mode = await getObject(client, `${base}/query${query({ projectId, repoName })}`);
  return mode && { ...mode, projectId, repoName };
}

async function toggle(client: ApiClient, key: ObjectKey, body: JsonObject): Promise<undefined> {
  const [projectId = '', repoName = ''] = key;
  await call(client, { method: 'POST', path: `${base}/toggle`, body: { ...body, projectId, repoName }, idempotent: true });
}

async function set(client: ApiClient, key: ObjectKey, body: JsonObject): Promise<undefined> {
  await toggle(client, key, body);
  const now = await afterwards(() => read(client, key));
  if (now && !isInitial(now)) return;
  throw new AttributeError(
    `the server keeps no access mode for "${key.join('/')}"; it does so silently for repositories that are public and for those that there are not`,
    'repository',
  );
}

/** Every repository has a mode; what is managed is one that differs from the initial one. */
const binding: Binding = {
  read,
  part: (object) => (isInitial(object) ? undefined : object),
  create: (client, { key, body }) => set(client, key, body),
  update: (client, { key, body }) => set(client, key, body),
  remove: (client, key) => toggle(client, key, initial),
};

export const accessMode = resource({
  type: 'bkrepo_repository_access_mode',
  description:
    'Who decides on access inside a repository that is not public. Without it the mode is DEFAULT, and permissions on paths (NODE) have no effect. A delete brings DEFAULT back.',
  apiCase: 'camel',
  attributes: {
    project: attr(projectId, 'The project of the repository.', { api: 'projectId', forceNew: true }),
    repository: attr(repositoryName, 'Name of the repository.', { api: 'repoName', forceNew: true }),
    mode: attr(z.enum(['STRICT', 'DIR_CTRL', 'DEFAULT']), 'STRICT and DIR_CTRL look at the permissions on paths, DEFAULT does not.', {
      api: 'accessControlMode',
    }),
    officeDenyGroups: attr(z.set(z.string().min(1)).default(new Set()), 'Groups that may not read it from the office network.', {
      api: 'officeDenyGroupSet',
    }),
    bkiamv3Check: attr(z.boolean().default(false), 'Whether the access management of BlueKing is asked too.'),
  },
  key: ['project', 'repository'],
  binding,
  checks: [
    ({ mode, office_deny_groups: groups, bkiamv3_check: bkiam }) =>
      mode === 'DEFAULT' && groups !== UNKNOWN && bkiam !== UNKNOWN && bkiam !== true && (groups ?? []).toString() === ''
        ? [
            error(
              'Invalid Attribute Value',
              '"mode": DEFAULT alone is what the server does without this resource; leave the resource out.',
              ['mode'],
            ),
          ]
        : [],
  ],
  example: {
    minimal: {
      project: { ref: 'bkrepo_local_repository.example.project' },
      repository: { ref: 'bkrepo_local_repository.example.name' },
      mode: 'DIR_CTRL',
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
