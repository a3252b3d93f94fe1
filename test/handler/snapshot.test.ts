import type { ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import type { Core, Instance } from '../../src/testing/core';
import { done } from '../../src/testing/subject';
import { readData } from '../../src/testing/read-subject';
import type { Reply } from '../../src/testing/http-server';
import { memoryBackend, providerCore, startTarget, type Target } from '../../src/testing/target';

const path = '/api/v2/remotes';
const type = 'artifactapi_remote_generic';
const names = Array.from({ length: 20 }, (_, index) => `remote-${index}`);
const remote = (name: string): ValueRecord => ({ name, base_url: 'https://files.example.com', username: 'ci' });
const list = `GET ${path}`;
const one = (name: string): string => `GET ${path}/${name}`;

const lists = { patterns: [], blocklist: [], mutable_patterns: [], immutable_patterns: [] };
const whole = { repo_type: 'remote', description: '', immutable_ttl: 0, mutable_ttl: 3600, ...lists };

let target: Target;
let core: Core;
let pageSize: number;
let held: Promise<void> | undefined;
beforeEach(async () => {
  pageSize = Infinity;
  held = undefined;
  const memory = memoryBackend(artifactapi);
  target = await startTarget(artifactapi, {
    ...memory,
    async answer(got) {
      const reply = paged(got.path, await memory.answer({ ...got, path: got.path.split('?')[0] ?? '' }));
      if (got.path === path) await held;
      return structuredClone(reply);
    },
  });
  core = await target.core();
});
afterEach(() => target.stop());

/** Lists are given in pages, where there is a size. */
function paged(asked: string, reply: Reply | undefined): Reply | undefined {
  if (!reply || !Array.isArray(reply.body) || pageSize === Infinity) return reply;
  const page = Number(/[?&]page=(\d+)/.exec(asked)?.[1] ?? 1);
  return { ...reply, body: { items: reply.body.slice(pageSize * (page - 1), pageSize * page), total: reply.body.length } };
}

/** Remotes that another process made, with all that a server tells of them. */
async function laid(): Promise<Instance[]> {
  const other = await target.core();
  const made = await Promise.all(names.map(async (name) => done(await other.ensure(type, remote(name)))));
  for (const name of names) await target.outside('PUT', `${path}/${name}`, whole);
  const read = await Promise.all(made.map((instance) => core.refresh(instance)));
  core = await target.core();
  target.server.calls();
  return read.map(({ instance }) => instance as Instance);
}

it('resources are read from one list', async () => {
  const made = await laid();
  for (const instance of made) expect((await core.refresh(instance)).drift).toEqual([]);
  expect(target.server.calls()).toEqual([one('remote-0'), list]);
});

it('data sources that are asked for at once, of one object and of all, share one list that begins after they were asked for', async () => {
  const made = await laid();
  for (const instance of made) await core.refresh(instance);
  await target.outside('PUT', `${path}/remote-5`, { description: 'outside' });
  target.server.calls();
  const [all, ...single] = await Promise.all([
    readData(core, 'artifactapi_remotes', {}),
    ...names.map((name) => readData(core, 'artifactapi_remote', { name })),
  ]);
  expect((all.state as ValueRecord)['remotes']).toHaveLength(20);
  expect(single.map(({ state }) => (state as ValueRecord)['description'])).toEqual(
    names.map((name) => (name === 'remote-5' ? 'outside' : '')),
  );
  expect(target.server.calls().sort()).toEqual([list, one('remote-0')]);
});

it('a data source never answers from before it was asked for, one by one or while a list is under way', async () => {
  await laid();
  const description = async (name: string): Promise<unknown> =>
    ((await readData(core, 'artifactapi_remote', { name })).state as ValueRecord)['description'];
  for (const words of ['first', 'second']) {
    await target.outside('PUT', `${path}/remote-3`, { description: words });
    expect(await description('remote-3')).toBe(words);
  }
  let release = (): void => {};
  held = new Promise((resolve) => (release = resolve));
  const early = Promise.all([description('remote-1'), description('remote-2')]);
  while (!target.server.calls().includes(list)) await new Promise((resolve) => setTimeout(resolve, 5));
  await target.outside('PUT', `${path}/remote-3`, { description: 'third' });
  const late = [description('remote-3'), readData(core, 'artifactapi_remotes', { name_pattern: '^remote-3$' })] as const;
  release();
  await early;
  expect(await late[0]).toBe('third');
  expect((await late[1]).state).toMatchObject({ remotes: [{ description: 'third' }] });
});

it('list_max_age = 0 switches lists off: each object is read by itself, also for checks and before creates', async () => {
  const [first, second] = (await laid()) as [Instance, Instance];
  core = await target.core({ list_max_age: 0 });
  for (const instance of [first, second, first]) expect((await core.refresh(instance)).drift).toEqual([]);
  await core.plan('artifactapi_virtual', { name: 'all', package_type: 'generic', members: ['remote-1', 'remote-2'] });
  await core.apply(await core.plan(type, remote('new')));
  expect(target.server.calls().filter((call) => call.startsWith('GET'))).toEqual([
    ...['remote-0', 'remote-1', 'remote-0', 'remote-1', 'remote-2'].map(one),
    'GET /version',
    one('new'),
    one('new'),
  ]);
});

it('a data source of what no list shows is read by itself', async () => {
  await laid();
  expect((await readData(core, 'artifactapi_remote', { name: names[0] as string })).errors).toEqual([]);
  expect((await readData(core, 'artifactapi_remote', { name: 'none' })).errors).toEqual([
    `Not Found: The server at ${target.server.endpoint} has no artifactapi_remote with name "none". Check its arguments, and the endpoint including its path.`,
  ]);
  expect(target.server.calls()).toEqual([one('remote-0'), one('none'), list]);
});

it('members of many virtuals are looked up in one list', async () => {
  await laid();
  const config = (index: number): ValueRecord => ({ name: `all-${index}`, package_type: 'generic', members: names });
  const plans = await Promise.all(names.map((_, index) => core.plan('artifactapi_virtual', config(index))));
  expect(plans.flatMap(({ diagnostics }) => diagnostics).map(({ summary }) => summary)).toEqual(['Virtual May Not Be Served']);
  expect([...target.server.calls()].sort()).toEqual([list, 'GET /version'].sort());
});

it('names of many new objects are looked up in one list', async () => {
  await target.outside('POST', path, { name: 'remote-7' });
  const plans = await Promise.all(names.map((name) => core.plan(type, remote(name))));
  const applied = await Promise.all(plans.map((plan) => core.apply(plan)));
  expect(applied.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary))).toEqual(['Already on the Server']);
  const calls = target.server.calls();
  expect(calls.filter((call) => call.startsWith('GET') && call === list)).toHaveLength(1);
  expect(calls.filter((call) => call === `POST ${path}`)).toHaveLength(19);
});

it('what was listed for the plan does not answer during the apply, not even for what is not written', async () => {
  const [first, second, third] = (await laid()) as [Instance, Instance, Instance];
  for (const instance of [first, second, third]) await core.refresh(instance);
  const plan = await core.plan(type, { ...remote('remote-0'), description: 'new' }, first);
  await target.outside('PUT', `${path}/remote-2`, { description: 'outside' });
  expect((await core.refresh(third)).drift).toEqual([]);
  await core.apply(plan);
  expect((await core.refresh(third)).drift).toEqual(['description']);
  expect((await readData(core, 'artifactapi_remote', { name: 'remote-2' })).state).toMatchObject({ description: 'outside' });
  expect(target.server.calls().filter((call) => call === list)).toHaveLength(2);
});

it('a list that fails half-way through its pages answers nothing: all is read singly, and the log has one warning', async () => {
  const made = await laid();
  pageSize = 5;
  target.server.fault({ kind: { status: 500 }, path: /[?&]page=3/, times: Infinity });
  const { core: other, logs } = providerCore(artifactapi);
  await other.configure({ endpoint: target.server.endpoint });
  for (const instance of made) expect(await other.refresh(instance)).toEqual({ instance, drift: [], diagnostics: [] });
  expect(target.server.calls()).toEqual([
    one('remote-0'),
    ...[list, `${list}?page=2&per_page=5`, `${list}?page=3&per_page=5`],
    ...names.slice(1).map(one),
  ]);
  const warnings = logs.map((line) => JSON.parse(line) as Record<string, string>).filter(({ level }) => level !== 'debug');
  expect(warnings).toEqual([
    { level: 'warn', message: 'list failed; reading one by one', scope: path, cause: expect.stringContaining('answered 500') as string },
  ]);
});
