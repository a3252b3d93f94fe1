import type { ValueRecord } from '../../../src/common/value';
import type { StartBkRepoOptions } from '../../../src/registry/bkrepo';
import { bkrepo } from '../../../src/resources/bkrepo';
import { TestBkRepo } from '../../support/bkrepo';
import type { Core } from '../../../src/testing/core';
import { forwardTo, startServer, type TestServer } from '../../../src/testing/http-server';
import { done } from '../../../src/testing/subject';
import { providerCore } from '../../../src/testing/target';
import { ADMIN, PLATFORM, said } from './stand';

const project = { name: 'payments', display_name: 'Payments' };
const repository = { project: 'payments', name: 'files', type: 'GENERIC' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Runs something with a server and a port before it. */
async function withServer(
  options: Partial<StartBkRepoOptions>,
  work: (at: { bk: TestBkRepo; server: TestServer }) => Promise<void>,
): Promise<void> {
  const bk = await TestBkRepo.start(options);
  const server = await startServer(forwardTo(new URL(bk.url).origin));
  try {
    await work({ bk, server });
  } finally {
    await server.stop();
    await bk.stop();
  }
}

async function configured(config: ValueRecord, env: Record<string, string> = {}): Promise<Core> {
  const { core } = providerCore(bkrepo, env);
  const told = await core.configure(config);
  expect(told.filter(({ severity }) => severity === 'error')).toEqual([]);
  return core;
}

describe('the endpoint', () => {
  it.each([
    ['the single process', {}, ''],
    ['the gateway, which takes /api before all', {}, '/api'],
    ['a path of the installation', { prefix: '/bkrepo' }, '/bkrepo'],
    ['a path of the installation and /api', { prefix: '/bkrepo' }, '/bkrepo/api'],
    ['a slash at the end', { prefix: '/bkrepo' }, '/bkrepo/'],
  ] as const)('may be %s', async (...[, options, path]) => {
    await withServer(options, async ({ server }) => {
      const core = await configured({ endpoint: server.endpoint + path, ...ADMIN });
      done(await core.ensure('bkrepo_project', project));
      const made = done(await core.ensure('bkrepo_local_repository', repository));
      const file = done(
        await core.ensure('bkrepo_generic_file', { project: 'payments', repository: 'files', path: 'a b.txt', content: 'hello' }),
      );
      const clean = path.replace(/\/$/, '');
      expect((made.state as ValueRecord)['url']).toBe(`${server.endpoint}${clean}/generic/payments/files`);
      const { url } = file.state as ValueRecord;
      expect(url).toBe(`${server.endpoint}${clean}/generic/payments/files/a%20b.txt`);
      const answer = await fetch(String(url), { headers: { authorization: `Basic ${base64('admin:password')}` } });
      expect([answer.status, await answer.text()]).toEqual([200, 'hello']);
      const fresh = await configured({ endpoint: server.endpoint + path, ...ADMIN });
      expect(await fresh.refresh(made)).toMatchObject({ instance: made, drift: [] });
      expect(server.log.filter((got) => !got.path.startsWith(`${clean}/`))).toEqual([]);
    });
  });

  it('with a wrong path gives the words of the gateway, and nothing is taken for gone', async () => {
    await withServer({ prefix: '/bkrepo' }, async ({ server }) => {
      const made = done(await (await configured({ endpoint: `${server.endpoint}/bkrepo`, ...ADMIN })).ensure('bkrepo_project', project));
      const { instance, diagnostics } = await (await configured({ endpoint: `${server.endpoint}/other`, ...ADMIN })).refresh(made);
      expect(instance).toEqual(made);
      expect(said(diagnostics)).toEqual([
        expect.stringContaining(
          'this 404 comes from a gateway, not from BK-Repo: the service is not deployed, or the endpoint has the wrong path',
        ),
      ]);
    });
  });
});

describe('who asks', () => {
  let server: TestServer | undefined;
  afterEach(() => server?.stop());

  const sent = async (config: ValueRecord, env: Record<string, string> = {}): Promise<Record<string, unknown>> => {
    server = await startServer(() => ({ status: 200, body: { code: 0, data: null } }));
    const { endpoint } = server;
    const core = await configured(env['BKREPO_ENDPOINT'] === undefined ? { endpoint, ...config } : config, {
      ...env,
      ...(env['BKREPO_ENDPOINT'] !== undefined && { BKREPO_ENDPOINT: endpoint }),
    });
    await core.import('bkrepo_user', 'alice');
    const { authorization, accept, ...rest } = server.log[0]?.headers ?? {};
    const named = ['accept-language', 'x-bkrepo-uid', 'x-bk-tenant-id'].filter((name) => rest[name] !== undefined);
    return { authorization, accept, ...Object.fromEntries(named.map((name) => [name, rest[name]])) };
  };
  const always = { accept: 'application/json', 'accept-language': 'en' };
  const uid = 'robot';

  it.each<[what: string, config: ValueRecord, env: Record<string, string>, headers: Record<string, unknown>]>([
    ['nobody', {}, {}, { authorization: undefined }],
    ['a user', { username: 'alice', password: 'päss' }, {}, { authorization: `Basic ${base64('alice:päss')}` }],
    [
      'a user of the environment',
      {},
      { BKREPO_ENDPOINT: 'set', BKREPO_USERNAME: 'alice', BKREPO_PASSWORD: 'of the environment' },
      { authorization: `Basic ${base64('alice:of the environment')}` },
    ],
    [
      'a user of the block, with the password of the environment',
      { username: 'bob' },
      { BKREPO_USERNAME: 'alice', BKREPO_PASSWORD: 'secret' },
      { authorization: `Basic ${base64('bob:secret')}` },
    ],
    [
      'a platform account',
      { access_key: 'ak', secret_key: 'sk:with:colons', uid },
      {},
      { authorization: `Platform ${base64('ak:sk:with:colons')}`, 'x-bkrepo-uid': uid },
    ],
    [
      'a platform account of the environment',
      {},
      { BKREPO_ACCESS_KEY: 'ak', BKREPO_SECRET_KEY: 'sk', BKREPO_UID: uid },
      { authorization: `Platform ${base64('ak:sk')}`, 'x-bkrepo-uid': uid },
    ],
    [
      'a platform account of the block, though the environment has a user',
      { access_key: 'ak', secret_key: 'sk', uid },
      { BKREPO_USERNAME: 'alice', BKREPO_PASSWORD: 'secret' },
      { authorization: `Platform ${base64('ak:sk')}`, 'x-bkrepo-uid': uid },
    ],
    [
      'a user of the block, though the environment has a platform account',
      { username: 'alice', password: 'secret' },
      { BKREPO_ACCESS_KEY: 'ak', BKREPO_SECRET_KEY: 'sk', BKREPO_UID: uid },
      { authorization: `Basic ${base64('alice:secret')}` },
    ],
    [
      'a user of a tenant',
      { username: 'alice', password: 'secret', tenant_id: 'north' },
      {},
      { authorization: `Basic ${base64('alice:secret')}`, 'x-bk-tenant-id': 'north' },
    ],
    [
      'a user of a tenant of the environment',
      { username: 'alice', password: 'secret' },
      { BKREPO_TENANT_ID: 'north' },
      { authorization: `Basic ${base64('alice:secret')}`, 'x-bk-tenant-id': 'north' },
    ],
  ])('is %s', async (...[, config, env, headers]) => {
    expect(await sent(config, env)).toEqual({ ...always, ...headers });
  });

  it('is warned of when it is nobody', async () => {
    const { core } = providerCore(bkrepo);
    expect(await core.configure({ endpoint: 'http://127.0.0.1:9' })).toEqual([
      {
        severity: 'warning',
        summary: 'No Credentials',
        detail: expect.stringContaining('BKREPO_USERNAME, BKREPO_PASSWORD') as unknown,
      },
    ]);
    expect(await core.configure({ endpoint: 'http://127.0.0.1:9', headers: [{ name: 'Authorization', value: 'Bearer x' }] })).toEqual([]);
  });

  it.each<[what: string, config: ValueRecord, told: readonly string[]]>([
    ['a user without a password', { username: 'alice' }, ['Missing Attribute username']],
    ['a password without a user', { password: 'secret' }, ['Missing Attribute password']],
    ['an access key alone', { access_key: 'ak' }, ['Missing Attribute access_key', 'Missing Attribute access_key']],
    ['a secret key alone', { secret_key: 'sk' }, ['Missing Attribute secret_key']],
    ['no uid', { access_key: 'ak', secret_key: 'sk' }, ['Missing Attribute access_key']],
    ['a uid alone', { uid: 'robot' }, ['Missing Attribute uid']],
    [
      'both',
      { username: 'alice', password: 'secret', access_key: 'ak', secret_key: 'sk', uid: 'robot' },
      ['Conflicting Attributes access_key', 'Conflicting Attributes access_key'],
    ],
    ['a user with a colon', { username: 'a:b', password: 'secret' }, ['Invalid Attribute Value username']],
    ['a password with a colon', { username: 'alice', password: 'se:cret' }, ['Invalid Attribute Value password']],
    ['a uid that no header can carry', { access_key: 'ak', secret_key: 'sk', uid: 'ü' }, ['Invalid Attribute Value uid']],
    ['an empty secret key', { access_key: 'ak', secret_key: '', uid: 'robot' }, ['Invalid Attribute Value secret_key']],
  ])('is an error at its attribute: %s', async (...[, config, told]) => {
    const { core } = providerCore(bkrepo);
    const diagnostics = await core.configure({ endpoint: 'http://127.0.0.1:9', ...config });
    // A missing companion is told once at validation, where core shows it, and again when the block is read.
    const places = diagnostics.map(({ summary, path }) => `${summary} ${String(path)}`);
    expect(places.slice(0, told.length)).toEqual(told);
    expect(new Set(places)).toEqual(new Set(told));
    expect(JSON.stringify(diagnostics)).not.toMatch(/se:?cret\b(?!_)(?!")/);
  });

  it('is the user in whose name the platform account acts, at a real server', async () => {
    await withServer({}, async ({ bk, server }) => {
      await bk.user('robot');
      const core = await configured({ endpoint: server.endpoint, ...PLATFORM, uid: 'robot' });
      done(await core.ensure('bkrepo_project', project));
      expect(await bk.done('GET', '/repository/api/project/list?names=payments')).toMatchObject([{ createdBy: 'robot' }]);
    });
  });
});

describe('a server with tenants', () => {
  it('keeps projects under the name of the tenant, by which other objects refer to them', async () => {
    await withServer({ multiTenant: true }, async ({ bk, server }) => {
      const login = { endpoint: server.endpoint, ...ADMIN, tenant_id: 'north' };
      const core = await configured(login);
      const made = done(await core.ensure('bkrepo_project', { ...project, disable_on_destroy: true, metadata: { deptName: 'payments' } }));
      expect(made.state).toMatchObject({ name: 'payments', project_id: 'north.payments' });
      const own = done(await core.ensure('bkrepo_local_repository', { ...repository, project: 'north.payments' }));
      const other = done(await core.ensure('bkrepo_project', { ...project, name: 'other' }));
      const fresh = await configured(login);
      for (const instance of [made, other, made, own]) expect(await fresh.refresh(instance)).toMatchObject({ instance, drift: [] });
      expect(done(await fresh.import('bkrepo_project', 'payments')).state).toMatchObject({
        name: 'payments',
        project_id: 'north.payments',
      });
      done(await fresh.ensure('bkrepo_project', { ...project, disable_on_destroy: true, display_name: 'Renamed' }, made));
      await fresh.apply(await fresh.plan('bkrepo_project', null, made));
      const listed = await bk.done('GET', '/repository/api/project/list', { headers: { 'x-bk-tenant-id': 'north' } });
      expect(listed).toContainEqual(
        expect.objectContaining({
          name: 'north.payments',
          displayName: 'Renamed',
          metadata: expect.arrayContaining([{ key: 'enabled', value: false }]) as unknown,
        }),
      );
    });
  });

  it('refuses a project without a tenant, with its own words', async () => {
    await withServer({ multiTenant: true }, async ({ server }) => {
      const { instance, diagnostics } = await (await configured({ endpoint: server.endpoint, ...ADMIN })).ensure('bkrepo_project', project);
      expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Refused by the Server']]);
      expect(diagnostics[0]?.detail).toMatch(/with code 250105: .*tenantId/);
    });
  });
});
