import { attr, type Attributes, connection, defineProvider, defineResource, type JsonObject, rest, z } from '../../src/schema/define';
import type { Core } from '../../src/testing/core';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { done } from '../../src/testing/subject';
import { configured } from '../../src/testing/target';

/** An API whose objects have their name at a path of its own, and which invents a token that it tells once. */
const objects = new Map<string, JsonObject>();
const calls: string[] = [];
let nameOf: (object: JsonObject) => unknown;
let server: TestServer;
beforeAll(async () => {
  server = await startServer(({ method, path, json }) => {
    calls.push(`${method} ${path}`);
    const [, name] = /^\/teams\/(.+)$/.exec(path) ?? [];
    if (method === 'POST') {
      const object = json as JsonObject;
      objects.set(encodeURIComponent(String(nameOf(object))), object);
      return { status: 201, body: { ...object, token: 'invented' } };
    }
    if (name === undefined) return { status: 200, body: [...objects.values()] };
    const object = objects.get(name);
    return object ? { status: 200, body: object } : { status: 404, body: { message: 'not found' } };
  });
});
afterAll(() => server.stop());
beforeEach(() => {
  objects.clear();
  calls.splice(0);
});

const name = attr(z.string(), 'Name.', { forceNew: true });
const coreOf = (
  attributes: Attributes,
  { path = '/teams', ...more }: { readonly path?: string; readonly apiCase?: 'camel' } = {},
): Promise<Core> => {
  const [key = ''] = Object.keys(attributes);
  const example = { minimal: { [key]: 'a' }, full: { [key]: 'a' } };
  const team = defineResource({ type: 'acme_team', description: 'A team.', attributes, key: [key], ...rest({ path }), ...more, example });
  const provider = { name: 'acme', title: 'Acme', description: 'Acme.', attributes: connection('Acme'), example: {} };
  return configured(defineProvider({ ...provider, resources: [team] }), { endpoint: server.endpoint, list_max_age: 30 });
};

const token = attr(z.string(), 'Token.', { computed: true, createOnly: true, sensitive: true });

it.each<[string, Attributes, { readonly where: (object: JsonObject) => unknown; readonly apiCase?: 'camel' }]>([
  ['in snake_case', { teamName: name, token }, { where: (object) => object['team_name'] }],
  ['in camelCase', { teamName: name, token }, { where: (object) => object['teamName'], apiCase: 'camel' }],
  [
    'inside another field',
    { name: attr(z.string(), 'Name.', { forceNew: true, api: 'metadata.name' }), token },
    { where: (object) => (object['metadata'] as JsonObject)['name'] },
  ],
])('a key %s is found in answers: what a create told is kept, and lists are read', async (_, attributes, { where, ...more }) => {
  nameOf = where;
  const core = await coreOf(attributes, more);
  const key = Object.hasOwn(attributes, 'teamName') ? 'team_name' : 'name';
  const made = [];
  for (const one of ['a', 'b', 'c', 'd']) made.push(done(await core.ensure('acme_team', { [key]: one })));
  expect(made.map(({ state }) => state)).toEqual(['a', 'b', 'c', 'd'].map((one) => ({ [key]: one, token: 'invented', timeouts: null })));
  const next = await coreOf(attributes, more);
  calls.splice(0);
  for (const one of made) expect((await next.refresh(one)).drift).toEqual([]);
  expect(calls).toEqual(['GET /teams/a', 'GET /teams']);
});

it('an object with a field named data is not taken for one that is wrapped', async () => {
  nameOf = (object) => object['name'];
  const core = await coreOf({ name, data: attr(z.record(z.string(), z.string()).default({}), 'Data.') });
  const one = done(await core.ensure('acme_team', { name: 'a', data: { x: 'y' } }));
  expect((await core.refresh(one)).instance?.state).toMatchObject({ name: 'a', data: { x: 'y' } });
});

it.each(['', '.', '..'])('a name %j, which is a way to other objects in a path, is refused before anything is made', async (wrong) => {
  nameOf = (object) => object['name'];
  const core = await coreOf({ name });
  const { instance, diagnostics } = await core.ensure('acme_team', { name: wrong });
  expect([instance, diagnostics.map(({ detail }) => detail)]).toEqual([
    undefined,
    [`"name": ${JSON.stringify(wrong)} cannot be a segment of a URL path; choose another name.`],
  ]);
  expect(calls.filter((call) => call !== 'GET /teams')).toEqual([]);
});

it('a path that names what is not in the key is refused at definition', async () => {
  await expect(async () => coreOf({ name }, { path: '/orgs/{org}/teams' })).rejects.toThrow(
    'the path has "{org}", which is not in the key',
  );
});

it('an object whose only name has slashes can be imported', async () => {
  nameOf = (object) => object['name'];
  const core = await coreOf({ name });
  done(await core.ensure('acme_team', { name: 'group/core' }));
  const { instance, diagnostics } = await core.import('acme_team', 'group/core');
  expect([instance?.state, diagnostics]).toEqual([{ name: 'group/core', timeouts: null }, []]);
});
