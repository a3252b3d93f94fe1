import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ValueRecord } from '../../src/common/value';
import { urlProblem } from '../../src/common/urls';
import { composeProvider } from '../../src/compose';
import type { Provider } from '../../src/handler/provider';

const type = 'artifactapi_local_generic';
const state: ValueRecord = { name: 'mine', description: '', url: 'u', upload_url: 'v', force_destroy: false, timeouts: null };
let server: Server;
let provider: Provider;
let asked: string[];
let answer: { readonly status: number; readonly body: unknown };

/** A server that answers every read of an object in one way, refuses every new one, and lists nothing. */
beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json');
    if (request.method === 'POST') return void response.writeHead(409).end('name is taken');
    if (request.url === '/api/v2/remotes') return void response.end('[]');
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = composeProvider('artifactapi', () => {}, {});
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = Object.fromEntries(
    provider.schema().provider.block.attributes.map(({ name }) => [name, name === 'endpoint' ? endpoint : null]),
  );
  await provider.configure({ config, terraformVersion: '1.11.4' });
});
afterEach(async () => {
  provider.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const local = (name: string, repoType = 'local') => ({
  status: 200,
  body: { name, package_type: 'generic', repo_type: repoType, description: '' },
});
const create = () => provider.apply({ type, prior: null, planned: state, config: { ...state, url: null }, private: new Uint8Array() });

it('keeps the state when the server answers with another object than the one asked for', async () => {
  answer = local('somebody-else');
  const read = await provider.read({ type, state, private: new Uint8Array() });
  expect(read.state).toEqual(state);
  expect(read.diagnostics).toEqual([
    expect.objectContaining({
      summary: 'Unexpected Answer',
      detail: expect.stringContaining('with name "mine", but the server returned the one with name "somebody-else"') as string,
    }),
  ]);
});

it('imports no other object than the one asked for', async () => {
  answer = local('somebody-else');
  const { imported, diagnostics } = await provider.import({ type, id: 'mine' });
  expect(imported).toEqual([]);
  expect(diagnostics).toEqual([expect.objectContaining({ summary: 'Unexpected Answer' })]);
});

it.each([
  [
    'an object that can be imported',
    local('mine'),
    'Already on the Server',
    "terraform import artifactapi_local_generic.<name in your configuration> 'mine'",
  ],
  ['an object of another kind', local('mine', 'remote'), 'Object of Another Type', 'but not of type artifactapi_local_generic'],
  ['something that is not there to import', { status: 404, body: 'not found' }, 'Conflict', 'name is taken'],
])('says of a name that is taken by %s what to do', async (...[, answered, summary, detail]) => {
  answer = answered;
  expect((await create()).diagnostics).toEqual([expect.objectContaining({ summary, detail: expect.stringContaining(detail) as string })]);
});

it.each(['..', 'a b', 'a/b', ''])('does not ask the server for the import id %j', async (id) => {
  const { diagnostics } = await provider.import({ type, id });
  expect(diagnostics).toEqual([expect.objectContaining({ summary: 'Invalid Import Id' })]);
  expect(asked).toEqual([]);
});

it.each([
  ['a b', '{ name = "a b" } is not an identity of'],
  [null, '{ name = null } is not an identity of'],
])('says which identity names nothing, and asks nothing: %j', async (name, detail) => {
  const { diagnostics } = await provider.import({ type, id: '', identity: { name } });
  const told = expect.stringContaining(`${detail} ${type}, which has the attributes name, e.g. identity = { name = "my-name" }`) as string;
  expect(diagnostics).toEqual([expect.objectContaining({ summary: 'Invalid Import Identity', detail: told })]);
  expect(asked).toEqual([]);
});

it('names the identity when the import fails at the server', async () => {
  answer = { status: 400, body: 'no' };
  const { diagnostics } = await provider.import({ type, id: '', identity: { name: 'mine' } });
  expect(JSON.stringify(diagnostics)).not.toContain('\\"\\"');
  expect(diagnostics).toHaveLength(1);
});

it.each(['loc/../a', 'loc/a\\b', 'loc/%2e%2e/\u0000'])('does not ask the server for the file %j', async (id) => {
  const { diagnostics } = await provider.import({ type: 'artifactapi_local_file', id });
  expect(diagnostics).toEqual([expect.objectContaining({ summary: 'Invalid Import Id' })]);
  expect(asked).toEqual([]);
});

it('encodes the path in the URL of a file', async () => {
  const { attributes } = provider.schema().resources['artifactapi_local_file']?.block ?? { attributes: [] };
  const config = {
    ...Object.fromEntries(attributes.map(({ name }) => [name, null])),
    repository: 'loc',
    path: 'a b/c#d?e%20f',
    content: 'x',
  };
  const { planned } = await provider.plan({
    type: 'artifactapi_local_file',
    prior: null,
    proposed: config,
    config,
    private: new Uint8Array(),
  });
  expect(planned).toMatchObject({ url: expect.stringMatching(/\/api\/v1\/local\/loc\/a%20b\/c%23d%3Fe%2520f$/) as string });
});

it.each([
  [
    'https://ci:hunter2@host:bad',
    '"https://(sensitive)@host:bad" is not a URL; write one with scheme and host, e.g. "https://packages.example.com"',
  ],
  ['ftp://ci:hunter2@host/', '"ftp://(sensitive)@host/" has the scheme "ftp"; allowed are http and https'],
  [' http://host', '" http://host" has white space at its beginning or end; leave it out'],
])('does not show a password in %j', (url, problem) => expect(urlProblem(url)).toBe(problem));
