import type { KubeSphereVersion } from '../../src/registry/kubesphere';
import { bkrepo } from '../../src/resources/bkrepo';
import { kubesphere } from '../../src/resources/kubesphere';
import { type NeedsCase, needsTests } from '../../src/testing/contract/needs';
import { done } from '../../src/testing/subject';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';
import { bkrepoLogin, kubesphereLogin, kubesphereUsers } from '../support/logins';

/** What the examples of data sources, ephemeral resources and actions look for. */
async function bkrepoTarget(): Promise<Target> {
  const target = await registryTarget(bkrepo, true);
  const admin = await target.client();
  const project = 'payments';
  await admin.post('/repository/api/project/create', { name: project, displayName: 'Payments', description: '' });
  for (const [name, type] of [
    ['local-packages', 'GENERIC'],
    ['npm-packages', 'NPM'],
  ])
    await admin.post('/repository/api/repo/create', { projectId: project, name, type, category: 'LOCAL' });
  await admin.send({ method: 'PUT', path: `/generic/${project}/local-packages/docs/hello.txt`, text: 'hello' });
  await admin.post(`/repository/api/metadata/${project}/local-packages/docs/hello.txt`, { metadata: { stage: 'released' } });
  await admin.post('/auth/api/user/create', { userId: 'builder', name: 'Builder', pwd: 'builder-1' });
  await admin.post('/auth/api/role/create', { roleId: 'readers', name: 'Readers', type: 'PROJECT', projectId: project });
  const fields = { users: [], roles: [], actions: ['READ'], includePattern: [], excludePattern: [], createBy: 'admin', updatedBy: 'admin' };
  const repos = ['local-packages'];
  await admin.post('/auth/api/permission/create', { resourceType: 'REPO', projectId: project, permName: 'readers', repos, ...fields });
  await admin.close();
  return target;
}

const cases: readonly NeedsCase[] = [
  { type: 'bkrepo_project', operation: 'delete', when: 'if `disable_on_destroy` is set', config: { disable_on_destroy: true } },
  { type: 'bkrepo_user', operation: 'create' },
  { type: 'bkrepo_user', operation: 'create', when: 'to set `admin` to true', config: { admin: true } },
  { type: 'bkrepo_user', operation: 'update' },
  { type: 'bkrepo_user', operation: 'update', when: 'to set `admin` to true', change: { admin: true } },
  { type: 'bkrepo_permission', operation: 'update', change: { users: ['builder'] } },
  { type: 'bkrepo_permission', operation: 'update', when: 'if `repositories` changes', change: { repositories: ['another'] } },
  { type: 'bkrepo_generic_file', operation: 'update', when: 'if the content changes', change: { content: 'other' } },
  { type: 'bkrepo_generic_file', operation: 'update', when: 'if only `expires_in_days` changes', change: { expires_in_days: 3 } },
  {
    type: 'bkrepo_temporary_access',
    operation: 'open',
    when: 'for the types UPLOAD and DOWNLOAD; the others need only a login',
  },
  { type: 'bkrepo_node_metadata', operation: 'update' },
  {
    type: 'bkrepo_node_metadata',
    operation: 'update',
    when: 'if a key is removed',
    config: { metadata: { stage: 'one', other: 'two' } },
    change: { metadata: { stage: 'one' } },
  },
];

describe('bkrepo', () => needsTests(bkrepo, { start: bkrepoTarget, loginWith: bkrepoLogin, cases }));

const demo = { workspace: 'demo' };
const stable = { ...demo, name: 'stable' };
const config = {
  kubesphere_app_repository: demo,
  kubesphere_app_repository_validation: demo,
  kubesphere_sync_app_repository: { ...stable, wait_for_sync: false },
};

async function kubesphereTarget(version: KubeSphereVersion): Promise<Target> {
  const target = await registryTarget(kubesphere, true, { version, users: kubesphereUsers });
  done(await (await target.core()).ensure('kubesphere_app_repository', { ...stable, url: 'https://charts.example.com/stable' }));
  return target;
}

/** Every operation as a generation has it. */
const casesOf = (generation: string): NeedsCase[] => {
  const when = `on KubeSphere ${generation}`;
  const repository = (['list', 'read', 'create', 'update', 'delete'] as const).map((operation) => ({
    ...{ type: 'kubesphere_app_repository', operation, when },
    // Version 3 has no display names.
    ...(operation === 'update' && { change: { description: 'other' } }),
  }));
  return [
    ...repository,
    { type: 'kubesphere_applications', operation: 'read', when },
    { type: 'kubesphere_sync_app_repository', operation: 'invoke', when },
  ];
};

describe.each([
  ['4.1', '4'],
  ['3.4', '3'],
] as const)('kubesphere %s', (version, generation) =>
  needsTests(kubesphere, {
    start: () => kubesphereTarget(version),
    loginWith: kubesphereLogin,
    cases: casesOf(generation),
    config,
  }),
);
