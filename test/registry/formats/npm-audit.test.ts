import fc from 'fast-check';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { auditWithout } from '../../../src/registry/formats/types/npm/audit';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { publish } from './npm-publication';

afterEach(cleanUp);

const BULK = '-/npm/v1/security/advisories/bulk';
const QUICK = '-/npm/v1/security/audits/quick';

/** A virtual of a local with `@acme/app` and of an upstream that remembers what it is told. */
async function repositories(members = ['r', 'l']) {
  const told: { encoding: string | undefined; body: unknown }[] = [];
  const open = await upstream((request, response) => {
    void buffer(request).then((body) => {
      told.push({ encoding: request.headers['content-encoding'], body: JSON.parse(String(body)) });
      response.setHeader('content-type', 'application/json');
      response.end('{"pad":[]}');
    });
  });
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'npm', base_url: open.url, blocklist: ['^@secret/'] });
  await addVirtual(url, { name: 'v', package_type: 'npm', members });
  await publish(url, { name: '@acme/app', version: '1.0.0' });
  const ask = (path: string, body: unknown, headers = {}) => call('POST', `${url}/api/v1/${path}`, { body, headers });
  return { ask, told };
}

const TREE = {
  name: 'project',
  version: '1.0.0',
  install: ['@acme/app@1.0.0'],
  requires: { '@acme/app': '^1.0.0', alias: 'npm:@secret/x@1', pad: '^1.0.0' },
  dependencies: {
    pad: { version: '1.0.0', resolved: 'https://internal.example.com/pad.tgz' },
    '@acme/app': { version: '1.0.0', requires: { '@secret/x': '1.x' }, dependencies: { deep: { version: '2.0.0', dev: true } } },
    '@ACME/App': { version: 'git+ssh://internal.example.com/app.git' },
  },
};

test('an audit tells the upstream of a virtual neither what is internal nor what is denied there, whatever the encoding', async () => {
  const { ask, told } = await repositories();
  const asked = { '@acme/app': ['1.0.0'], '@Acme/App': ['1.0.0'], '@secret/x': ['1.0.0'], pad: ['1.0.0'] };
  const plain = await ask(`virtual/v/${BULK}`, asked);
  expect([plain.status, plain.json]).toEqual([200, { pad: [] }]);
  await ask(`virtual/v/${BULK}`, gzipSync(JSON.stringify(asked)), { 'content-encoding': 'gzip' });
  expect(told).toEqual(Array(2).fill({ encoding: undefined, body: { pad: ['1.0.0'] } }));
  await ask(`remote/r/${BULK}`, asked);
  expect(told[2]?.body).toEqual({ '@acme/app': ['1.0.0'], '@Acme/App': ['1.0.0'], pad: ['1.0.0'] });
});

test('the tree of an older client keeps what is public below a private package', async () => {
  const { ask, told } = await repositories();
  expect((await ask(`virtual/v/${QUICK}`, gzipSync(JSON.stringify(TREE)), { 'content-encoding': 'gzip' })).status).toBe(200);
  const text = JSON.stringify(told[0]?.body);
  expect(text).not.toMatch(/acme|secret|internal|project/i);
  const { requires, dependencies } = told[0]?.body as { requires: object; dependencies: Record<string, object> };
  expect(Object.values(requires)).toEqual(['>=1.0.0 <2.0.0-0', '*', '>=1.0.0 <2.0.0-0']);
  expect(dependencies['pad']).toEqual({ version: '1.0.0' });
  expect(Object.values(dependencies)[1]).toMatchObject({ version: '1.0.0', dependencies: { deep: { version: '2.0.0', dev: true } } });
});

test('what is internal alone, or has no upstream, is answered here', async () => {
  const { ask, told } = await repositories();
  expect((await ask(`virtual/v/${BULK}`, { '@acme/app': ['1.0.0'] })).json).toEqual({});
  const { ask: askLocal } = await repositories(['l']);
  expect((await askLocal(`virtual/v/${BULK}`, { pad: ['1.0.0'] })).json).toEqual({});
  expect(told).toEqual([]);
});

test.each<[what: string, body: string | Buffer, error: string]>([
  ['no JSON', 'hello', 'invalid body: not JSON'],
  ['half of a gzip', gzipSync('{"pad":["1.0.0"]}').subarray(0, 20), 'the body cannot be decoded as "gzip"'],
  ['a bomb', gzipSync('0'.repeat(64 << 20)), 'the body cannot be decoded as "gzip"'],
  ['nesting without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nested too deeply'],
])('%s is refused as npm shows it, and the upstream does not hear of it', async (_what, body, error) => {
  const { ask, told } = await repositories();
  const answer = await ask(`virtual/v/${BULK}`, body, Buffer.isBuffer(body) ? { 'content-encoding': 'gzip' } : {});
  expect([answer.status, answer.json]).toEqual([400, { error: expect.stringContaining(error) as string }]);
  expect(told).toEqual([]);
});

test('of any tree, every public package is told with its version, and no private name', async () => {
  interface Node {
    version: string;
    requires: Record<string, string>;
    dependencies: Record<string, Node>;
  }
  const name = fc.constantFrom('pad', 'left', '@open/x', '@private/a', '@private/b', 'private-c');
  const nodes = (dependencies: fc.Arbitrary<Record<string, Node>>): fc.Arbitrary<Node> =>
    fc.record({
      version: fc.constantFrom('1.0.0', '2.3.4-beta.1'),
      requires: fc.dictionary(name, fc.constantFrom('^1.0.0', 'npm:@private/a@1', 'file:../private-c'), { maxKeys: 3 }),
      dependencies,
    });
  const leaf = nodes(fc.constant({}));
  const node = nodes(fc.dictionary(name, nodes(fc.dictionary(name, leaf, { maxKeys: 3 })), { maxKeys: 3 }));
  const publicOf = ({ dependencies }: Node): string[] =>
    Object.entries(dependencies).flatMap(([each, child]) => [
      ...(/private/.test(each) ? [] : [`${each}@${child.version}`]),
      ...publicOf(child),
    ]);
  const told = (tree: Node): string[] => publicOf(tree).filter((each) => !/^[0-9a-f-]{36}@/.test(each));
  await fc.assert(
    fc.asyncProperty(node, async (tree) => {
      const sent = await auditWithout(QUICK, Buffer.from(JSON.stringify(tree)), (each) => Promise.resolve(/private/.test(each)));
      expect(String(sent)).not.toContain('private');
      expect(told(JSON.parse(String(sent)) as Node).sort()).toEqual(publicOf(tree).sort());
    }),
  );
});
