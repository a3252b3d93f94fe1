import fc from 'fast-check';
import { formatOf } from '../../../src/registry/formats';
import { mergePackages } from '../../../src/registry/formats/types/npm/packument';
import { answerOf, checked, rewritten, ROOT, told, UPSTREAM } from './documents';

const { encode, variant } = formatOf('npm');
const version = (tarball: string, more: object = {}) => ({ name: '@s/pk', version: '1.0.0', dist: { tarball, ...more } });
const tarballOf = async (path: string, document: object) => {
  const { body } = await rewritten('npm', answerOf(path, JSON.stringify(document)));
  const json = JSON.parse(String(body)) as ReturnType<typeof version> & { versions?: Record<string, ReturnType<typeof version>> };
  return (json.versions?.['1.0.0'] ?? json).dist.tarball;
};

test.each([
  [`${UPSTREAM}@s/pk/-/pk-1.0.0.tgz`, `${ROOT}@s/pk/-/pk-1.0.0.tgz`],
  ['https://cdn.example.com/a/b/pk-1.0.0.tgz', `${ROOT}%40s/pk/-/1.0.0/pk-1.0.0.tgz`],
  [`${UPSTREAM}@s/pk/-/pk-1.0.0.tgz?token=1`, `${ROOT}%40s/pk/-/1.0.0/pk-1.0.0.tgz`],
])('one version is led through the registry as the whole document is: %s', async (tarball, expected) => {
  for (const path of ['@s/pk/1.0.0', '@s/pk/latest']) expect(await tarballOf(path, version(tarball))).toBe(expected);
  expect(await tarballOf('@s/pk', { name: '@s/pk', versions: { '1.0.0': version(tarball) } })).toBe(expected);
});

test('everything else in a document is left alone, whatever it is called', async () => {
  const text = `{"name":"pk","a":{"__proto__":{"x":1}},"versions":{"__proto__":{"name":"pk","version":"1.0.0","dist":{"tarball":"${UPSTREAM}pk.tgz"}}},"time":{"__proto__":"t"}}`;
  const { body } = await rewritten('npm', answerOf('pk', text));
  expect(String(body)).toBe(text.replace(UPSTREAM, ROOT));
});

test('the document of a package tells where a tarball is that lies elsewhere, and what it hashes to', async () => {
  const url = 'https://cdn.example.com/a/pk-1.0.0.tgz';
  const integrity = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;
  const whole = answerOf('@s/pk', JSON.stringify({ name: '@s/pk', versions: { '1.0.0': version(url, { integrity }) } }));
  const digest = { algorithm: 'sha512', hex: '07'.repeat(64) };
  expect(await told('npm', '@s/pk/-/1.0.0/pk-1.0.0.tgz', whole)).toEqual({ by: '@s/pk', url, digest });
  expect(await told('npm', '@s/pk/-/1.0.0/other.tgz', whole)).toEqual({ by: '@s/pk' });
  expect(await told('npm', '@s/pk/-/2.0.0/pk-1.0.0.tgz', whole)).toEqual({ by: '@s/pk' });
  const old = answerOf('pk', JSON.stringify({ versions: { '1.0.0': { name: 'pk', dist: { tarball: url, shasum: 'AB'.repeat(20) } } } }));
  expect(await told('npm', 'pk/-/1.0.0/pk-1.0.0.tgz', old)).toEqual({ by: 'pk', url, digest: { algorithm: 'sha1', hex: 'ab'.repeat(20) } });
  expect(formatOf('npm').told?.by('@s/pk/-/pk-1.0.0.tgz')).toBeUndefined();
  expect(formatOf('npm').told?.by('@s/pk/-/@s/pk-1.0.0.tgz')).toBeUndefined();
});

test.each([
  ['pk', '<html>please log in</html>', 'not the document of an npm package: a page of HTML'],
  ['pk', '{"status":"maintenance"}', 'not the document of an npm package: it has neither name nor versions'],
  ['pk', '[]', 'not the document of an npm package: no JSON object'],
  ['pk', '{"name":"pk","time":{"unpublished":{}}}', 'taken'],
  ['@s/pk/1.0.0', '{"name":"@s/pk"}', 'not the document of an npm version: it has no version'],
  ['@s/pk/1.0.0', '{"name":"@s/pk","version":"1.0.0"}', 'taken'],
  ['pk/-/pk-1.0.0.tgz', '', 'not checked'],
  ['-/v1/search', '{}', 'taken'],
  ['-/v1/search', '<html></html>', 'not an answer of an npm registry: a page of HTML'],
])('%s %s: %s', async (path, body, expected) => {
  expect(await checked('npm', answerOf(path, body))).toBe(expected);
});

test.each([
  ['@s/pk', '@s%2fpk'],
  ['@s/pk/1.0.0', '@s%2fpk/1.0.0'],
  ['@s/pk/-/pk-1.0.0+b.tgz', '@s/pk/-/pk-1.0.0%2Bb.tgz'],
  ['-/package/@s/pk/dist-tags', '-/package/@s%2fpk/dist-tags'],
  ['download/@s/pk/1.0.0/0a1b2c', 'download/@s/pk/1.0.0/0a1b2c'],
  ['pk/latest', 'pk/latest'],
])('an upstream is asked for %s as %s', (path, expected) => {
  expect(encode?.(path)).toBe(expected);
});

const SHORT = 'application/vnd.npm.install-v1+json';
test.each([
  [`${SHORT}; q=1.0, application/json; q=0.8, */*`, SHORT],
  [`application/json, ${SHORT};q=0.1`, ''],
  [`${SHORT};q=0, */*`, ''],
  ['*/*', ''],
])('asked for %s, the document of a package is kept as %p', (accept, expected) => {
  expect(variant?.('pk', accept)).toBe(expected);
});

interface Merged {
  readonly versions: Record<string, { of: number; dist: { tarball: string } }>;
  readonly 'dist-tags'?: Record<string, string>;
  readonly time?: Record<string, string>;
}

test('each version, tag and time comes from the first member that has it, and every tarball leads through the registry', () => {
  const version = fc.constantFrom('1.0.0', '1.1.0', '2.0.0-beta.1');
  const tag = fc.constantFrom('latest', 'next', '__proto__', 'constructor');
  const times = fc.dictionary(fc.oneof(version, tag), fc.constantFrom('2020-01-01', '2021-01-01'));
  const member = fc.record(
    {
      versions: fc.dictionary(version, fc.constantFrom(UPSTREAM, 'https://cdn.example.com/')),
      'dist-tags': fc.dictionary(tag, version),
      time: times,
    },
    { requiredKeys: ['versions'] },
  );
  const firstOf = (parts: readonly (Record<string, string> | undefined)[], shown: (value: string, member: number) => unknown) =>
    new Map(parts.flatMap((part, n) => Object.entries(part ?? {}).map(([key, value]) => [key, shown(value, n)] as const)).reverse());
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 4 }), (members) => {
      const documents = members.map((each, of) => {
        const versions = Object.entries(each.versions).map(([number, root]) => {
          return [number, { name: 'pk', version: number, of, dist: { tarball: `${root}pk/-/pk-${number}.tgz` } }] as const;
        });
        return answerOf('pk', JSON.stringify({ ...each, name: 'pk', versions: Object.fromEntries(versions) }));
      });
      const self = { name: 'v', url: ROOT, upstream: ROOT };
      const merged = JSON.parse(String(mergePackages({ path: 'pk', self, accept: '', strict: false }, documents).body)) as Merged;
      const from = Object.entries(merged.versions).map(([number, { of }]) => [number, of] as const);
      expect(new Map(from)).toEqual(
        firstOf(
          members.map(({ versions }) => versions),
          (_value, n) => n,
        ),
      );
      for (const key of ['dist-tags', 'time'] as const)
        expect(new Map(Object.entries(merged[key] ?? {}))).toEqual(
          firstOf(
            members.map((each) => each[key]),
            (value) => value,
          ),
        );
      for (const { dist } of Object.values(merged.versions)) expect(dist.tarball.startsWith(ROOT)).toBe(true);
    }),
  );
});
