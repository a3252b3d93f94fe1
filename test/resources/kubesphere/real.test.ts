import type { ValueRecord } from '../../../src/common/value';
import { kubesphere } from '../../../src/resources/kubesphere';
import type { Core, Instance } from '../../../src/testing/core';
import { readData } from '../../../src/testing/read-subject';
import { done, freshPlan } from '../../../src/testing/subject';
import { providerCore } from '../../../src/testing/target';
import { reader } from '../../support/charts';
import { DEFAULT_PASSWORD } from '../../../src/registry/kubesphere';
import { said, Stand, TYPE } from './stand';

/** A server to run this against. */
interface Place {
  readonly endpoint: string;
  readonly username: string;
  readonly password: string;
  /** Where its chart server has /good, /good2, /auth, /html, /noapi and nothing under /none, as the server reaches it. */
  readonly charts: string;
  stop(): Promise<void>;
}

/**
 * Against a real KubeSphere with the workspace `demo`: `KUBESPHERE_REAL=<endpoint>,<administrator>,<password>,<URL of the charts>`, several
 * ones separated by spaces. The charts are those of test/support/charts.ts. Against the embedded ones otherwise.
 */
const real = (process.env['KUBESPHERE_REAL'] ?? '').split(' ').filter((text) => text !== '');

const places: readonly (readonly [string, () => Promise<Place>])[] =
  real.length > 0
    ? real.map((text) => {
        const [endpoint = '', username = '', password = '', charts = ''] = text.split(',');
        return [endpoint, () => Promise.resolve({ endpoint, username, password, charts, stop: () => Promise.resolve() })] as const;
      })
    : (['3.4', '4.1.2', '4.1'] as const).map((version) => [
        `the registry as ${version}`,
        async () => {
          const stand = await Stand.start({ version, strict: true });
          const { ks, charts } = stand;
          return { endpoint: ks.url, username: 'admin', password: DEFAULT_PASSWORD, charts: charts.endpoint, stop: () => stand.stop() };
        },
      ]);

const minutes = 60_000;
const unique = `t${Date.now().toString(36)}`;

describe.each(places)('on %s', (_, start) => {
  let place: Place;
  let isOld = false;
  let hasAction = false;
  const left: Instance[] = [];
  beforeAll(async () => {
    place = await start();
    const found = await fetch(`${place.endpoint}/version`);
    const version = found.status === 200 ? ((await found.json()) as { gitVersion: string }).gitVersion : 'v3';
    isOld = version.startsWith('v3');
    hasAction = !isOld && version !== 'v4.1.2';
  });
  afterAll(async () => {
    for (const instance of left) await (await core()).apply(await (await core()).plan(TYPE, null, instance));
    await place.stop();
  });

  async function core(config: ValueRecord = {}): Promise<Core> {
    const { endpoint, username, password } = place;
    const { core: made } = providerCore(kubesphere);
    const told = await made.configure({ endpoint, username, password, ...config });
    expect(told).toEqual([]);
    return made;
  }

  const config = (name: string, more: ValueRecord = {}): ValueRecord => ({
    name: `${unique}-${name}`,
    workspace: 'demo',
    url: `${place.charts}/good`,
    sync_period: '1h',
    ...more,
  });

  async function made(values: ValueRecord, prior?: Instance): Promise<Instance> {
    const instance = done(await (await core()).ensure(TYPE, values, prior));
    left.push(instance);
    return instance;
  }

  it(
    'a repository goes through its life',
    async () => {
      const values = config('life', { description: 'a <b> & c', wait_for_sync: true, ...(!isOld && { display_name: 'Life & more' }) });
      const first = await made(values);
      expect(first.state).toMatchObject({ ...values, status: 'successful' });
      expect(await freshPlan(await core(), values, first)).toMatchObject({ action: 'none', drift: [] });
      const imported = await (await core()).import(TYPE, `demo/${unique}-life`);
      expect(imported.instance?.state).toMatchObject({ name: `${unique}-life`, url: `${place.charts}/good`, sync_period: '1h' });
      const second = await made(
        { ...values, description: '', sync_period: '0', url: `${place.charts}/good2/`, wait_for_sync: hasAction },
        first,
      );
      expect(second.state).toMatchObject({ description: '', sync_period: '0', url: `${place.charts}/good2/` });
      const gone = await (await core()).apply(await (await core()).plan(TYPE, null, second));
      expect(gone).toEqual({ instance: undefined, diagnostics: [] });
      expect((await (await core()).refresh(second)).instance).toBeUndefined();
    },
    3 * minutes,
  );

  it(
    'an import by id finds the repository',
    async () => {
      const first = await made(config('byid'));
      const { id } = first.state as { id: string };
      for (const importId of [id, `demo/${id}`])
        expect((await (await core()).import(TYPE, importId)).instance?.state).toMatchObject({
          id,
          name: `${unique}-byid`,
          workspace: 'demo',
        });
    },
    minutes,
  );

  it(
    'credentials are used, kept, changed and removed',
    async () => {
      const { username, password } = reader;
      const values = config('auth', { url: `${place.charts}/auth`, username, password_wo: password, wait_for_sync: true });
      const first = await made(values);
      expect(first.state).toMatchObject({ url: `${place.charts}/auth`, username, password_wo: null, status: 'successful' });
      const second = await made({ ...values, description: 'kept', wait_for_sync: false }, first);
      expect(await freshPlan(await core(), { ...values, description: 'kept', wait_for_sync: false }, second)).toMatchObject({
        action: 'none',
      });
      const wrong = await (await core()).ensure(TYPE, { ...values, password_wo: 'not-the-one' }, second);
      expect(said(wrong.diagnostics)).toEqual([expect.stringMatching(/401 Unauthorized.*user name or password is wrong/)]);
      expect(JSON.stringify(wrong.diagnostics)).not.toContain('not-the-one');
      const open = await made(config('auth'), second);
      expect(open.state).toMatchObject({ username: null, url: `${place.charts}/good` });
      // Version 3 refuses to add credentials, so it is replaced.
      const again = await made({ ...values, wait_for_sync: isOld }, open);
      expect(again.state).toMatchObject({ username, url: `${place.charts}/auth` });
    },
    3 * minutes,
  );

  it('what cannot be read is told by the codes of the form', async () => {
    const cases = [['/good', 0], ['/html', 115], ['/none', 113], ['/auth', 109], ...(isOld ? [['/noapi', 115] as const] : [])] as const;
    for (const [path, code] of cases) {
      const { state } = await readData(await core(), 'kubesphere_app_repository_validation', {
        workspace: 'demo',
        url: place.charts + path,
      });
      expect([path, state]).toEqual([path, expect.objectContaining({ ok: code === 0, code })]);
    }
    for (const [url, code] of [
      ['http://127.0.0.1:9/x', 109],
      ['http://no-such-host.invalid/x', 109],
    ] as const) {
      const { state } = await readData(await core(), 'kubesphere_app_repository_validation', { workspace: 'demo', url });
      expect([url, state]).toEqual([url, expect.objectContaining({ ok: false, code })]);
    }
  });

  it('a create that fails leaves nothing, and a second one of the name is a conflict', async () => {
    const bad = await (await core()).ensure(TYPE, config('bad', { url: `${place.charts}/none`, validate: false }));
    expect([bad.instance, said(bad.diagnostics)]).toEqual([undefined, [expect.stringMatching(/404 Not Found.*it has no index\.yaml/)]]);
    const listed = await readData(await core(), 'kubesphere_app_repositories', { workspace: 'demo', name_pattern: `^${unique}-bad$` });
    expect(listed.state).toMatchObject({ repositories: [] });
    await made(config('twice'));
    const twice = await (await core()).ensure(TYPE, config('twice'));
    expect(twice.diagnostics).toMatchObject([{ summary: 'Already on the Server' }]);
  });

  it(
    'a sync brings applications',
    async () => {
      await made(config('apps', { wait_for_sync: true }));
      // Reads come from a cache that hears of objects a moment later than they are there.
      for (let left = 20, names: unknown[] = []; names.length === 0; left -= 1) {
        const wanted = { workspace: 'demo', repository: `${unique}-apps` };
        const { state } = await readData(await core(), 'kubesphere_applications', wanted);
        names = (state as { applications: { name: string }[] }).applications.map(({ name }) => name);
        if (left === 0) expect(names).not.toEqual([]);
        await new Promise((resolve) => setTimeout(resolve, names.length === 0 ? 100 : 0));
      }
    },
    2 * minutes,
  );

  it('a workspace that does not exist is refused before anything is stored', async () => {
    const { instance, diagnostics } = await (await core()).ensure(TYPE, config('orphan', { workspace: 'no-such-workspace' }));
    expect([instance, diagnostics.map(({ severity, path }) => [severity, path])]).toEqual([undefined, [['error', 'workspace']]]);
  });
});
