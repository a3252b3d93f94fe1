import type { ValueRecord } from '../../../src/common/value';
import { kubesphere } from '../../../src/resources/kubesphere';
import type { Core, Instance } from '../../../src/testing/core';
import { startServer, type TestServer } from '../../../src/testing/http-server';
import { readData } from '../../../src/testing/read-subject';
import { done } from '../../../src/testing/subject';
import { configured, providerCore } from '../../../src/testing/target';
import { ADMIN, PASSWORD, said, Stand, TYPE } from './stand';

describe('a login', () => {
  let stand: Stand;
  beforeAll(async () => void (stand = await Stand.start({ accessTokenMaxAge: 2, accessTokenInactivityTimeout: 2 })));
  afterAll(() => stand.stop());
  const logins = (at = stand): number => at.server.log.filter(({ path }) => path === '/oauth/token').length;
  const config = (name: string): ValueRecord => ({ name, workspace: 'demo', url: stand.url() });

  it('is one for many operations at the same time, and none for a plan without requests', async () => {
    // However slow the machine is, no token expires.
    const lasting = await Stand.start();
    const core = await lasting.core();
    await Promise.all(Array.from({ length: 12 }, (_, index) => core.ensure(TYPE, config(`many-${index}`)).then(done)));
    expect(logins(lasting)).toBe(1);
    const idle = await lasting.core();
    await idle.validate(TYPE, config('idle'));
    expect(logins(lasting)).toBe(1);
    await lasting.stop();
  });

  it('that expires in the middle of an apply is renewed', async () => {
    const core = await stand.core();
    stand.charts.slowness = 3000;
    const before = logins();
    const made = done(await core.ensure(TYPE, { ...config('expires'), url: stand.url('/slow'), validate: false, wait_for_sync: true }));
    stand.charts.slowness = 0;
    expect(made.state).toMatchObject({ status: 'successful' });
    expect(logins()).toBeGreaterThan(before + 1);
  });

  it('that is refused is tried once, whatever asks', async () => {
    const core = await stand.core({}, { username: 'admin', password: 'not-the-one' });
    const before = logins();
    const all = await Promise.all(Array.from({ length: 5 }, (_, index) => core.ensure(TYPE, config(`refused-${index}`))));
    expect(logins()).toBe(before + 1);
    for (const { instance, diagnostics } of all) {
      expect(instance).toBeUndefined();
      expect(said(diagnostics).at(-1)).toMatch(/the login was refused.*username or password is wrong/);
    }
    expect(JSON.stringify(all)).not.toContain('not-the-one');
  });

  it.each([
    ['an unknown client', { client_id: 'nobody' }, /client_id or client_secret is wrong/],
    ['a wrong client secret', { client_secret: 'wrong-secret' }, /client_id or client_secret is wrong/],
  ])('with %s says so', async (_, more, text) => {
    const { diagnostics } = await (await stand.core(more)).ensure(TYPE, config('client'));
    expect(said(diagnostics).at(-1)).toMatch(text);
    expect(JSON.stringify(diagnostics)).not.toContain('wrong-secret');
  });

  it('is missing where there are no credentials', async () => {
    const { core } = providerCore(kubesphere);
    expect(await core.configure({ endpoint: stand.server.endpoint })).toMatchObject([{ severity: 'warning', summary: 'No Credentials' }]);
    const { diagnostics } = await core.ensure(TYPE, config('anonymous'));
    expect(said(diagnostics).at(-1)).toMatch(/system:anonymous.*the provider is not logged in: set token, or username and password/);
  });

  it('by a token that is wrong or expired says so, and does not show it', async () => {
    const { diagnostics } = await (await stand.core({}, { token: 'not-a-token' })).ensure(TYPE, config('token'));
    expect(said(diagnostics).at(-1)).toMatch(/the token is invalid, expired or revoked/);
    expect(JSON.stringify(diagnostics)).not.toContain('not-a-token');
  });

  it('comes from the environment', async () => {
    const env = {
      KUBESPHERE_ENDPOINT: stand.server.endpoint,
      KUBESPHERE_USERNAME: 'admin',
      KUBESPHERE_PASSWORD: String(ADMIN['password']),
    };
    done(await (await configured(kubesphere, {}, env)).ensure(TYPE, config('environment')));
  });
});

describe('roles', () => {
  let stand: Stand;
  beforeAll(async () => void (stand = await Stand.start()));
  afterAll(() => stand.stop());
  const as = (role: string): Promise<Core> => stand.core({}, { username: `demo-${role}`, password: PASSWORD });
  const config = (name: string): ValueRecord => ({ name, workspace: 'demo', url: stand.url() });

  it('a user who may not tell the server to sync is warned, and fails only where it is waited for', async () => {
    const { instance, diagnostics } = await (await as('manager')).ensure(TYPE, config('quiet'));
    expect(instance?.tainted).toBeUndefined();
    expect(diagnostics).toMatchObject([{ severity: 'warning', path: 'sync_on_change', summary: 'Repository Not Synced' }]);
    const waits = await (await as('manager')).ensure(TYPE, { ...config('waits'), wait_for_sync: true });
    expect([waits.instance?.tainted, waits.diagnostics.at(-1)?.summary]).toEqual([true, 'Not Allowed']);
  });

  it('a user who may only look is told what is missing', async () => {
    const { diagnostics } = await (await as('viewer')).ensure(TYPE, config('looks'));
    expect(said(diagnostics).at(-1)).toMatch(/cannot create resource "repos"/);
  });
});

describe('the generation', () => {
  it('is asked for once in a process, and not at all where it is given', async () => {
    const stand = await Stand.start({ version: '3.4' });
    try {
      const versions = (): number => stand.server.log.filter(({ path }) => path.endsWith('/version')).length;
      const core = await stand.core();
      await Promise.all(['a', 'b', 'c'].map((name) => core.ensure(TYPE, { name, workspace: 'demo', url: stand.url() }).then(done)));
      expect(versions()).toBe(1);
      for (const api_version of ['4', 'v4']) {
        const wrong = await (await stand.core({ api_version })).ensure(TYPE, { name: 'd', workspace: 'demo', url: stand.url() });
        expect(said(wrong.diagnostics).at(-1)).toMatch(/no such route: it is of another generation than api_version says/);
      }
      for (const api_version of ['3', 'v3'])
        done(await (await stand.core({ api_version })).ensure(TYPE, { name: `e${api_version}`, workspace: 'demo', url: stand.url() }));
    } finally {
      await stand.stop();
    }
  });
});

describe('the version', () => {
  let server: TestServer;
  const version = (gitVersion: string) => ({ status: 200, body: { gitVersion, kubernetes: { gitVersion: 'v1.33.4' } } });
  const shut = { status: 403, body: { message: 'forbidden: User "x" cannot GET path', reason: 'Forbidden', code: 403 } };
  const missing = { status: 404, text: '404: Page Not Found\n' };
  afterEach(() => server.stop());

  it.each([
    ['a released 4', { '/version': version('v4.1.3') }, '4.1.3', 'application.kubesphere.io/v2'],
    ['a released 3', { '/kapis/version': version('v3.4.1') }, '3.4.1', 'openpitrix.io/v1'],
    ['an unstamped 4', { '/version': version('v0.0.0') }, '4', 'application.kubesphere.io/v2'],
    ['an unstamped 3, whose user may not look further', { '/kapis/version': version('v0.0.0') }, '3', 'openpitrix.io/v1'],
    [
      'a 4 behind its console',
      { '/version': { status: 200, text: '<!doctype html>' }, '/kapis/application': { status: 200, body: { items: null } } },
      '4',
      'application.kubesphere.io/v2',
    ],
    ['a 3 that tells no version', { '/kapis/application': missing }, '3', 'openpitrix.io/v1'],
  ])('of %s is known', async (_, answers, ...[told, group]) => {
    server = await startServer(({ path }) => Object.entries(answers).find(([at]) => path.startsWith(at))?.[1] ?? shut);
    const { core, logs } = providerCore(kubesphere);
    await core.configure({ endpoint: server.endpoint, token: 'any-token', max_retries: 0 });
    await readData(core, 'kubesphere_app_repositories', { workspace: 'demo' }).catch(() => undefined);
    expect(logs.join('\n')).toContain(`"version":"${told}"`);
    expect(server.calls()).toContainEqual(expect.stringMatching(new RegExp(`^GET /kapis/${group}/workspaces/demo/repos`)));
  });
});

describe.each(['3.4', '4.1'] as const)('on KubeSphere %s', (version) => {
  let stand: Stand;
  beforeAll(async () => void (stand = await Stand.start({ version, strict: true })));
  afterAll(() => stand.stop());
  afterEach(() => stand.server.heal());
  const group = version === '3.4' ? 'openpitrix.io/v1' : 'application.kubesphere.io/v2';
  const create = { method: 'POST', path: new RegExp(`${group}/workspaces/demo/repos$`) };
  const all = async (): Promise<unknown> =>
    ((await stand.ks.done('GET', `/kapis/${group}/workspaces/demo/repos?limit=-1`)) as { items: unknown[] | null }).items ?? [];

  it('a create whose answer is lost is found again', async () => {
    stand.server.fault({ kind: 'lost', ...create });
    const made = await stand.made({ name: 'lost', description: 'mine' });
    expect(made.tainted).toBeUndefined();
    expect(await all()).toHaveLength(1);
    const core = await stand.core();
    await core.apply(await core.plan(TYPE, null, made));
  });

  it('a create that validates for long and then fails leaves nothing', async () => {
    stand.charts.slowness = 3000;
    stand.charts.indexes.set('/slow', '<html>');
    // Much longer than other requests may take.
    const core = await stand.core({ request_timeout: 2 });
    for (const validate of [true, false]) {
      const { instance, diagnostics } = await core.ensure(TYPE, { name: 'slow', workspace: 'demo', url: stand.url('/slow'), validate });
      expect([instance, said(diagnostics).at(-1)]).toEqual([
        undefined,
        expect.stringMatching(/index\.yaml is not the index of a Helm repository/),
      ]);
    }
    stand.charts.slowness = 0;
    expect(await all()).toEqual([]);
  });

  it('a repository that was deleted by hand is planned for creation', async () => {
    const made = await stand.made({ name: 'gone' });
    const { id } = made.state as { id: string };
    await stand.ks.done('DELETE', `/kapis/${group}/workspaces/demo/repos/${id}`);
    while ((await stand.ks.call('GET', `/kapis/${group}/workspaces/demo/repos/${id}`)).status === 200)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const core = await stand.core();
    const { instance, diagnostics } = await core.refresh(made);
    expect([instance, diagnostics]).toMatchObject([undefined, [{ severity: 'warning' }]]);
    expect((await core.plan(TYPE, { name: 'gone', workspace: 'demo', url: stand.url() })).action).toBe('create');
  });
});

it.each(['3.4', '4.1'] as const)(
  '1,000 repositories in 20 workspaces of %s are refreshed by 20 lists',
  async (version) => {
    const workspaces = Array.from({ length: 20 }, (_, index) => `w${index}`);
    const stand = await Stand.start({ version, workspaces });
    try {
      const maker = await stand.core();
      const configs = workspaces.flatMap((workspace) =>
        Array.from({ length: 50 }, (_, index) => ({ workspace, name: `${workspace}-r${index}` })),
      );
      const made: Instance[] = await Promise.all(
        configs.map(async (config) =>
          done(await maker.ensure(TYPE, { ...config, url: stand.url(), validate: false, sync_on_change: false })),
        ),
      );
      const core = await stand.core();
      const calls = await stand.asked(() => Promise.all(made.map((one) => core.refresh(one))));
      const lists = calls.filter((call) => /\/repos(\?limit=-1)?$/.test(call));
      expect(lists.map((call) => /workspaces\/(w\d+)\//.exec(call)?.[1]).sort()).toEqual([...workspaces].sort());
      // Of each workspace the first one is read by itself.
      expect(calls.length - lists.length).toBeLessThanOrEqual(20);
    } finally {
      await stand.stop();
    }
  },
  120_000,
);
