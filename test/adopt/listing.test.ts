import { CutOff, isLost, readEstate } from '../../src/adopt/estate';
import type { CrawlMemory, Listed } from '../../src/handler/listing';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { ApiError, attr, connection, defineProvider, defineResource, type JsonObject, z } from '../../src/schema/define';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { providerCore } from '../../src/testing/target';

let server: TestServer;
beforeAll(async () => void (server = await startServer(() => ({ status: 404, text: '' }))));
afterAll(() => server.stop());

const asked: string[] = [];
beforeEach(() => asked.splice(0));

const inTeam = { forceNew: true, refersTo: { type: 'acme_team', attribute: 'name' } } as const;
const rooms: Record<string, string[]> = { a: ['hall', 'attic'], b: ['hall'], c: [] };
const writes = { create: () => Promise.resolve(), update: () => Promise.resolve(), remove: () => Promise.resolve() };

/** Teams have rooms, rooms have keys of two kinds; badges are in the lists of several rooms. */
interface Broken {
  readonly teams?: boolean;
  readonly keys?: boolean;
  /** The keys of this room are not read: they are gone, or the connection is. */
  readonly gone?: string;
  readonly cut?: string;
}

function resources(broken: Broken = {}) {
  const answer = (what: string, objects: readonly JsonObject[], fails = false): Promise<readonly JsonObject[]> => {
    asked.push(what);
    if (fails) throw new ApiError('the list is broken', { code: 'forbidden', method: 'GET', url: what });
    return Promise.resolve(objects);
  };
  const name = attr(z.string(), 'Name.', { forceNew: true });
  const team = defineResource({
    ...{ type: 'acme_team', description: 'A team.', attributes: { name }, key: ['name'], ...writes },
    read: ({ key }) => Promise.resolve({ name: key.name }),
    list: {
      scope: () => 'teams',
      fetch: () =>
        answer(
          'teams',
          Object.keys(rooms).map((one) => ({ name: one })),
          broken.teams,
        ),
    },
    example: { minimal: { name: 'x' }, full: { name: 'x' } },
  });
  const room = defineResource({
    ...{ type: 'acme_room', description: 'A room.', attributes: { team: attr(z.string(), 'Team.', inTeam), name }, key: ['team', 'name'] },
    ...writes,
    read: ({ key }) => Promise.resolve({ ...key }),
    list: {
      scope: ({ key }) => `rooms of ${key.team}`,
      fetch: ({ key }) =>
        answer(
          `rooms of ${key.team}`,
          (rooms[key.team] ?? []).map((one) => ({ team: key.team, name: one })),
        ),
      except: { why: 'attics are full', matches: (entry) => entry['name'] === 'attic' },
    },
    example: { minimal: { team: 'a', name: 'x' }, full: { team: 'a', name: 'x' } },
  });
  const keyAttributes = {
    team: attr(z.string(), 'Team.', inTeam),
    room: attr(z.string(), 'Room.', { forceNew: true, refersTo: { type: /^acme_room$/, attribute: 'name' } }),
    kind: attr(z.enum(['old', 'new']), 'Kind.', { forceNew: true }),
    label: attr(z.string(), 'Label.'),
  };
  const doorKey = defineResource({
    ...{ type: 'acme_key', description: 'A key.', attributes: keyAttributes, key: ['team', 'room', 'kind'], ...writes },
    read: ({ key }) => {
      asked.push(`key ${key.team} ${key.room} ${key.kind}`);
      if (broken.cut === key.team) throw new ApiError('connection reset', { code: 'unreachable', method: 'GET', url: '/keys' });
      if (broken.gone === key.team) return Promise.resolve(undefined);
      return Promise.resolve({ ...key, label: 'whole' });
    },
    list: {
      scope: ({ key }) => `${key.kind} keys of ${key.team} ${key.room}`,
      fetch: ({ key }) => answer(`${key.kind} keys of ${key.team} ${key.room}`, [{ ...key }], broken.keys && key.team === 'b'),
      partial: true,
    },
    example: { minimal: { team: 'a', room: 'x', kind: 'old', label: 'l' }, full: { team: 'a', room: 'x', kind: 'old', label: 'l' } },
  });
  const badge = defineResource({
    ...{ type: 'acme_badge', description: 'A badge.', attributes: { name }, key: ['name'], ...writes },
    constants: { kind: 'badge' },
    read: ({ key }) => Promise.resolve({ name: key.name, kind: 'badge' }),
    list: {
      scope: ({ hints }) => `badges ${String(hints?.name)}`,
      fetch: ({ hints }) =>
        answer(`badges ${String(hints?.name)}`, [
          { name: 'master', kind: 'badge' },
          { name: `of ${String(hints?.name)}`, kind: 'badge' },
          { name: 'no badge', kind: 'sticker' },
        ]),
      scopes: () => Promise.resolve([{ name: 'hall' }, { name: 'attic' }, { name: 'hall' }]),
    },
    example: { minimal: { name: 'x' }, full: { name: 'x' } },
  });
  return [team, room, doorKey, badge];
}

/** What a crawl finds of types, by id, and what is wrong. */
async function found(types: readonly string[], broken = {}): Promise<string[][]> {
  const { listing } = await listingOf(broken);
  const shown = (one: Listed): string => ('problem' in one ? `${one.id}: ${one.problem.detail}` : one.id);
  const all: string[][] = [];
  for (const type of types) all.push((await listing.objects(type)).map(shown));
  return all;
}

async function listingOf(broken: Broken, memory?: CrawlMemory) {
  const provider = defineProvider({
    ...{ name: 'acme', title: 'Acme', description: 'Rooms.', attributes: connection('Acme'), example: {} },
    resources: resources(broken),
  });
  const { core } = providerCore(provider);
  await core.configure({ endpoint: server.endpoint });
  const handler = core.provider as ProviderHandler;
  return { provider, handler, listing: handler.listing(memory), progress: () => undefined };
}

test('objects are found in the containers that exist, and each list is asked for once', async () => {
  expect(await found(['acme_key', 'acme_room', 'acme_team'])).toEqual([
    ['a/hall/old', 'a/hall/new', 'b/hall/old', 'b/hall/new'],
    ['a/hall', 'b/hall'],
    ['a', 'b', 'c'],
  ]);
  const lists = asked.filter((one) => !one.startsWith('key '));
  expect([lists.length, new Set(lists).size, lists.filter((one) => one.includes('keys')).length]).toEqual([8, 8, 4]);
  expect(asked.filter((one) => one.startsWith('key '))).toHaveLength(4);
});

test('what several lists have is one object, and entries of another kind are none', async () => {
  expect(await found(['acme_badge'])).toEqual([['master', 'of hall', 'of attic']]);
  expect(asked).toEqual(['badges hall', 'badges attic']);
});

test('a list that fails is a problem of its own', async () => {
  expect(await found(['acme_key'], { keys: true })).toEqual([
    ['a/hall/old', 'a/hall/new', ...['old', 'new'].map((kind) => expect.stringMatching(`^b/hall/${kind}/\\*: .*the list is broken`))],
  ]);
});

test('where the containers cannot be listed, that is the problem of what is in them', async () => {
  const problem = expect.stringMatching(/^: .*the list is broken/) as unknown;
  expect(await found(['acme_team', 'acme_room', 'acme_key'], { teams: true })).toEqual([[problem], [problem], [problem]]);
  // A list that fails is not tried again for each type.
  expect(asked).toEqual(['teams']);
});

test('what vanishes while it is read is said', async () => {
  expect(await found(['acme_key'], { gone: 'b' })).toEqual([
    ['a/hall/old', 'a/hall/new', ...['old', 'new'].map((kind) => `b/hall/${kind}: It was deleted on the server while the list was read.`)],
  ]);
});

test('a crawl that is cut off goes on with what it has not read yet', async () => {
  const kept = new Map<string, unknown>();
  const memory: CrawlMemory = {
    recall: (what) => (kept.has(what) ? (JSON.parse(String(kept.get(what))) as unknown) : undefined),
    keep: (what, read) => void kept.set(what, JSON.stringify(read)),
  };
  const all = { types: [], include: [], exclude: [], readsThatWrite: false };
  await expect(readEstate(await listingOf({ cut: 'b' }, memory), all)).rejects.toThrow(CutOff);
  asked.splice(0);
  const { objects, leftOut } = await readEstate(await listingOf({}, memory), all);
  expect(asked.filter((one) => one.startsWith('badges'))).toHaveLength(2);
  expect(asked.filter((one) => !one.startsWith('badges'))).toEqual([
    ...['old keys of b hall', 'key b hall old', 'new keys of b hall', 'key b hall new'],
  ]);
  expect(objects.map(({ id }) => id)).toEqual([
    ...['a', 'b', 'c', 'a/hall', 'b/hall', 'a/hall/old', 'a/hall/new', 'b/hall/old', 'b/hall/new', 'master', 'of hall', 'of attic'],
  ]);
  expect(leftOut.filter(isLost)).toEqual([]);
});
