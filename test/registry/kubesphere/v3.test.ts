import { setTimeout as sleep } from 'node:timers/promises';
import { ChartServer, GOOD_INDEX, indexOf } from '../../support/chart-server';
import { TestKubeSphere, V3 } from '../../support/kubesphere';

const DEMO = `${V3}/workspaces/demo`;
/** A second of the controller takes so many milliseconds: its pause of 60 s is 1,500 ms. */
const secondMs = 25;

let charts: ChartServer;
let ks: TestKubeSphere;
beforeAll(async () => {
  charts = await ChartServer.start();
  ks = await TestKubeSphere.start({ version: '3.4', secondMs, reactionMs: 5 });
});
afterAll(async () => {
  await ks.stop();
  await charts.stop();
});

interface SyncEvent {
  readonly status: string;
  readonly result?: string;
}

async function make(fields: { readonly name: string; readonly url?: string; readonly sync_period?: string }): Promise<string> {
  const body = { url: `http://${charts.host}/good`, credential: '{}', type: 'http', ...fields };
  return ((await ks.done('POST', `${DEMO}/repos`, { body })) as { repo_id: string }).repo_id;
}

const patch = (id: string, body: object) => ks.done('PATCH', `${DEMO}/repos/${id}`, { body });
const events = async (id: string) => ((await ks.done('GET', `${DEMO}/repos/${id}/events`)) as { items: SyncEvent[] }).items;
const status = async (id: string) => ((await ks.done('GET', `${DEMO}/repos/${id}`)) as { status: string }).status;
const apps = async (id: string) => {
  const { items } = (await ks.done('GET', `${DEMO}/apps?conditions=repo_id%3D${id}`)) as { items: { name: string }[] };
  return items.map(({ name }) => name);
};

async function synced(id: string, count: number): Promise<readonly SyncEvent[]> {
  for (const end = Date.now() + 30_000; Date.now() < end;) {
    const found = await events(id);
    if (found.length >= count) return found;
    await sleep(10);
  }
  throw new Error(`${id} was synchronized ${(await events(id)).length} times`);
}

test('a repository is synchronized once, also with the period 0, and brings its charts', async () => {
  const reads: (() => void)[] = [];
  // The first read is the check; those of the controller are answered when the test says so.
  charts.charts['/once'] = (_request, response) => {
    reads.push(() => response.end(GOOD_INDEX));
    if (reads.length === 1) reads[0]?.();
  };
  const id = await make({ name: 'once', url: `http://${charts.host}/once`, sync_period: '0s' });
  while (reads.length < 2) await sleep(10);
  expect(await status(id)).toBe('syncing');
  reads[1]?.();
  await synced(id, 1);
  expect([await status(id), await apps(id)]).toEqual(['successful', ['hello']]);
  await sleep(200);
  expect(reads).toHaveLength(2);
});

test('a period is never shorter than 180 s', async () => {
  const before = charts.count('/good');
  const id = await make({ name: 'short' });
  await patch(id, { sync_period: '1s' });
  await synced(id, 1);
  await sleep(1000);
  expect(charts.count('/good') - before).toBe(2);
  await synced(id, 2);
  expect(charts.count('/good') - before).toBe(3);
});

test('after a change the status is that of the old index until the pause is over', async () => {
  const id = await make({ name: 'changed' });
  await synced(id, 1);
  await sleep(50);
  await patch(id, { url: `http://${charts.host}/good2` });
  await sleep(100);
  expect([await status(id), await apps(id)]).toEqual(['successful', ['hello']]);
  await synced(id, 2);
  expect([await status(id), await apps(id)]).toEqual(['successful', ['world']]);
});

test('failures are told as events, newest first, and are tried again ever later, however good the URL is by now', async () => {
  charts.charts['/fading'] = indexOf({ a: ['1.0.0'] });
  const id = await make({ name: 'fading', url: `http://${charts.host}/fading` });
  await synced(id, 1);
  delete charts.charts['/fading'];
  await ks.done('POST', `${DEMO}/repos/${id}/action`, { body: { action: 'index' } });
  expect(await synced(id, 2)).toEqual([
    expect.objectContaining({ status: 'failed', result: `failed to fetch http://${charts.host}/fading/index.yaml : 404 Not Found` }),
    expect.objectContaining({ status: 'successful' }),
  ]);
  expect(await status(id)).toBe('failed');
  charts.charts['/fading'] = indexOf({ b: ['1.0.0'] });
  await patch(id, { url: `http://${charts.host}/good2` });
  await sleep(100);
  expect(await status(id)).toBe('failed');
  await synced(id, 3);
  expect([await status(id), await apps(id)]).toEqual(['successful', ['world']]);
});

test('an application keeps its id as long as its chart is there', async () => {
  charts.charts['/growing'] = indexOf({ one: ['1.0.0'] });
  const id = await make({ name: 'growing', url: `http://${charts.host}/growing` });
  await synced(id, 1);
  const ids = async () =>
    ((await ks.done('GET', `${DEMO}/apps?conditions=repo_id%3D${id}`)) as { items: { app_id: string }[] }).items.map(
      ({ app_id }) => app_id,
    );
  const [first] = await ids();
  charts.charts['/growing'] = indexOf({ one: ['1.0.0', '2.0.0'], two: ['1.0.0'] });
  await ks.done('POST', `${DEMO}/repos/${id}/action`, { body: {} });
  await synced(id, 2);
  expect([(await ids()).length, await ids()]).toEqual([2, expect.arrayContaining([first])]);
  expect(await ks.done('GET', `${DEMO}/apps/${first}/versions`)).toMatchObject({ items: [{ name: '1.0.0' }, { name: '2.0.0' }] });
});

test('an action in another workspace says yes and does nothing', async () => {
  const id = await make({ name: 'elsewhere' });
  await synced(id, 1);
  expect(await ks.done('POST', `${V3}/workspaces/other/repos/${id}/action`, { body: { action: 'index' } })).toEqual({ message: 'success' });
  await sleep(700);
  expect(await events(id)).toHaveLength(1);
});

test('a deleted repository is there until the controller lets go of it', async () => {
  const slow = await TestKubeSphere.start({ version: '3.4', reactionMs: 1000 });
  try {
    const body = { name: 'slow', url: `http://${charts.host}/good` };
    const { repo_id: id } = (await slow.done('POST', `${DEMO}/repos`, { body })) as { repo_id: string };
    const isSeen = async () => ((await slow.done('GET', `${DEMO}/repos/${id}`)) as { status: string }).status === 'successful';
    for (let n = 0; n < 300 && !(await isSeen()); n++) await sleep(10);
    await slow.done('DELETE', `${DEMO}/repos/${id}`);
    const status = async () => (await slow.call('GET', `${DEMO}/repos/${id}`)).status;
    expect(await status()).toBe(200);
    for (let n = 0; n < 300 && (await status()) === 200; n++) await sleep(10);
    expect(await status()).toBe(404);
  } finally {
    await slow.stop();
  }
});

test('a credential that is not there and has to be read ends the connection without an answer', async () => {
  const id = await make({ name: 'panic' });
  await expect(ks.call('PATCH', `${DEMO}/repos/${id}`, { body: { url: 's3://bucket.example.com/b' } })).rejects.toThrow('fetch failed');
  expect(await status(id)).toMatch(/syncing|successful/);
});
