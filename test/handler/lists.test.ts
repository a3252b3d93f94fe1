import type { ProviderHandler } from '../../src/handler/provider-handler';
import { attr, connection, defineProvider, defineResource, rest, z } from '../../src/schema/define';
import { dynamic } from '../../src/testing/core';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { generated, query } from '../../src/testing/query';
import { errors } from '../../src/testing/subject';
import { providerCore } from '../../src/testing/target';

const PAGE = 2;
const names = ['core', 'data', 'docs', 'edge', 'fleet'];
const inTeam = { forceNew: true, refersTo: { type: 'acme_team', attribute: 'name' } } as const;
let box: object[] = [];
let server: TestServer;
let onTeams = (): void => {};

/** Teams come in pages of two; boxes of a team come whole; the boxes of one team may not be read. */
beforeAll(async () => {
  server = await startServer(({ path }) => {
    const { pathname, searchParams } = new URL(path, 'http://server');
    if (pathname === '/teams') {
      onTeams();
      const page = Number(searchParams.get('page') ?? 1);
      const teams = names.slice((page - 1) * PAGE, page * PAGE).map((name) => ({ name, plan: name === 'edge' ? 'paid' : 'free' }));
      return { status: 200, body: { total: names.length, items: teams } };
    }
    const [, team = '', name] = /^\/teams\/([^/]+)\/boxes(?:\/(.*))?$/.exec(pathname) ?? [];
    if (team === 'data') return { status: 403, body: { message: 'not yours' } };
    return name === undefined
      ? { status: 200, body: team === 'core' ? box : [{ name: `of-${team}`, size: 1 }] }
      : { status: 404, text: '' };
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  box = [{ name: 'big', size: 3 }];
  onTeams = () => {};
  server.calls();
});

const name = attr(z.string(), 'Name.', { forceNew: true });
const team = defineResource({
  ...{ type: 'acme_team', description: 'A team.', key: ['name'], ...rest({ path: '/teams' }) },
  attributes: { name, plan: attr(z.enum(['free', 'paid']).default('free'), 'Plan.') },
  example: { minimal: { name: 'x' }, full: { name: 'x' } },
});
const boxes = defineResource({
  ...{ type: 'acme_box', description: 'A box.', key: ['team', 'name'], ...rest({ path: '/teams/{team}/boxes' }) },
  attributes: { team: attr(z.string().regex(/^[a-z]+$/), 'Team.', { ...inTeam, api: false }), name, size: attr(z.int().min(1), 'Size.') },
  example: { minimal: { team: 'a', name: 'x', size: 1 }, full: { team: 'a', name: 'x', size: 1 } },
});
const provider = defineProvider({
  ...{ name: 'acme', title: 'Acme', description: 'Teams.', attributes: connection('Acme'), example: {} },
  resources: [team, boxes],
});

async function acme() {
  const { core } = providerCore(provider);
  await core.configure({ endpoint: server.endpoint, max_retries: 0 });
  return core;
}
const shown = ({ found }: Awaited<ReturnType<typeof query>>): string[] => found.map(({ displayName }) => displayName);
const teamPages = ['GET /teams', 'GET /teams?page=2&per_page=2', 'GET /teams?page=3&per_page=2'];

test.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [5, 3],
  [100, 3],
])('for %i objects, %i pages are requested', async (limit, pages) => {
  expect(shown(await query(await acme(), { type: 'acme_team', limit }))).toEqual(names.slice(0, limit));
  expect(server.calls()).toEqual(teamPages.slice(0, pages));
});

test('an object is there before the next page is requested, and the rest waits for whoever takes it', async () => {
  const core = await acme();
  const taken: [string | undefined, number][] = [];
  let calls = 0;
  const request = { type: 'acme_team', config: {}, includeObject: false, limit: 0, signal: new AbortController().signal };
  for await (const { found } of core.provider.list(request)) {
    calls += server.calls().length;
    taken.push([found?.displayName, calls]);
  }
  expect(taken).toEqual([
    ['core', 1],
    ['data', 1],
    ['docs', 2],
    ['edge', 2],
    ['fleet', 3],
  ]);
});

test('a cancelled call ends the crawl, also where nothing matches', async () => {
  for (const config of [{}, { name: 'nobody' }]) {
    const core = await acme();
    const cancel = new AbortController();
    const request = { typeName: 'acme_team', config: dynamic({ name: null, plan: null, ...config }), includeResourceObject: true };
    onTeams = () => cancel.abort();
    await core.client.stream('ListResource', request, { signal: cancel.signal });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.calls()).toEqual(teamPages.slice(0, 1));
  }
});

test('types that share a list, and queries one after the other, read it once', async () => {
  const core = await acme();
  await query(core, { type: 'acme_team', limit: 3 });
  await query(core, { type: 'acme_team' });
  expect(server.calls()).toEqual(teamPages);
});

test('what may not be read is a warning, and the others are found', async () => {
  const result = await query(await acme(), { type: 'acme_box', include: true });
  expect(shown(result)).toEqual(['core/big', 'docs/of-docs', 'edge/of-edge', 'fleet/of-fleet']);
  expect(result.told).toEqual([
    {
      severity: 'warning',
      summary: 'Left Out: acme_box "data/*"',
      detail: expect.stringContaining('Cannot list acme_box in data: ') as unknown,
    },
  ]);
  expect(server.calls().filter((call) => call.includes('boxes'))).toHaveLength(5);
});

test('a container that is named is not looked for, a pattern is', async () => {
  const core = await acme();
  expect(shown(await query(core, { type: 'acme_box', config: { team: 'core' } }))).toEqual(['core/big']);
  expect(server.calls()).toEqual(['GET /teams/core/boxes']);
  expect(shown(await query(core, { type: 'acme_box', config: { team: '..' } }))).toEqual([]);
  expect(server.calls()).toEqual([]);
  expect(shown(await query(core, { type: 'acme_box', config: { team: 'd*s' } }))).toEqual(['docs/of-docs']);
  expect(server.calls()).toEqual([...teamPages, 'GET /teams/docs/boxes']);
});

test('values that objects may have few of narrow a list, and others are refused', async () => {
  const core = await acme();
  expect(shown(await query(core, { type: 'acme_team', config: { plan: 'paid' } }))).toEqual(['edge']);
  const refused = await query(core, { type: 'acme_team', config: { plan: 'gold' } });
  expect(refused).toEqual({
    found: [],
    told: [expect.objectContaining({ severity: 'error', summary: 'Invalid Attribute Value', path: 'plan' })],
  });
});

test('objects that no configuration can express are left out with the reason, the first of many one by one', async () => {
  box = Array.from({ length: 14 }, (_, index) => ({ name: `b${index}`, size: index === 7 ? 1 : 0 }));
  const config = { team: 'core' };
  const result = await query(await acme(), { type: 'acme_box', config, include: true });
  expect(shown(result)).toEqual(['core/b7']);
  expect(result.told.map(({ summary }) => summary)).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 8, 9, 10].map((index) => `Left Out: acme_box "core/b${index}"`),
    ...['More Left Out: acme_box', 'More Left Out: acme_box', 'More Left Out: acme_box'],
  ]);
  expect(result.told[0]?.detail).toMatch(/^No valid configuration can express it: "size"/);
  // Nothing is generated of what is only listed.
  expect(shown(await query(await acme(), { type: 'acme_box', config }))).toHaveLength(14);
});

test('entries that are no objects of the API are a warning for their list', async () => {
  box = [
    { name: 'big', size: 'huge' },
    { name: 'small', size: 2 },
  ];
  const result = await query(await acme(), { type: 'acme_box', config: { team: 'core' }, include: true });
  expect([shown(result), result.told.map(({ summary }) => summary)]).toEqual([['core/small'], ['Left Out: acme_box "core/big"']]);
  box = [{ size: 2 }];
  const broken = await query(await acme(), { type: 'acme_box', config: { team: 'core' } });
  expect([shown(broken), broken.told.map(({ summary }) => summary)]).toEqual([[], ['Left Out: acme_box "core/*"']]);
});

test('where no list can be read at all, that is an error', async () => {
  server.fault({ kind: { status: 401, text: '' }, path: /^\/teams/, times: 5 });
  const { found, told } = await query(await acme(), { type: 'acme_team' });
  server.heal();
  expect([found, errors(told)]).toEqual([[], [expect.objectContaining({ summary: 'Not Authenticated' })]]);
  expect((await query(providerCore(provider).core, { type: 'acme_team' })).told).toEqual([
    expect.objectContaining({ severity: 'error', summary: 'Provider Not Configured' }),
  ]);
});

test('a generated configuration says what is not the default', async () => {
  const core = await acme();
  expect((await generated(core, 'acme_team', { name: 'a', plan: 'free', timeouts: null })).config).toEqual({
    name: 'a',
    plan: null,
    timeouts: null,
  });
  expect((await generated(core, 'acme_team', { name: 'a', plan: 'paid', timeouts: null })).config).toMatchObject({ plan: 'paid' });
  expect(await generated(core, 'acme_team', null)).toEqual({ config: null, told: [] });
  const handler = core.provider as ProviderHandler;
  expect((await handler.generateConfig({ type: 'acme_tram', state: {} })).diagnostics[0]?.summary).toBe('Unknown Type');
});
