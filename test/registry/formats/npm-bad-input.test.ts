import fc from 'fast-check';
import { connect } from 'node:net';
import { once } from 'node:events';
import { readFromTarball } from '../../../src/registry/formats/tar';
import { addRemote, addVirtual, call, cleanUp, registry, tarball, upstream } from '../helpers';
import { publication, publish } from './npm-publication';

afterEach(cleanUp);

const APP = { name: '@acme/app', version: '1.0.0' };
const KINDS = ['local/l', 'remote/r', 'virtual/v'] as const;

async function repositories(options: Parameters<typeof registry>[0] = {}) {
  const open = await upstream((_request, response) => void response.writeHead(404).end('{}'));
  const { url } = await registry(options);
  await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'npm', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'r'] });
  const stored = async () => ((await call('GET', `${url}/api/v2/locals/l/objects`)).json as { total: number }).total;
  return { url, open, stored };
}

/** Sends bytes as they are; the answer is what comes back until the connection ends. */
async function raw(url: string, text: string, hangUp = false): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(text);
  if (hangUp) setTimeout(() => socket.destroy(), 50);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

const PATHS = [
  ...['..%2f..%2fetc%2fpasswd', '@acme%2f..%2f..', '%2e%2e/%2e%2e/x', '@acme%2f%2e%2e', '@..%2fapp', 'app%00', 'app%0d%0aset-cookie:x'],
  ...['app%252f..', '..;/x', 'a%5c..%5cb', 'app.', 'app%20', '@acme%2fa%0ab', 'x/-/..%2f..%2fx-1.0.0.tgz', '-/package/..%2fx/dist-tags/y'],
];

test.each(KINDS)('paths that lead elsewhere are refused in %s as npm shows it, whatever is done with them', async (kind) => {
  const { url, open, stored } = await repositories();
  for (const path of PATHS) {
    for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
      const answer = await raw(
        url,
        `${method} /api/v1/${kind}/${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}`,
      );
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect([method, path, head.slice(9, 12)]).toEqual([method, path, '400']);
      expect(JSON.parse(body)).toEqual({ error: expect.stringMatching(/^invalid path: /) as string });
    }
  }
  expect([open.requests.length, await stored()]).toEqual([0, 0]);
});

test.each<[what: string, name: string]>([
  ['unicode that looks like dots', '．．／etc'],
  ['a dot in front', '.npmrc'],
  ['an underscore in front', '_app'],
  ['capitals', '@Acme/app'],
  ['a scope without a name', '@acme'],
  ['spaces', 'a b'],
  ['more than 214 characters', 'a'.repeat(215)],
  ['a colon', 'c:app'],
  ['an emoji', '📦'],
])('a name with %s is not published', async (_what, name) => {
  const { url, stored } = await repositories();
  const answer = await call('PUT', `${url}/api/v1/local/l/${encodeURIComponent(name)}`, { body: publication({ name, version: '1.0.0' }) });
  expect([Math.floor(answer.status / 100), Object.keys(answer.json as object)]).toEqual([4, ['error']]);
  expect(await stored()).toBe(0);
});

test('a package that differs by case alone is not asked for outside, and nothing is there under it', async () => {
  const { url, open } = await repositories();
  await publish(url, APP);
  for (const path of ['@ACME%2fapp', '@Acme/App/1.0.0', '@acme/App/-/App-1.0.0.tgz', '-/package/@acme%2fAPP/dist-tags'])
    expect([path, (await call('GET', `${url}/api/v1/virtual/v/${path}`)).status]).toEqual([path, 404]);
  expect(open.requests).toHaveLength(0);
});

test('an upload that breaks off leaves nothing, and can be repeated', async () => {
  const failures: unknown[] = [];
  const logger = { info: () => undefined, warn: () => undefined, error: (...told: unknown[]) => failures.push(told) };
  const { url, stored } = await repositories({ logger });
  const body = JSON.stringify(publication(APP));
  const head = `PUT /api/v1/local/l/@acme%2fapp HTTP/1.1\r\nhost: x\r\nconnection: close\r\n`;
  await raw(url, `${head}content-length: ${body.length}\r\n\r\n${body.slice(0, body.length / 2)}`, true);
  await raw(url, `${head}transfer-encoding: chunked\r\n\r\n${(100).toString(16)}\r\n${body.slice(0, 100)}\r\n`, true);
  // One that ends early by its own length is told so.
  const short = await raw(url, `${head}content-length: 100\r\n\r\n${body.slice(0, 100)}`);
  expect(short).toMatch(/^HTTP\/1.1 400 [^]*\{"error":"invalid body: not JSON"\}$/);
  expect(await stored()).toBe(0);
  expect((await publish(url, APP)).status).toBe(201);
  expect(failures).toEqual([]);
});

test('headers that make no sense are passed over, or refused with a reason', async () => {
  const { url } = await repositories();
  await publish(url, APP);
  const headers: [name: string, value: string, read: number, written: number][] = [
    ['accept', 'application/vnd.npm.install-v1+json;q=wrong;;,,*/', 200, 201],
    ['accept', 'application/json,'.repeat(500), 200, 201],
    ['range', 'bytes=99999999999999999999999-', 416, 201],
    ['range', 'bytes=-0,5-1,nonsense', 200, 201],
    ['if-none-match', '"'.repeat(1000), 200, 201],
    ['if-modified-since', 'the day before', 200, 201],
    ['if-range', 'W/"', 200, 201],
    ['content-type', 'multipart/form-data; boundary=', 200, 201],
    ['x-forwarded-host', '../../../', 200, 201],
    ['authorization', 'Bearer ', 200, 201],
  ];
  for (const [index, [name, value, read, written]] of headers.entries()) {
    const sent = { headers: { [name]: value } };
    for (const kind of ['local/l', 'virtual/v'])
      expect([name, (await call('GET', `${url}/api/v1/${kind}/@acme/app/-/app-1.0.0.tgz`, sent)).status]).toEqual([name, read]);
    for (const kind of KINDS) expect([200, 404, 416]).toContain((await call('GET', `${url}/api/v1/${kind}/@acme%2fapp`, sent)).status);
    const body = publication({ name: `other${index}`, version: '1.0.0' });
    expect([name, (await call('PUT', `${url}/api/v1/local/l/other${index}`, { body, ...sent })).status]).toEqual([name, written]);
  }
});

test('whatever a document of a package says, it is stored if its tarball says the same, and refused with a reason otherwise', async () => {
  const { url, stored } = await repositories();
  const junk = fc.oneof(fc.constantFrom(null, 0, true, '', 'x', '1.0.0', '2.0.0', '__proto__'), fc.jsonValue({ maxDepth: 2 }));
  const version = fc.record({ name: fc.constantFrom('app', 'evil'), version: fc.constantFrom('1.0.0', '2.0.0') });
  const change = fc.oneof(
    fc.record({ inside: fc.oneof(junk, version) }),
    fc.record({ tags: fc.dictionary(fc.constantFrom('latest', 'beta', '1.x', '', 'a/b', '__proto__'), junk) }),
    fc.record({ manifest: fc.dictionary(fc.constantFrom('name', 'version', 'deprecated', 'keywords', 'description', 'bin'), junk) }),
    fc.record({ dist: fc.dictionary(fc.constantFrom('integrity', 'shasum', 'tarball', 'attestations'), junk) }),
    fc.record({ attachment: fc.dictionary(fc.constantFrom('data', 'length', 'content_type'), junk) }),
    fc.record({ document: fc.dictionary(fc.constantFrom('name', 'versions', '_attachments', 'dist-tags', '_id', 'time'), junk) }),
  );
  const changes = fc.array(change, { maxLength: 2 }).map((all): { inside?: unknown } => Object.assign({}, ...all) as object);
  let number = 0;
  const seen = { stored: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(changes, async ({ inside, ...given }) => {
      const name = `app${(number += 1)}`;
      const told = { name, version: '1.0.0', ...given, ...(inside !== undefined && { inside: renamed(inside, name) }) };
      const before = await stored();
      const answer = await publish(url, told);
      if (answer.status !== 201) {
        seen.refused += 1;
        expect([Math.floor(answer.status / 100), answer.json]).toEqual([4, { error: expect.stringMatching(/\w+ \w+/) as string }]);
        expect(await stored()).toBe(before);
        return;
      }
      const document = (await call('GET', `${url}/api/v1/local/l/${name}`)).json as {
        versions: Record<string, Version>;
        'dist-tags': object;
      };
      // A document without a tarball says only what is deprecated.
      for (const [version, manifest] of Object.entries(document.versions)) {
        seen.stored += 1;
        const content = Buffer.from(await (await fetch(manifest.dist.tarball)).arrayBuffer());
        const file = await readFromTarball(parts(content), { matches: (path) => path === 'package/package.json', limit: 1 << 20 });
        expect([manifest, JSON.parse(String(file))]).toMatchObject(Array(2).fill({ name, version }));
      }
      for (const version of Object.values(document['dist-tags'])) expect(document.versions).toHaveProperty([String(version)]);
    }),
    { numRuns: 60 },
  );
  expect(Math.min(seen.stored, seen.refused)).toBeGreaterThan(5);
});

interface Version {
  readonly dist: { readonly tarball: string };
}

/** Names the package as its test does where it is named at all. */
function renamed(inside: unknown, name: string): unknown {
  const isApp = typeof inside === 'object' && inside !== null && 'name' in inside && inside.name === 'app';
  return isApp ? { ...inside, name } : inside;
}

async function* parts(content: Buffer) {
  yield await Promise.resolve(content);
}

test('what is larger than anybody publishes is refused before it is read', async () => {
  const { url } = await repositories();
  const head = 'PUT /api/v1/local/l/app HTTP/1.1\r\nhost: x\r\ncontent-length: 300000000\r\n\r\n';
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(head);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
});

test('a document that is nested without end is refused, one that is large is not, and an answer is never large', async () => {
  const { url } = await repositories();
  const deep = `{"name":"app","versions":{"1.0.0":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`;
  const answer = await call('PUT', `${url}/api/v1/local/l/app`, { body: deep });
  expect([answer.status, answer.json]).toEqual([400, { error: 'invalid body: nested too deeply' }]);
  const named = await call('PUT', `${url}/api/v1/local/l/app`, { body: { name: 'x'.repeat(1 << 20) } });
  expect([named.status, named.text.length < 1100]).toEqual([400, true]);
  const content = tarball({ 'package/package.json': JSON.stringify({ name: 'app', version: '1.0.0' }), 'package/x': 'x'.repeat(3 << 20) });
  expect((await publish(url, { name: 'app', version: '1.0.0', content, manifest: { readme: 'r'.repeat(1 << 20) } })).status).toBe(201);
});
