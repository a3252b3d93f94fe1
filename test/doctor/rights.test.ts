import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Finding } from '../../src/doctor/finding';
import { server } from '../../src/doctor/server';
import { typesUsed } from '../../src/doctor/endpoints';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import { kubesphere } from '../../src/resources/kubesphere';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { forwardTo, startServer } from '../../src/testing/http-server';
import { TestBkRepo } from '../support/bkrepo';
import { TestKubeSphere } from '../support/kubesphere';

interface Question {
  readonly endpoint: string;
  readonly env?: Record<string, string>;
  readonly used?: readonly string[];
  readonly patience?: number;
}

/** What doctor finds of the rights of a login. */
async function rightsOf(provider: ProviderDefinition, { endpoint, env = {}, used = [], patience = 10_000 }: Question): Promise<Finding[]> {
  const check = server({ provider, endpoint, env, used: new Set(used), patience });
  const found = await check.run(AbortSignal.timeout(30_000));
  return found.filter((one) => one.check === `${provider.name}/rights`);
}

describe('BK-Repo', () => {
  let bk: TestBkRepo;
  beforeAll(async () => {
    bk = await TestBkRepo.start({ strict: true });
    await bk.project('shop');
    await bk.repository('shop', 'files');
    const manager = (await bk.user('manager')).split(':')[0];
    await bk.user('viewer');
    const role = { projectId: 'shop', type: 'PROJECT' };
    const id = await bk.done('POST', '/auth/api/role/create', { body: { ...role, roleId: 'lead', name: 'lead', admin: true } });
    await bk.done('POST', `/auth/api/user/role/${manager}/${String(id)}`);
    const view = await bk.done('POST', '/auth/api/role/create', { body: { ...role, roleId: 'project_view', name: 'viewers' } });
    await bk.done('POST', `/auth/api/user/role/viewer/${String(view)}`);
  });
  afterAll(() => bk.stop());

  const as = (user: string): Record<string, string> => ({
    BKREPO_USERNAME: user,
    BKREPO_PASSWORD: user === 'admin' ? 'password' : `${user}-secret`,
  });

  test('an administrator lacks only the keys of a platform account', async () => {
    const found = await rightsOf(bkrepo, { endpoint: bk.url, env: as('admin') });
    expect(found.map(({ message }) => message)).toEqual(['the login has: server administrator', 'it lacks: platform account']);
  });

  test('what a manager of a project cannot manage is named, with who can help', async () => {
    const found = await rightsOf(bkrepo, { endpoint: bk.url, env: as('manager') });
    expect(found.map(({ status, message, types }) => [status, message, types])).toEqual([
      ['ok', 'the login has: project administrator (shop)', undefined],
      ['ok', 'it lacks: server administrator, platform account', undefined],
      ['ok', 'it cannot create bkrepo_user: that needs server administrator', ['bkrepo_user']],
    ]);
    expect(found[2]?.fix).toContain('Log in as an administrator of the server');
  });

  test('what a stack uses and the login cannot manage is a warning', async () => {
    const found = await rightsOf(bkrepo, { endpoint: bk.url, env: as('viewer'), used: ['bkrepo_role'] });
    expect(found[0]?.message).toBe(
      'the login has: project member (shop); repository reader, READ on files, DOWNLOAD on files (shop/files)',
    );
    expect(found[1]?.message).toBe('it lacks: platform account; WRITE on files, UPDATE on files, DELETE on files (shop/files)');
    const warned = found.filter(({ status }) => status === 'warning');
    expect(warned).toHaveLength(1);
    expect(warned[0]?.types).toEqual(expect.arrayContaining(['bkrepo_local_repository', 'bkrepo_role', 'bkrepo_permission']));
    expect(warned[0]?.types).not.toContain('bkrepo_generic_file');
    expect(warned[0]?.message).toMatch(/^it cannot create, update, delete .* that needs project administrator$/);
  });

  test('nothing is changed by asking', async () => {
    const asked: string[] = [];
    const forward = forwardTo(bk.url);
    const spy = await startServer((got) => {
      asked.push(`${got.method} ${got.path.split('?', 1)[0]}`);
      return forward(got);
    });
    try {
      await rightsOf(bkrepo, { endpoint: spy.endpoint, env: as('manager') });
    } finally {
      await spy.stop();
    }
    const others = new Set(asked.filter((call) => !call.startsWith('GET ')));
    expect([...others]).toEqual(['POST /auth/api/permission/check']);
  });

  test('a server that hangs when it is asked ends in time, and the other findings stay', async () => {
    const forward = forwardTo(bk.url);
    const slow = await startServer((got) => (got.path.includes('/permission/check') ? new Promise(() => undefined) : forward(got)));
    try {
      const start = Date.now();
      const found = await rightsOf(bkrepo, { endpoint: slow.endpoint, env: as('manager'), patience: 1500 });
      expect(Date.now() - start).toBeLessThan(10_000);
      expect(found).toHaveLength(1);
      expect(found[0]).toMatchObject({
        status: 'warning',
        message: expect.stringContaining('what the login may do is not known') as unknown,
      });
    } finally {
      await slow.stop();
    }
  });

  test('a server that answers nonsense is not believed', async () => {
    const forward = forwardTo(bk.url);
    const body = { code: 0, message: null, data: 'yes' };
    const odd = await startServer((got) => (got.path.includes('/permission/check') ? { status: 200, body } : forward(got)));
    try {
      const found = await rightsOf(bkrepo, { endpoint: odd.endpoint, env: as('manager') });
      expect(found[0]?.message).toBe('the login has: project member (shop)');
    } finally {
      await odd.stop();
    }
  });
});

test('a login at KubeSphere is asked about by requests that change nothing', async () => {
  const users = [{ name: 'viewer', password: 'v', roles: { demo: 'viewer' as const } }];
  const ks = await TestKubeSphere.start({ users, strict: true });
  try {
    const env = { KUBESPHERE_USERNAME: 'viewer', KUBESPHERE_PASSWORD: 'v' };
    const found = await rightsOf(kubesphere, { endpoint: ks.url, env });
    expect(found.map(({ message }) => message)).toEqual([
      'the login has: list repos, get repos, get repos/events, list apps (demo)',
      'it lacks: create repos, create repos/action, patch repos, delete repos (demo)',
      'it cannot create, update, delete kubesphere_app_repository: that needs create repos, patch repos, delete repos',
    ]);
    const admin = await rightsOf(kubesphere, { endpoint: ks.url, env: { KUBESPHERE_USERNAME: 'admin', KUBESPHERE_PASSWORD: 'P@88w0rd' } });
    expect(admin).toHaveLength(1);
    expect(await ks.done('GET', '/kapis/application.kubesphere.io/v2/repos')).toMatchObject({ totalItems: 0 });
  } finally {
    await ks.stop();
  }
});

test('ArtifactAPI has nobody to ask about', async () => {
  const empty = await startServer(() => ({ status: 200, body: [] }));
  try {
    const found = await rightsOf(artifactapi, { endpoint: empty.endpoint });
    expect(found.map(({ status, message }) => [status, message.slice(0, 54)])).toEqual([
      ['ok', 'ArtifactAPI has no users and checks no permissions: wh'],
    ]);
  } finally {
    await empty.stop();
  }
});

test('the types that stacks and HCL use are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-rights-'));
  mkdirSync(join(folder, 'cdktf.out/stacks/dev'), { recursive: true });
  writeFileSync(join(folder, 'cdktf.out/stacks/dev/cdk.tf.json'), JSON.stringify({ resource: { bkrepo_role: {} } }));
  writeFileSync(join(folder, 'main.tf'), 'resource "bkrepo_user" "x" {\n}\n');
  expect([...typesUsed(folder)]).toEqual(['bkrepo_role', 'bkrepo_user']);
  rmSync(folder, { recursive: true });
});
