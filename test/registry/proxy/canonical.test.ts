import fc from 'fast-check';
import { formatOf } from '../../../src/registry/formats';
import { canonicalPath, upstreamPath } from '../../../src/registry/proxy/canonical';
import { addRemote, cleanUp, registry, upstream } from '../helpers';
import { rawRequest } from './raw';

afterEach(cleanUp);

test.each([
  ['a/b', 'a/b'],
  ['/a//b', 'a/b'],
  ['//a/b/', 'a/b/'],
  ['a%20b/%C3%BC', 'a b/ü'],
  ['a%2Bb/c+d', 'a+b/c+d'],
  ['100%25', '100%'],
  ['a;x=1/b', 'a;x=1/b'],
  ['a/./b', 'a/b'],
  ['././/./a/././b', 'a/b'],
  ['a/.', 'a/'],
  ['./', ''],
  ['.', ''],
  ['', ''],
  ['/', ''],
])('%j is %j', (raw, path) => {
  expect(canonicalPath(raw)).toBe(path);
});

test.each([
  '%2fa',
  'a%2Fb',
  'a/../b',
  'a/%2e/b',
  'a/.../b',
  '../a',
  'a/./..',
  '%2e%2e/a',
  '.%2e',
  'a/..;/b',
  'a/.;x=1/b',
  'a%5cb',
  'a\\b',
  'a%00',
  'a%0d%0a',
  '%2565vil',
  '%252e%252e/a',
  '%252fa',
  '%zz',
  '%c0%af',
  'a./b',
  'a%20/b',
  '%20a',
  '%e2%80%a8',
])('%j has no canonical form', (raw) => {
  expect(() => canonicalPath(raw)).toThrow(/^invalid path: /);
});

test('a path that is canonical stays so, and comes back from the form that upstreams are asked in', () => {
  const segment = fc
    .string({
      unit: fc.constantFrom('a', 'B', '1', ' ', '.', '-', '+', '%', ';', '@', ':', '?', '#', '&', '=', 'ü', '漢', '~', '!', "'", '(', '*'),
    })
    .filter((text) => text !== '' && !/^[\s]|[.\s]$|^\.{1,2}(?:;|$)|%[0-9a-f]{2}/i.test(text));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
      const path = segments.join('/');
      const asked = upstreamPath(path, {});
      expect(canonicalPath(asked)).toBe(path);
      expect(asked).not.toMatch(/[;+?#\s]|\/\//);
    }),
  );
});

test('what needs no decoding is judged like the same path encoded', () => {
  const judged = (raw: string): string => {
    try {
      return canonicalPath(raw);
    } catch (refusal) {
      return (refusal as Error).message;
    }
  };
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/', '@', '~', '+', '-', '_'), maxLength: 20 });
  // An `x` that is encoded, before a slash, keeps the rest of the path from being taken for plain.
  fc.assert(fc.property(text, (raw) => expect(judged(`x/${raw}`)).toBe(judged(`%78/${raw}`))));
});

test.each([
  ['npm', '@s%2fpkg', '@s/pkg', '@s%2fpkg'],
  ['npm', '%40s%2Fpkg', '@s/pkg', '@s%2fpkg'],
  ['npm', '@s/pkg/-/pkg-1.0.0.tgz', '@s/pkg/-/pkg-1.0.0.tgz', '@s/pkg/-/pkg-1.0.0.tgz'],
  ['npm', '-/package/@s%2fpkg/dist-tags', '-/package/@s/pkg/dist-tags', '-/package/@s%2fpkg/dist-tags'],
  ['pypi', 'simple/Evil_Pkg', 'simple/evil-pkg/', 'simple/evil-pkg/'],
  ['pypi', 'simple/evil.-_pkg/', 'simple/evil-pkg/', 'simple/evil-pkg/'],
  ['pypi', 'simple', 'simple/', 'simple/'],
  ['pypi', 'pypi/Evil_Pkg/1.0/json', 'pypi/evil-pkg/1.0/json', 'pypi/evil-pkg/1.0/json'],
  ['goproxy', 'x.org/Mod/@v/v2.0.0+incompatible.zip', 'x.org/!mod/@v/v2.0.0+incompatible.zip', 'x.org/!mod/@v/v2.0.0+incompatible.zip'],
  ['terraform', 'v1/providers/Corp/Evil/versions', 'v1/providers/corp/evil/versions', 'v1/providers/corp/evil/versions'],
])('%s: %j is %j, asked for as %j', (...row: readonly string[]) => {
  const [type = '', raw = '', path = '', asked = ''] = row;
  const format = formatOf(type);
  expect(canonicalPath(raw, format)).toBe(path);
  expect(upstreamPath(path, format)).toBe(asked);
  expect(canonicalPath(asked, format)).toBe(path);
});

test('a blocked path stays blocked however it is spelt', async () => {
  const files = await upstream((_request, response) => response.end('payload'));
  const { url } = await registry();
  await addRemote(url, { name: 'g', base_url: files.url, blocklist: ['^evil(/|$)', 'module=evil'] });
  await addRemote(url, { name: 'p', package_type: 'pypi', base_url: files.url, blocklist: ['^simple/evil-pkg/'] });
  const spellings = [
    'g/evil/x',
    'g//evil/x',
    'g/evil//x',
    'g/%65vil/x',
    'g/evil',
    'g/evil/',
    'g/evil/?q',
    'g/evil/x?',
    'g/./evil/x',
    'g/evil/./x',
    'g/v3/releases?module=%65vil',
  ];
  const refused = ['g/%2fevil/x', 'g/%2e/evil/x', 'g/ok/../evil/x', 'g/ok/..;/evil/x', 'g/evil%5cx', 'g/%2565vil/x', 'g/evil%2fx'];
  for (const path of [...spellings, 'p/simple/Evil_Pkg/', 'p/simple/evil.pkg', 'p//simple/EVIL--pkg/']) {
    for (const method of ['GET', 'HEAD']) expect([path, await rawRequest(url, `${method} /api/v1/remote/${path}`)]).toEqual([path, 403]);
  }
  for (const path of refused) expect([path, await rawRequest(url, `GET /api/v1/remote/${path}`)]).toEqual([path, 400]);
  expect(files.requests).toEqual([]);
});

test('an upstream that redirects to a blocked path of its own is not followed', async () => {
  const files = await upstream((request, response) =>
    request.url === '/base/alias' ? void response.writeHead(302, { location: '/base//evil/x' }).end() : void response.end('payload'),
  );
  const { url } = await registry();
  await addRemote(url, { name: 'g', base_url: `${files.url}/base`, blocklist: ['^evil/'] });
  expect(await rawRequest(url, 'GET /api/v1/remote/g/alias')).toBe(403);
  expect(files.requests.map((request) => request.url)).toEqual(['/base/alias']);
});

test('every spelling of a path is one object of the cache', async () => {
  const files = await upstream((_request, response) => response.end('x'));
  const { url } = await registry();
  await addRemote(url, { name: 'g', base_url: files.url });
  for (const path of ['a/b+c', './a/./b+c', '/a/b+c', 'a//b%2Bc', '%61/b+c', 'a/b+c?'])
    expect(await rawRequest(url, `GET /api/v1/remote/g/${path}`)).toBe(200);
  expect(files.requests.map((request) => request.url)).toEqual(['/a/b%2Bc']);
});
