import type { ValueRecord } from '../../src/common/value';
import type { KubeSphereUser } from '../../src/registry/kubesphere';
import type { ApiClient } from '../../src/schema/define/client';
import { dig } from '../../src/schema/define/json';
import type { Place } from '../../src/schema/define/needs';
import type { Held } from '../../src/testing/contract/needs';
import type { Target } from '../../src/testing/target';

/** A user to whom permissions of BK-Repo are given, by an administrator. */
interface Grantee {
  readonly admin: ApiClient;
  readonly user: string;
  readonly place: Partial<Place>;
  /** A name that nothing else has. */
  readonly fresh: string;
}

const role = async ({ admin, user, place, fresh }: Grantee, fields: object): Promise<void> => {
  const body = { roleId: fresh, name: fresh, type: 'PROJECT', projectId: place['project'], ...fields };
  const id = dig((await admin.post('/auth/api/role/create', body)) ?? {}, ['data']);
  await admin.post(`/auth/api/user/role/${user}/${String(id)}`);
};

const permission = ({ admin, user, place, fresh }: Grantee, fields: object): Promise<unknown> =>
  admin.post('/auth/api/permission/create', {
    ...{ resourceType: 'REPO', projectId: place['project'], permName: fresh, repos: [place['repository']], users: [user], roles: [] },
    ...{ includePattern: [], excludePattern: [], createBy: 'admin', updatedBy: 'admin', ...fields },
  });

/** Lets a user do something with the files of a repository, which takes a mode in which permissions on paths count. */
async function onFiles(grantee: Grantee, action: string): Promise<void> {
  const { admin, place } = grantee;
  const mode = { accessControlMode: 'STRICT', officeDenyGroupSet: [], bkiamv3Check: false };
  await admin.post('/auth/api/mode/repo/toggle', { projectId: place['project'], repoName: place['repository'], ...mode });
  await permission(grantee, { resourceType: 'NODE', actions: [action], includePattern: ['/'] });
}

/** How BK-Repo gives each permission, by its label. */
const grants: Readonly<Record<string, (grantee: Grantee) => Promise<unknown>>> = {
  'server administrator': ({ admin, user }) => admin.put(`/auth/api/user/update/info/${user}`, { admin: true }),
  'project member': (grantee) => permission(grantee, { resourceType: 'PROJECT', repos: [], actions: ['READ'] }),
  'project administrator': (grantee) => role(grantee, { admin: true }),
  'repository reader': (grantee) => permission(grantee, { actions: ['READ'] }),
  'repository administrator': (grantee) => role(grantee, { type: 'REPO', repoName: grantee.place['repository'], admin: true }),
  'READ on files': (grantee) => onFiles(grantee, 'READ'),
  'DOWNLOAD on files': (grantee) => onFiles(grantee, 'DOWNLOAD'),
  'WRITE on files': (grantee) => onFiles(grantee, 'WRITE'),
  'UPDATE on files': (grantee) => onFiles(grantee, 'UPDATE'),
  'DELETE on files': (grantee) => onFiles(grantee, 'DELETE'),
  // How the user logs in.
  'platform account': () => Promise.resolve(),
  'the user itself': () => Promise.resolve(),
};

let users = 0;
/** Users without any permission. */
const nobodies = new WeakMap<Target, ValueRecord>();

/** A user of BK-Repo with certain permissions and no others. */
export async function bkrepoLogin(target: Target, held: readonly Held[]): Promise<ValueRecord> {
  // Nobody grants anything to this one.
  if (held.length === 0 && nobodies.has(target)) return nobodies.get(target) as ValueRecord;
  const admin = await target.client();
  try {
    users += 1;
    const password = `secret-${users}`;
    const itself = held.find(({ permission: { label } }) => label === 'the user itself')?.place['user'];
    const user = itself ?? `limited${users}`;
    if (itself === undefined) await admin.post('/auth/api/user/create', { userId: user, name: user, pwd: password });
    else await admin.put(`/auth/api/user/update/info/${user}`, { pwd: password });
    for (const [
      index,
      {
        permission: { label },
        place,
      },
    ] of held.entries()) {
      const grant = grants[label];
      if (!grant) throw new Error(`no test knows how BK-Repo gives "${label}"`);
      await grant({ admin, user, place, fresh: `g${users}x${index}` });
    }
    if (held.some(({ permission: { label } }) => label === 'platform account')) return { ...target.login, uid: user };
    const login = { access_key: null, secret_key: null, uid: null, username: user, password };
    if (held.length === 0) nobodies.set(target, login);
    return login;
  } finally {
    await admin.close();
  }
}

const group = 'application.kubesphere.io';
/** The permissions on app repositories, by their labels. */
const rules = [
  'list repos',
  'get repos',
  'create repos',
  'patch repos',
  'delete repos',
  'get repos/events',
  'create repos/action',
  'list apps',
] as const;
const password = 'limited-1';
const nameOf = (labels: readonly string[]): string => `u-${rules.map((label) => (labels.includes(label) ? '1' : '0')).join('')}`;

/** A user for each set of permissions that a test asks for: at most three of them, in the workspace "demo". */
export const kubesphereUsers: readonly KubeSphereUser[] = Array.from({ length: 2 ** rules.length }, (_, set) =>
  rules.filter((_label, index) => (set >> index) % 2 === 1),
)
  .filter(({ length }) => length <= 3)
  .map((labels) => ({
    name: nameOf(labels),
    password,
    roles: {
      demo: labels.map((label) => {
        const [verb = '', resource = ''] = label.split(' ');
        return { apiGroups: [group, 'openpitrix.io'], resources: [resource], verbs: [verb] };
      }),
    },
  }));

/** A user of KubeSphere with certain permissions and no others. */
export const kubesphereLogin = (_target: Target, held: readonly Held[]): Promise<ValueRecord> =>
  Promise.resolve({ username: nameOf(held.map(({ permission: { label } }) => label)), password });
