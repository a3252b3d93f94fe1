import { attr, connection, defineProvider, defineResource, type JsonObject, rest, z } from '../../src/schema/define';
import { type Core, type Instance } from '../../src/testing/core';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { providerCore } from '../../src/testing/target';

const attributes = {
  team: attr(z.string(), 'Team.', { forceNew: true }),
  name: attr(z.string(), 'Name.', { forceNew: true }),
  kind: attr(z.string(), 'Kind.', { computed: true }),
};
const key = ['team', 'name'] as const;
const example = { minimal: { team: 'core', name: 'x' }, full: { team: 'core', name: 'x' } };
const writes = { create: () => Promise.resolve(), update: () => Promise.resolve(), remove: () => Promise.resolve() };
const called: string[] = [];
const objects = (kind: string): JsonObject[] => ['x', 'y', 'z'].map((name) => ({ team: 'core', name, kind }));

/** A type whose author names its lists after the team. */
const byHand = (kind: string) =>
  defineResource({
    type: `acme_${kind}`,
    description: 'Something of a team.',
    attributes,
    key,
    ...writes,
    read: ({ key: { name } }) => Promise.resolve(objects(kind).find((one) => one['name'] === name)),
    list: {
      scope: ({ key: { team } }) => team,
      fetch: () => {
        called.push(kind);
        return Promise.resolve(objects(kind));
      },
    },
    example,
  });

const byRest = (kind: string) =>
  defineResource({
    type: `acme_${kind}`,
    description: 'Something of a team.',
    attributes,
    key,
    ...rest({ path: '/teams/{team}/all' }),
    example,
  });

let server: TestServer;
beforeAll(async () => {
  server = await startServer(({ path }) => {
    called.push(path);
    const name = path.split('/')[4];
    return { status: 200, body: name === undefined ? objects('any') : objects('any').find((one) => one['name'] === name) };
  });
});
afterAll(() => server.stop());
beforeEach(() => called.splice(0));

/** The kinds that a refresh of each type's objects tells, as one process reads them. */
async function kindsRead(resources: readonly ReturnType<typeof byHand>[]): Promise<unknown[]> {
  const provider = defineProvider({
    name: 'acme',
    title: 'Acme',
    description: 'Acme.',
    attributes: connection('Acme'),
    resources,
    example: {},
  });
  const { core } = providerCore(provider);
  await core.configure({ endpoint: server.endpoint });
  const read: unknown[] = [];
  for (const { type } of resources) for (const name of ['x', 'y', 'z']) read.push(await kindOf(core, type, name));
  return read;
}

async function kindOf(core: Core, type: string, name: string): Promise<unknown> {
  const prior: Instance = { type, state: { team: 'core', name, kind: null, timeouts: null }, private: new Uint8Array(0) };
  return ((await core.refresh(prior)).instance?.state as JsonObject | undefined)?.['kind'];
}

it('keeps the lists of two types apart that name their scopes alike', async () => {
  expect(await kindsRead([byHand('member'), byHand('project')])).toEqual([...Array(3).fill('member'), ...Array(3).fill('project')]);
  expect(called).toEqual(['member', 'project']);
});

it('fetches the list of a collection once for all types in it', async () => {
  expect(await kindsRead([byRest('one'), byRest('other')])).toEqual(Array(6).fill('any'));
  expect(called).toEqual(['/teams/core/all/x', '/teams/core/all']);
});
