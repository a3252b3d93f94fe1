import { setTimeout as sleep } from 'node:timers/promises';
import { migrateStore } from '../../../src/registry/maintenance/migrate';
import { TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { openStore } from '../../../src/registry/store/store';
import { ChartServer, GOOD_INDEX } from '../../support/chart-server';
import { TestKubeSphere, V3, V4 } from '../../support/kubesphere';
import { afterwards, cleanUp, tempFolder } from '../helpers';
import { databaseOf, describePostgres, onServer } from '../postgres';

const DEMO = `${V4}/workspaces/demo`;

interface Shown {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly spec: { readonly description?: string };
  readonly status: { readonly state?: string };
}

let charts: ChartServer;
beforeAll(async () => {
  charts = await ChartServer.start();
});
afterAll(() => charts.stop());
afterEach(cleanUp);

type Options = Parameters<typeof TestKubeSphere.start>[0];

async function start(options: Options): Promise<TestKubeSphere> {
  const ks = await TestKubeSphere.start({ secondMs: 100, reactionMs: 5, ...options });
  const end = ks.stop.bind(ks);
  let ended: Promise<void> | undefined;
  const stop = () => (ended ??= end());
  afterwards(stop);
  return Object.assign(ks, { stop });
}

const body = (name: string, spec: object = {}) => ({
  metadata: { name, labels: { 'kubesphere.io/workspace': 'demo' } },
  spec: { url: `http://${charts.host}/good`, syncPeriod: 0, ...spec },
});
const make = (ks: TestKubeSphere, name: string, spec?: object) => ks.call('POST', `${DEMO}/repos`, { body: body(name, spec) });
const change = (ks: TestKubeSphere, name: string, description: string) =>
  ks.call('PATCH', `${DEMO}/repos/${name}`, { body: body(name, { description }) });
const list = async (ks: TestKubeSphere) => ((await ks.done('GET', `${DEMO}/repos?sortBy=name`)) as { items: Shown[] | null }).items ?? [];

async function becomes(ks: TestKubeSphere, name: string, state: string): Promise<Shown> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const repo = (await ks.done('GET', `${DEMO}/repos/${name}`)) as Shown;
    if (repo.status.state === state) return repo;
    await sleep(25);
  }
  throw new Error(`${name} did not become ${state}`);
}

test('objects outlive the process, and their resource versions go on from where they were', async () => {
  const data = tempFolder();
  const first = await start({ data });
  await make(first, 'kept', { syncPeriod: 10_000 });
  const before = await becomes(first, 'kept', 'successful');
  await make(first, 'gone');
  await first.done('DELETE', `${DEMO}/repos/gone`);
  await first.stop();
  const second = await start({ data });
  expect(await list(second)).toEqual([before]);
  expect(((await second.done('GET', `${DEMO}/apps`)) as { totalItems: number }).totalItems).toBe(1);
  expect((await change(second, 'kept', 'changed')).status).toBe(200);
  const [after] = await list(second);
  expect(Number(after?.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion) + 2);
});

describePostgres(() => {
  async function replicas(options: Options = {}) {
    const data = tempFolder();
    const databaseUrl = await databaseOf(data);
    const [one, other] = await Promise.all([0, 1].map(() => start({ data, databaseUrl, ...options })));
    return { one: one!, other: other!, databaseUrl, again: () => start({ data, databaseUrl, ...options }) };
  }

  test('what is changed at one is what the other shows next, and of changes at the same time one holds', async () => {
    const { one, other } = await replicas();
    const made = await Promise.all([one, other, one, other].map((ks) => make(ks, 'same')));
    expect(made.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    // The controller's own change is over.
    await becomes(one, 'same', 'created');
    for (let n = 0; n < 10; n++) {
      const [writer, reader] = n % 2 ? [one, other] : [other, one];
      expect((await change(writer, 'same', `step ${n}`)).status).toBe(200);
      expect(((await reader.done('GET', `${DEMO}/repos/same`)) as Shown).spec.description).toBe(`step ${n}`);
    }
    await Promise.all(Array.from({ length: 12 }, (_, n) => make(n % 2 ? one : other, `repo-${n}`)));
    const taken = new Map<string, Set<string | undefined>>();
    const changing = Array.from({ length: 24 }, async (_, n) => {
      const [name, text] = [`repo-${n % 12}`, `by ${n}`];
      const { status } = await change(n % 2 ? one : other, name, text);
      if (status === 200) taken.set(name, new Set([...(taken.get(name) ?? []), text]));
      return status;
    });
    expect(new Set(await Promise.all(changing))).toEqual(new Set([200, 500]));
    const [here, there] = [await list(one), await list(other)];
    expect(here).toEqual(there);
    expect(new Set(here.map(({ metadata }) => metadata.resourceVersion)).size).toBe(13);
    // What was refused is not there.
    for (const [name, texts] of taken) expect(texts).toContain(here.find(({ metadata }) => metadata.name === name)?.spec.description);
    await Promise.all(here.map(({ metadata }, n) => (n % 2 ? one : other).done('DELETE', `${DEMO}/repos/${metadata.name}`)));
    expect([await list(one), await list(other)]).toEqual([[], []]);
  });

  test('one of them synchronizes a repository, and another goes on with it when that one is gone', async () => {
    const { one, other, again } = await replicas();
    const before = charts.count('/good');
    await make(one, 'once', { syncPeriod: 10_000 });
    await becomes(other, 'once', 'successful');
    await sleep(1500);
    expect(charts.count('/good') - before).toBe(2);
    await other.done('POST', `${DEMO}/repos/once/action`, { body: {} });
    for (const end = Date.now() + 20_000; charts.count('/good') - before < 3 && Date.now() < end;) await sleep(25);
    await becomes(one, 'once', 'successful');
    expect(charts.count('/good') - before).toBe(3);

    let isSlow = false;
    charts.charts['/slow'] = (_request, response) => void (isSlow ? response.write('apiVersion: v1\n') : response.end(GOOD_INDEX));
    await make(one, 'handed', { url: `http://${charts.host}/slow` });
    await becomes(one, 'handed', 'created');
    await other.stop();
    isSlow = true;
    await one.done('POST', `${DEMO}/repos/handed/action`, { body: {} });
    await becomes(one, 'handed', 'syncing');
    const third = await again();
    await sleep(300);
    isSlow = false;
    expect(((await third.done('GET', `${DEMO}/repos/handed`)) as Shown).status.state).toBe('syncing');
    await one.stop();
    await becomes(third, 'handed', 'successful');
  });

  test('a repository that goes takes its applications along, also when who made them is gone', async () => {
    const { one, other, again } = await replicas();
    await make(one, 'parent', { syncPeriod: 10_000 });
    await becomes(one, 'parent', 'successful');
    await one.stop();
    await other.done('DELETE', `${DEMO}/repos/parent`);
    await other.stop();
    const third = await again();
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      if (((await third.done('GET', `${DEMO}/apps`)) as { totalItems: number }).totalItems === 0) return;
      await sleep(25);
    }
    throw new Error('the applications are still there');
  });

  test('a process that has missed more changes than are remembered reads all objects anew', async () => {
    const { one, other, databaseUrl } = await replicas();
    await make(one, 'changed');
    await make(one, 'removed');
    expect(await list(other)).toHaveLength(2);
    await becomes(one, 'changed', 'created');
    expect((await change(one, 'changed', 'again')).status).toBe(200);
    await one.done('DELETE', `${DEMO}/repos/removed`);
    await make(one, 'new');
    await becomes(one, 'new', 'created');
    const schema = /search_path=(\w+)/.exec(decodeURIComponent(databaseUrl))?.[1] ?? '';
    await onServer(Number(new URL(databaseUrl).port), (client) => client.query(`delete from ${schema}.kubesphere_changes`));
    expect((await change(one, 'new', 'last')).status).toBe(200);
    expect((await list(other)).map(({ metadata, spec }) => [metadata.name, spec.description])).toEqual([
      ['new', 'last'],
      ['changed', 'again'],
    ]);
  });

  test('a store that is moved to a database takes its objects along, with their resource versions', async () => {
    const [before, data] = [tempFolder(), tempFolder()];
    const first = await start({ data: before });
    await make(first, 'moved', { syncPeriod: 10_000 });
    const repo = await becomes(first, 'moved', 'successful');
    await first.stop();
    const databaseUrl = await databaseOf(data);
    const source = await openStore(before, TABLES);
    const target = await openStore(data, TABLES, { database: readDatabase(databaseUrl, {}) });
    await migrateStore(source, target, { line: () => undefined, progress: () => undefined });
    await Promise.all([source.close(), target.close()]);
    const [one, other] = [await start({ data, databaseUrl }), await start({ data, databaseUrl })];
    expect([await list(one), await list(other)]).toEqual([[repo], [repo]]);
    expect((await change(other, 'moved', 'there')).status).toBe(200);
    const [after] = await list(one);
    expect(Number(after?.metadata.resourceVersion)).toBeGreaterThan(Number(repo.metadata.resourceVersion));
  });

  test('version 3 and its workspaces are the same at both, and so are logins that end each other', async () => {
    const { one, other } = await replicas({ version: '3.4', multipleLogin: false });
    const { repo_id: id } = (await one.done('POST', `${V3}/workspaces/demo/repos`, {
      body: { name: 'charts', url: `http://${charts.host}/good`, type: 'http' },
    })) as { repo_id: string };
    expect(await other.done('GET', `${V3}/repos/${id}`)).toMatchObject({ name: 'charts' });
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      const { status } = (await other.done('GET', `${V3}/repos/${id}`)) as { status: string };
      if (status === 'successful') break;
      await sleep(25);
    }
    const shown = async (ks: TestKubeSphere) => (await ks.done('GET', `${V3}/apps?conditions=repo_id%3D${id}`)) as object;
    expect(await shown(one)).toMatchObject({ total_count: 1 });
    expect(await shown(other)).toEqual(await shown(one));
    await other.done('DELETE', `${V3}/repos/${id}`);
    for (const end = Date.now() + 20_000; Date.now() < end && (await one.call('GET', `${V3}/repos/${id}`)).status === 200;) await sleep(25);
    expect((await one.call('GET', `${V3}/repos/${id}`)).status).not.toBe(200);

    const login = { username: 'admin', password: 'P@88w0rd' };
    const token = async (ks: TestKubeSphere) => ((await ks.token(login)).json as { access_token: string }).access_token;
    const status = async (ks: TestKubeSphere, bearer: string) =>
      (await ks.call('GET', `${V3}/repos`, { as: null, headers: { authorization: `Bearer ${bearer}` } })).status;
    const first = await token(one);
    expect([await status(one, first), await status(other, first)]).toEqual([200, 200]);
    await sleep(1100);
    const second = await token(other);
    expect([await status(one, first), await status(one, second)]).toEqual([401, 200]);
  });
});
