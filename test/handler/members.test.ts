import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { composeProvider } from '../../src/compose';
import type { Provider } from '../../src/handler/provider';

let server: Server;
let provider: Provider;
let down: boolean;

/** A server that has a helm remote and an npm local, and a helm remote that its list does not show. */
beforeEach(async () => {
  down = false;
  server = createServer((request, response) => {
    if (down) return void response.writeHead(500).end('broken');
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/v2/remotes/hidden') return void response.end(JSON.stringify(repository('hidden', 'helm', 'remote')));
    if (/^\/api\/v2\/\w+\/./.test(request.url ?? '')) return void response.writeHead(404).end('{}');
    response.end(
      request.url === '/api/v2/remotes'
        ? JSON.stringify([repository('charts', 'helm', 'remote'), repository('ours', 'npm', 'local')])
        : '[]',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider = composeProvider('artifactapi', () => {}, {});
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await provider.configure({ config: { ...nulls('provider'), endpoint, max_retries: 0 }, terraformVersion: '1.11.4' });
});
afterEach(async () => {
  provider.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const repository = (name: string, packageType: string, repoType: string) => ({ name, package_type: packageType, repo_type: repoType });

function nulls(type: string): ValueRecord {
  const schema = provider.schema();
  const { attributes } = (type === 'provider' ? schema.provider : schema.resources[type])?.block ?? { attributes: [] };
  return Object.fromEntries(attributes.map(({ name }) => [name, null]));
}

const planned = (type: string, values: ValueRecord) => {
  const config = { ...nulls(type), ...values };
  return provider.plan({ type, prior: null, proposed: config, config, private: new Uint8Array() });
};
const virtual = (members: Value) => planned('artifactapi_virtual', { name: 'all', package_type: 'helm', members });

it.each([
  ['the server has', ['charts']],
  ['the server has, but does not list', ['hidden']],
  ['is not known yet', [UNKNOWN]],
  ['nothing can be said of, as the whole list is unknown', UNKNOWN],
])('is content with a member that %s', async (_, members) => expect((await virtual(members)).diagnostics).toEqual([]));

it('is content with a member that this run makes', async () => {
  await planned('artifactapi_local_helm', { name: 'new' });
  expect((await virtual(['charts', 'new'])).diagnostics).toEqual([]);
});

it('warns of a member that nobody has, at its place, and lets the plan go on', async () => {
  const { diagnostics, planned: values } = await virtual(['charts', 'none']);
  expect(diagnostics).toEqual([expect.objectContaining({ severity: 'warning', summary: 'Member Not Found', path: ['members', 1] })]);
  expect(values).toMatchObject({ members: ['charts', 'none'] });
});

it('warns of a member of another package type, also when this run makes it', async () => {
  await planned('artifactapi_remote_pypi', { name: 'wheels', base_url: 'https://pypi.example.com' });
  const { diagnostics } = await virtual(['ours', 'wheels']);
  expect(diagnostics).toEqual([
    expect.objectContaining({
      severity: 'warning',
      detail: expect.stringContaining('"ours" is a repository of type "npm"') as string,
      path: ['members', 0],
    }),
    expect.objectContaining({
      severity: 'warning',
      detail: expect.stringContaining('"wheels" is a repository of type "pypi"') as string,
      path: ['members', 1],
    }),
  ]);
});

it('warns, and no more, when the server cannot be asked', async () => {
  down = true;
  const { diagnostics } = await virtual(['charts']);
  expect(diagnostics).toEqual([expect.objectContaining({ severity: 'warning', summary: 'Check Skipped' })]);
});
