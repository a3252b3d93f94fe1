import { UNKNOWN } from '../../src/common/value';
import { attr, connection, defineProvider, defineResource, type ProviderDefinition, until, z } from '../../src/schema/define';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { providerCore } from '../../src/testing/target';

type Connect = NonNullable<ProviderDefinition['connect']>;

let derived: unknown[] = [];

/** A provider of one resource whose create waits for what never comes, and whose page only the server knows. */
function providerOf(connect: Connect): ProviderDefinition {
  const team = defineResource({
    type: 'acme_team',
    description: 'A team.',
    attributes: {
      name: attr(z.string(), 'Name.', { forceNew: true }),
      ready: attr(z.boolean().default(true), 'Whether it gets ready.', { api: false }),
      page: attr(z.string(), 'Its page.', { computed: true }),
    },
    key: ['name'],
    derived: {
      page: async ({ name }, { client }) => {
        derived.push(name);
        return `${String((await client.get('/site'))['base'])}/${name}`;
      },
    },
    read: ({ key }) => Promise.resolve({ name: key.name }),
    create: async ({ client, key, values }) => {
      const what = `team "${key.name}" to be ready`;
      await until(client, { what, read: () => Promise.resolve(values.ready ? true : undefined), within: 60_000, pauses: [20] });
    },
    update: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    alwaysExists: true,
    example: { minimal: { name: 'core' }, full: { name: 'core' } },
  });
  const attributes = { ...connection('Acme'), apiKey: attr(z.string().optional(), 'Key.', { sensitive: true }) };
  return defineProvider({ name: 'acme', title: 'Acme', description: 'Acme.', attributes, connect, resources: [team], example: {} });
}

let server: TestServer;
beforeAll(async () => {
  server = await startServer(({ path, headers }) =>
    path === '/site' ? { status: 200, body: { base: 'https://teams', key: headers['x-api-key'] } } : { status: 503, text: 'no version' },
  );
});
afterAll(() => server.stop());
beforeEach(() => (derived = []));
const plain: Connect = ({ client }) => client;

it('gets the block in camelCase with the environment, and may ask the server before it answers', async () => {
  let seen: unknown;
  const connect: Connect = async ({ config, client, log }) => {
    seen = config;
    const keyed = client.with({ headers: { 'x-api-key': String(config['apiKey']) } });
    log('connected', { key: String((await keyed.get('/site'))['key']) });
    return keyed;
  };
  const { core, logs } = providerCore(providerOf(connect), { ACME_API_KEY: 's3cret-key' });
  expect(await core.configure({ endpoint: server.endpoint, max_retries: 2 })).toEqual([]);
  expect(seen).toEqual({ endpoint: server.endpoint, maxRetries: 2, apiKey: 's3cret-key' });
  expect(logs.filter((line) => line.includes('connected'))).toEqual(['{"level":"info","message":"connected","key":"(sensitive)"}']);
});

it('is one diagnostic when it fails, with what failed', async () => {
  const { core } = providerCore(providerOf(async ({ client }) => client.with({ headers: { v: String(await client.get('/version')) } })));
  const said = await core.configure({ endpoint: server.endpoint, max_retries: 0 });
  expect(said.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^Cannot connect to the Acme server: GET http:\S+\/version \S+ 503: no version\./),
  ]);
});

it('a derived value may ask the server, and its function is not called with what is not known yet', async () => {
  const { core } = providerCore(providerOf(plain));
  await core.configure({ endpoint: server.endpoint });
  expect((await core.plan('acme_team', { name: UNKNOWN })).planned).toMatchObject({ page: UNKNOWN });
  expect(derived).toEqual([]);
  expect((await core.plan('acme_team', { name: 'core' })).planned).toMatchObject({ page: 'https://teams/core' });
});

it.each([
  ['stopped', { name: 'a', ready: false }, /it was stopped/],
  ['out of time', { name: 'a', ready: false, timeouts: { create: '1s' } }, /"timeouts" allows/],
])('a wait of a hook ends when the operation is %s, and is told and logged by what it waited for', async (what, config, words) => {
  const { core, logs } = providerCore(providerOf(plain));
  await core.configure({ endpoint: server.endpoint });
  const began = performance.now();
  if (what === 'stopped') setTimeout(() => core.provider.stop(), 300);
  const { diagnostics } = await core.ensure('acme_team', config);
  expect(diagnostics.map(({ detail }) => detail)).toEqual([expect.stringMatching(/waited .* for team "a" to be ready/)]);
  expect(diagnostics[0]?.detail).toMatch(words);
  expect(performance.now() - began).toBeLessThan(5000);
  expect(logs.filter((line) => line.includes('waiting for team'))).toHaveLength(1);
});
