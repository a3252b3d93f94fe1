import type { ValueRecord } from '../../src/common/value';
import { urlProblem } from '../../src/common/urls';
import { providers } from '../../src/resources';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { registryTarget } from '../support/contract-targets';
import { type Reply, startServer, type TestServer } from '../../src/testing/http-server';
import { dataExample, readData } from '../../src/testing/read-subject';
import { providerCore } from '../../src/testing/target';

let server: TestServer;
let reply: Reply;
beforeEach(async () => void (server = await startServer(() => reply)));
afterEach(() => server.stop());

type Login = readonly [what: string, provider: ProviderDefinition, block: ValueRecord, env: Record<string, string>];
const logins: readonly Login[] = [
  ['the token of the provider block', artifactapi, { token: 'secret-1' }, {}],
  ['the token from ARTIFACTAPI_TOKEN', artifactapi, {}, { ARTIFACTAPI_TOKEN: 'secret-1' }],
  // The block wins over what is in the environment.
  ['the token of the provider block', artifactapi, { token: 'secret-1' }, { ARTIFACTAPI_TOKEN: 'secret-2' }],
  ['the username and password of the provider block', artifactapi, { username: 'me', password: 'secret-1' }, {}],
  [
    'the username of the provider block and password from ARTIFACTAPI_PASSWORD',
    artifactapi,
    { username: 'me' },
    { ARTIFACTAPI_PASSWORD: 'secret-1' },
  ],
  ['the the authorization header in "headers"', artifactapi, { headers: [{ name: 'Authorization', value: 'secret-1' }] }, {}],
  ['no credentials, since none are set', artifactapi, {}, {}],
  [
    'the access_key and uid of the provider block and secret_key from BKREPO_SECRET_KEY',
    bkrepo,
    { access_key: 'secret-1', uid: 'admin' },
    { BKREPO_SECRET_KEY: 'secret-2' },
  ],
];

it.each(logins)('a 401 says that it was sent with %s', async (...[what, provider, block, env]) => {
  reply = { status: 401, text: 'no' };
  const { core } = providerCore(provider, env);
  await core.configure({ endpoint: server.endpoint, max_retries: 0, ...block });
  const type = provider === artifactapi ? 'artifactapi_remote_npm' : 'bkrepo_user';
  const { diagnostics } = await core.import(type, 'npm');
  expect(diagnostics).toEqual([
    expect.objectContaining({ summary: 'Not Authenticated', detail: expect.stringContaining(`; it was sent with ${what}. `) as unknown }),
  ]);
  expect(diagnostics[0]?.detail).not.toMatch(/secret-\d/);
});

it.each<[string, Reply, RegExp]>([
  ['a question', { status: 500, text: 'out of disk?' }, /answered 500: out of disk\? The server failed/],
  ['an exclamation', { status: 500, text: 'Oops!' }, /answered 500: Oops! The server failed/],
  ['a stop', { status: 500, text: 'It failed.' }, /answered 500: It failed\. The server failed/],
  ['nothing', { status: 500, text: 'it failed' }, /answered 500: it failed\. The server failed/],
])('what a server ends with %s is followed by no second stop', async (_, given, expected) => {
  reply = given;
  const { core } = providerCore(artifactapi);
  await core.configure({ endpoint: server.endpoint, max_retries: 0 });
  expect((await core.import('artifactapi_remote_npm', 'npm')).diagnostics[0]?.detail).toMatch(expected);
});

it.each(['POST', 'PUT', 'DELETE'])('a page in place of the answer to a %s is no success', async (method) => {
  const target = await registryTarget(artifactapi, true);
  const type = 'artifactapi_remote_npm';
  const config = { name: 'npm', base_url: 'https://npm.example.com' };
  const core = await target.core();
  const before = method === 'POST' ? undefined : (await core.ensure(type, config)).instance;
  const plan = await core.plan(type, method === 'DELETE' ? null : { ...config, description: 'new' }, before);
  target.server.fault({ kind: { status: 200, text: '<!doctype html><title>Sign in</title>' }, method });
  const { instance, diagnostics } = await core.apply(plan);
  expect(diagnostics).toEqual([
    expect.objectContaining({ summary: 'Unexpected Answer', detail: expect.stringContaining('an HTML page titled "Sign in"') as unknown }),
  ]);
  expect(instance).toEqual(before);
  await target.stop();
});

it.each([
  ['localhost:8000', '"localhost:8000" has no scheme; write "http://localhost:8000" or "https://localhost:8000"'],
  ['10.0.0.7:8000/base', '"10.0.0.7:8000/base" has no scheme; write "http://10.0.0.7:8000/base" or "https://10.0.0.7:8000/base"'],
  ['mailto:me', '"mailto:me" has the scheme "mailto"; allowed are http and https'],
])('the URL %j is told of in its own words', (url, problem) => expect(urlProblem(url)).toBe(problem));

const limited = providers.flatMap((provider) =>
  provider.dataSources
    .filter(({ attributes }) => 'limit' in attributes)
    .map((definition) => [definition.type, provider, definition] as const),
);

describe.each(limited)('the data source %s', (type, provider, definition) => {
  const entries = Array.from({ length: 2500 }, (_, index) => ({ path: `f-${index}`, fullPath: `/f-${index}`, key: `npm://${index}` }));

  /** The page that is asked for, in the form of either API. */
  function page(path: string): unknown {
    const asked = new URL(path, 'http://server').searchParams;
    const size = Number(asked.get('per_page') ?? asked.get('pageSize'));
    const start = (Number(asked.get('page') ?? asked.get('pageNumber')) - 1) * size;
    const records = entries.slice(start, start + size);
    return asked.has('pageSize') ? { code: 0, data: { records } } : { items: records };
  }

  it.each([
    [2500, 2500, false],
    [2499, 2499, true],
    [1000, 1000, true],
    [1, 1, true],
    [3000, 2500, false],
  ])('with the limit %i has %i of 2,500, and says when it left some out: %p', async (limit, size, isCut) => {
    const own = await startServer(({ path }) => ({ status: 200, body: page(path) }));
    const { core } = providerCore(provider);
    await core.configure({ endpoint: own.endpoint });
    const { state, errors, warnings } = await readData(core, type, { ...dataExample(definition, provider), limit });
    await own.stop();
    const lists = Object.values(state as Record<string, unknown>).filter(Array.isArray);
    expect([errors, lists.map(({ length }) => length)]).toEqual([[], [size]]);
    const words = new RegExp(
      `^List Is Cut Off: There are more than ${limit} .* in ".*"; only the first ${limit} were read\\. Raise "limit"`,
    );
    expect(warnings).toEqual(isCut ? [expect.stringMatching(words)] : []);
  });
});
