import { forwardTo, startServer } from '../../../src/testing/http-server';
import { UNKNOWN } from '../../../src/common/value';
import type { Instance } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { reader } from '../../support/charts';
import { V3 } from '../../support/kubesphere';
import { said, Stand, TYPE } from './stand';

/** Repositories of one name, which only races make, and repositories that are replaced by others of their name. */
let old: Stand;
let current: Stand;
beforeAll(async () => {
  old = await Stand.start({ version: '3.4' });
  current = await Stand.start({ version: '4.1' });
});
afterEach(() => [old, current].forEach(({ server }) => server.heal()));
afterAll(async () => void (await Promise.all([old, current].map((stand) => stand.stop()))));

/** The entries of a name on version 3, from the server itself. */
async function entries(name: string): Promise<Record<string, unknown>[]> {
  const { items } = (await old.ks.done('GET', `${V3}/workspaces/demo/repos?limit=-1`)) as { items: Record<string, unknown>[] };
  return items.filter((one) => one['name'] === name);
}

it.each([
  ['4.1', () => current, [1]],
  // Those that this version stores in the same second all give way.
  ['3.4', () => old, [0, 1]],
] as const)('of several creates at the same time on %s one succeeds at most, and the others take nothing over', async (_, on, counts) => {
  const stand = on();
  const config = { name: 'race', workspace: 'demo', url: stand.url() };
  const cores = await Promise.all([1, 2, 3].map(() => stand.core()));
  const plans = await Promise.all(cores.map((core) => core.plan(TYPE, config)));
  const applied = await Promise.all(cores.map((core, i) => core.apply(plans[i] as (typeof plans)[0])));
  const created = applied.filter(({ instance }) => instance);
  expect(counts).toContain(created.length);
  expect(applied.filter(({ diagnostics }) => diagnostics.length > 0)).toHaveLength(3 - created.length);
  if (stand === old) expect(await entries('race')).toHaveLength(created.length);
});

it.each([
  ['later', '2999-01-01T00:00:00Z', 1],
  ['earlier', '1999-01-01T00:00:00Z', 0],
])('a repository whose name another one got %s', async (_, create_time, left) => {
  const pass = forwardTo(old.ks.url);
  const other = { repo_id: 'repo-theirs', name: 'both', url: 'http://charts.example.com', create_time };
  const front = await startServer(async (got) => {
    const reply = await pass(got);
    if (!got.path.includes('keyword%3Dboth')) return reply;
    const { items } = JSON.parse(String(reply?.text)) as { items: object[] | null };
    // The other one shows after the look that precedes the create.
    return items?.length ? { status: 200, body: { items: [other, ...items], total_count: items.length + 1 } } : reply;
  });
  try {
    const core = await old.core({ endpoint: front.endpoint });
    const { diagnostics } = await core.ensure(TYPE, { name: 'both', workspace: 'demo', url: old.url() });
    expect(diagnostics).toHaveLength(1 - left);
    expect(await entries('both')).toHaveLength(left);
  } finally {
    await front.stop();
    for (const { repo_id } of await entries('both')) await old.ks.done('DELETE', `${V3}/workspaces/demo/repos/${String(repo_id)}`);
  }
});

it('what the server stores although it has one of the name is removed again', async () => {
  const both = (got: { repo_id: string; name: string; url: string }[]) => ({ items: got, total_count: got.length });
  const kind = {
    status: 200,
    text: JSON.stringify(both([{ repo_id: 'repo-theirs', name: 'double', url: 'http://charts.example.com' }])),
    headers: { 'content-type': 'application/json' },
  };
  old.server.fault({ kind, method: 'GET', path: /keyword%3Ddouble/ });
  const { instance, diagnostics } = await old.ensure({ name: 'double' });
  expect([instance, said(diagnostics)]).toEqual([
    undefined,
    [expect.stringMatching(/got the name "double" at the same time, .* removed again/)],
  ]);
  expect(await entries('double')).toEqual([]);
});

it('of two that have the name already, each state keeps its own', async () => {
  const made = await old.made({ name: 'twin', wait_for_sync: true });
  await old.made({ name: 'alone' });
  const [ours] = await entries('twin');
  const all = await entries('alone');
  const theirs = { ...ours, repo_id: 'repo-theirs', description: 'theirs' };
  for (const items of [
    [theirs, ours, ...all],
    [ours, theirs, ...all],
  ]) {
    const kind = { status: 200, text: JSON.stringify({ items, total_count: 3 }), headers: { 'content-type': 'application/json' } };
    old.server.fault({ kind, method: 'GET', path: /\/repos\?/, times: 20 });
    const core = await old.core();
    for (let reads = 0; reads < 3; reads += 1)
      expect(await core.refresh(made)).toMatchObject({ instance: { state: made.state }, drift: [] });
    old.server.heal();
  }
});

it('a repository that was replaced to change its password is changed and deleted before anything is read anew', async () => {
  const config = { name: 'rotated', url: old.url('/auth'), username: reader.username, password_wo: reader.password };
  const first = await old.made(config);
  old.charts.password = 'rotated-one';
  const second = await old.made({ ...config, password_wo: 'rotated-one' }, first);
  const [entry] = await entries('rotated');
  expect(entry?.['repo_id']).not.toBe((first.state as { id: string }).id);
  const third = done(await old.ensure({ ...config, password_wo: 'rotated-one', description: 'more' }, second));
  expect(await entries('rotated')).toMatchObject([{ description: 'more' }]);
  const core = await old.core();
  expect(await core.apply(await core.plan(TYPE, null, third))).toEqual({ instance: undefined, diagnostics: [] });
  expect(await entries('rotated')).toEqual([]);
  old.charts.password = reader.password;
});

it('a change after which the id may be another one says so in its plan, and one that replaced tells it', async () => {
  const config = { name: 'told', workspace: 'demo', url: old.url('/auth'), username: reader.username, password_wo: reader.password };
  const first = await old.made(config);
  const core = await old.core();
  const open = (planned: unknown): string[] =>
    Object.entries(planned as object).flatMap(([name, value]) => (value === UNKNOWN ? [name] : []));
  expect(open((await core.plan(TYPE, { ...config, description: 'more' }, first)).planned)).toEqual(['status']);
  old.charts.password = 'rotated-one';
  const rotated = { ...config, password_wo: 'rotated-one' };
  const plan = await core.plan(TYPE, rotated, first);
  expect(open(plan.planned)).toEqual(['id', 'status', 'creator', 'create_time']);
  const { instance, diagnostics } = await core.apply(plan);
  const [entry] = await entries('told');
  expect((instance as Instance).state).toMatchObject({ id: entry?.['repo_id'] });
  expect(entry?.['repo_id']).not.toBe((first.state as { id: string }).id);
  expect(diagnostics.map(({ severity, summary }) => [severity, summary])).toEqual([['warning', 'Repository Replaced']]);
  expect(said(diagnostics)).toEqual([expect.stringContaining(`"${String(entry?.['repo_id'])}" instead of`)]);
  const { drift } = await (await old.core()).refresh(instance as Instance);
  expect(drift.filter((name) => name !== 'status')).toEqual([]);
  old.charts.password = reader.password;
});

it('a change of the credentials keeps the id where the server takes them', async () => {
  const config = { name: 'kept', workspace: 'demo', url: current.url('/auth'), username: reader.username, password_wo: reader.password };
  const made = await current.made(config);
  const plan = await (await current.core()).plan(TYPE, { ...config, password_wo: 'another' }, made);
  expect(plan.planned).toMatchObject({ id: 'kept', last_update_time: UNKNOWN });
});

it('repositories without a workspace are listed as such', async () => {
  const made = [await old.made({ name: 'free-a', workspace: '' }), await old.made({ name: 'free-b', workspace: '' })];
  const core = await old.core();
  const calls = await old.asked(async () => {
    for (const instance of [...made, ...made]) expect((await core.refresh(instance)).instance).toBeDefined();
  });
  expect(calls).toEqual([`GET ${V3}/repos?limit=-1&conditions=keyword%3Dfree-a`, `GET ${V3}/repos?limit=-1`]);
});
