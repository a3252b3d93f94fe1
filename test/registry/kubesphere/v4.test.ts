import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ChartServer, indexOf } from '../../support/chart-server';
import { type KsAnswer, TestKubeSphere, V4 } from '../../support/kubesphere';

const DEMO = `${V4}/workspaces/demo`;
/** A second of the controller takes so many milliseconds. */
const secondMs = 10;

interface Shown {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly status: { readonly state?: string };
}

let charts: ChartServer;
let ks: TestKubeSphere;
beforeAll(async () => {
  charts = await ChartServer.start();
  ks = await TestKubeSphere.start({ secondMs, reactionMs: 5 });
});
afterAll(async () => {
  await ks.stop();
  await charts.stop();
});

const body = (name: string, spec: object = {}, workspace = 'demo') => ({
  metadata: { name, labels: { 'kubesphere.io/workspace': workspace } },
  spec: { url: `http://${charts.host}/good`, syncPeriod: 0, ...spec },
});
const make = (name: string, spec?: object, on = ks) => on.done('POST', `${DEMO}/repos`, { body: body(name, spec) });
const get = async (name: string, on = ks) => (await on.done('GET', `${DEMO}/repos/${name}`)) as Shown;
const apps = async (name: string, on = ks): Promise<string[]> => {
  const { items } = (await on.done('GET', `${DEMO}/apps?name=${name}-&sortBy=name&ascending=true`)) as { items: Shown[] | null };
  return (items ?? []).map(({ metadata }) => metadata.name);
};

const patienceMs = 10_000;

/** Asks again until the answer is the expected one or time is up: the controller works by itself. */
async function becomes<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(10)) if (isDeepStrictEqual(await ask(), expected)) return;
  expect(await ask()).toEqual(expected);
}

async function state(name: string, wanted: string, on = ks): Promise<Shown> {
  let repo: Shown | undefined;
  await becomes(async () => (repo = await get(name, on)).status.state, wanted);
  return repo as Shown;
}

const status = (path: string, on = ks) => on.call('GET', `${DEMO}/repos/${path}`).then((answer) => answer.status);

describe('synchronization', () => {
  test('a period of 0 never reads the index after the check, until it is asked for', async () => {
    const before = charts.count('/good');
    await make('never');
    await state('never', 'created');
    await sleep(100);
    expect([charts.count('/good') - before, await apps('never')]).toEqual([1, []]);
    await ks.done('POST', `${DEMO}/repos/never/action`, { body: {} });
    await state('never', 'successful');
    expect([charts.count('/good') - before, await apps('never')]).toEqual([2, ['never-hello']]);
  });

  test('a period reads it at once and every so often, and charts come and go', async () => {
    charts.charts['/changing'] = indexOf({ one: ['1.0.0'] });
    await make('often', { url: `http://${charts.host}/changing`, syncPeriod: 20 });
    await state('often', 'successful');
    expect(await apps('often')).toEqual(['often-one']);
    charts.charts['/changing'] = indexOf({ one: ['1.0.0', '1.1.0'], two: ['2.0.0'] });
    await becomes(() => apps('often'), ['often-one', 'often-two']);
    charts.charts['/changing'] = indexOf({ two: ['2.0.0'] });
    await becomes(() => apps('often'), ['often-two']);
  });

  test('a changed URL keeps the state of the old index until the period is over or it is asked for', async () => {
    await make('changed', { syncPeriod: 10_000 });
    const old = await state('changed', 'successful');
    await ks.done('PATCH', `${DEMO}/repos/changed`, { body: body('changed', { url: `http://${charts.host}/good2`, syncPeriod: 10_000 }) });
    await sleep(100);
    const after = await get('changed');
    expect([after.status.state, after.metadata.resourceVersion === old.metadata.resourceVersion]).toEqual(['successful', false]);
    expect(await apps('changed')).toEqual(['changed-hello']);
    await ks.done('POST', `${DEMO}/repos/changed/action`, { body: {} });
    await becomes(() => apps('changed'), ['changed-world']);
    await state('changed', 'successful');
  });

  test('an index that is gone leaves it syncing, without a word, until it is back', async () => {
    charts.charts['/fading'] = indexOf({ a: ['1.0.0'] });
    await make('fading', { url: `http://${charts.host}/fading` });
    await state('fading', 'created');
    await sleep(100);
    delete charts.charts['/fading'];
    await ks.done('POST', `${DEMO}/repos/fading/action`, { body: {} });
    await state('fading', 'syncing');
    await sleep(150);
    expect((await get('fading')).status.state).toBe('syncing');
    expect(await ks.done('GET', `${DEMO}/repos/fading/events`)).toEqual({ items: [], totalItems: 0 });
    charts.charts['/fading'] = indexOf({ a: ['1.0.0'] });
    await state('fading', 'successful');
    expect(await ks.done('GET', `${DEMO}/repos/fading/events`)).toMatchObject({ items: [{ reason: 'Synced', count: 1 }] });
  });

  test('a negative period never rests', async () => {
    const before = charts.count('/good');
    await make('restless', { syncPeriod: -5 });
    await becomes(() => Promise.resolve(charts.count('/good') - before > 5), true);
    await ks.done('DELETE', `${DEMO}/repos/restless`);
  });

  test('an entry without URLs and a name too long for a label are never done', async () => {
    await make('nourls', { url: `http://${charts.host}/nourls`, syncPeriod: 10_000 });
    await make('n'.repeat(57), { syncPeriod: 10_000 });
    await make('m'.repeat(58), { syncPeriod: 10_000 });
    await state('n'.repeat(57), 'successful');
    for (const name of ['nourls', 'm'.repeat(58)]) await state(name, 'syncing');
    await sleep(100);
    expect([(await get('nourls')).status.state, (await get('m'.repeat(58))).status.state]).toEqual(['syncing', 'syncing']);
  });

  test('a repository takes its applications along', async () => {
    await make('parent', { syncPeriod: 10_000 });
    await state('parent', 'successful');
    await ks.done('DELETE', `${DEMO}/repos/parent`);
    await becomes(() => apps('parent'), []);
  });
});

describe('workspaces', () => {
  test('one that does not exist takes the repository away, now or later', async () => {
    await ks.done('POST', `${V4}/workspaces/nope/repos`, { body: body('ghost', {}, 'nope') });
    await becomes(() => status('ghost'), 404);
    await ks.workspace('shortlived');
    await ks.done('POST', `${V4}/workspaces/shortlived/repos`, { body: body('brief', {}, 'shortlived') });
    await state('brief', 'created');
    await ks.done('DELETE', '/kapis/tenant.kubesphere.io/v1beta1/workspacetemplates/shortlived', { body: {} });
    await becomes(() => status('brief'), 404);
  });
});

describe('4.1.2', () => {
  let older: TestKubeSphere;
  beforeAll(async () => {
    older = await TestKubeSphere.start({ version: '4.1.2', secondMs, reactionMs: 5 });
  });
  afterAll(() => older.stop());

  test('has no action, needs no period, does not echo 0, and keeps what is in no workspace', async () => {
    await make('plain', { syncPeriod: undefined }, older);
    expect(await state('plain', 'nosync', older)).not.toMatchObject({ spec: { syncPeriod: 0 } });
    const action = await older.call('POST', `${DEMO}/repos/plain/action`, { body: {} });
    expect([action.status, action.text]).toEqual([400, 'wrong resource GroupVersionKind\n']);
    await older.done('POST', `${V4}/workspaces/nope/repos`, { body: body('ghost', { syncPeriod: 500 }, 'nope') });
    await state('ghost', 'successful', older);
  });
});

describe('a server whose readers hear late', () => {
  let late: TestKubeSphere;
  beforeAll(async () => {
    late = await TestKubeSphere.start({ lag: { every: 1, ms: 1000 }, reactionMs: 10 });
  });
  afterAll(() => late.stop());
  const call = (method: string, path: string, sent?: object): Promise<KsAnswer> =>
    late.call(method, `${DEMO}/repos${path}`, sent ? { body: sent } : {});

  test('does not find what was made just now, and finds what was removed', async () => {
    await make('new', {}, late);
    expect([(await call('GET', '/new')).status, (await call('POST', '/new/action', {})).status]).toEqual([404, 404]);
    await becomes(() => status('new', late), 200);
    await call('DELETE', '/new');
    expect((await call('GET', '/new')).status).toBe(200);
    expect((await call('DELETE', '/new')).status).toBe(404);
    await becomes(() => status('new', late), 404);
  });

  test('refuses all but one of the changes that are made at once', async () => {
    await make('busy', {}, late);
    await becomes(() => status('busy', late), 200);
    const answers = await Promise.all([1, 2, 3, 4].map((n) => call('PATCH', '/busy', body('busy', { description: `${n}` }))));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map(({ status }) => status)).toEqual([500, 500, 500]);
    expect(refused[0]?.text).toBe(
      'Operation cannot be fulfilled on repos.application.kubesphere.io "busy": the object has been modified; please apply your changes to the latest version and try again\n',
    );
  });
});

test('a fault stands in for any answer', async () => {
  const faulty = await TestKubeSphere.start({ faults: [{ method: 'GET', path: DEMO, status: 503, body: 'down\n', count: 1 }] });
  try {
    const first = await faulty.call('GET', `${DEMO}/repos`);
    expect([first.status, first.text, (await faulty.call('GET', `${DEMO}/repos`)).status]).toEqual([503, 'down\n', 200]);
  } finally {
    await faulty.stop();
  }
});
