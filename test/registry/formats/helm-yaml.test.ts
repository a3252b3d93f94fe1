import fc from 'fast-check';
import { load, YAML11_SCHEMA } from 'js-yaml';
import { parse } from 'yaml';
import { readYaml, Scalar, writeYaml, type YamlValue } from '../../../src/registry/formats/types/helm/yaml';
import { answerOf, checked, rewritten, ROOT, told } from './documents';

// What YAML 1.1, YAML 1.2 or both take for something else than a text, and what could break out of its line.
const tricky = fc.constantFrom(
  ...['on', 'y', 'No', 'TRUE', 'null', '~', '', '1.10', '0x1f', '0o17', '0777', '1e3', '1_000', '.inf', '.NaN', '12:30:45', '2012-01-01'],
  ...[
    '2001-12-14 21:59:43.10 -5',
    '-',
    '- a',
    '? a',
    'a: b',
    'a #b',
    '#a',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
    '{',
    '[a',
    'a,',
    '|',
    '>',
    '=',
    '<<',
  ],
  ...[
    '\u2028',
    'a\u0085b',
    '\u007f',
    '\ufeff',
    '\ud800',
    'a\nb',
    'a\n',
    ' a',
    'a ',
    '\t',
    '"',
    "'",
    '\\',
    'é',
    '😀',
    '---',
    '...',
    'a:',
    ':a',
  ],
);
const text = fc.oneof(tricky, fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
const tree = fc.letrec<{ value: YamlValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 3, selector: ([key]) => key }).map((pairs) => new Map(pairs)),
  ),
})).value;

const plain = (value: YamlValue): unknown => {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [plain(key), plain(item)]));
  return Array.isArray(value) ? value.map(plain) : String(value).replace(/\p{Cs}/gu, '\ufffd');
};
const asMaps = (value: unknown): unknown => {
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, asMaps(item)]));
  return Array.isArray(value) ? value.map(asMaps) : value;
};

test('every text is the same text to parsers of YAML 1.1 and 1.2', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const written = writeYaml(value);
      for (const version of ['1.1', '1.2'] as const) {
        expect(asMaps(parse(written, { version, mapAsMap: true, merge: false, logLevel: 'error' }))).toEqual(plain(value));
      }
    }),
    { numRuns: 1000 },
  );
});

test('what was not quoted is written as it stood', () => {
  for (const scalar of ['1.10', '0x1f', 'on', '~', '2012-01-01', '12:30:45', '-.inf', '+1', '1_000', '0777', 'y']) {
    expect(readYaml(`a: ${scalar}`)).toEqual(new Map([['a', new Scalar(scalar)]]));
    expect(writeYaml(readYaml(`a: ${scalar}\nb: "${scalar}"\n`))).toBe(`a: ${scalar}\nb: "${scalar}"\n`);
  }
});

const INDEX = `apiVersion: v1
# kept
entries:
  app:
  - {name: "app", version: "1.10", appVersion: 1.10, urls: ["app-1.10.tgz", 'https://cdn.example.com/x/app-1.10.tgz?sig=a%20b']}
  - name: app
    version: 1.9.0
    description: |
      on: off
    urls:
    - charts/app-1.9.0.tgz
    - https://upstream.example.com/other/app-1.9.0.tgz
    - oci://registry.example.com/app:1.9.0
    created: 2012-01-01
serverInfo: {contextPath: /x}
`;

test('links are replaced where they stand, and every other byte is left alone', async () => {
  const { body } = await rewritten('helm', answerOf('index.yaml', INDEX));
  const links = [
    ['"app-1.10.tgz"', `"${ROOT}app-1.10.tgz"`],
    ["'https://cdn.example.com/x/app-1.10.tgz?sig=a%20b'", `'${ROOT}-/app/1.10/app-1.10.tgz'`],
    ['- charts/app-1.9.0.tgz', `- ${ROOT}charts/app-1.9.0.tgz`],
    ['- https://upstream.example.com/other/app-1.9.0.tgz', `- ${ROOT}-/app/1.9.0/app-1.9.0.tgz`],
  ] as const;
  expect(String(body)).toBe(links.reduce((kept, [from, to]) => kept.replace(from, to), INDEX));
});

test('an index with aliases means the same afterwards', async () => {
  const index = `entries:\n  a:\n  - &x {name: a, version: 1.0.0, on: 0x1f, urls: [a.tgz]}\n  - <<: *x\n    version: "1.10"\n`;
  const { body } = await rewritten('helm', answerOf('index.yaml', index));
  const expected = load(index.replace('a.tgz', `${ROOT}a.tgz`), { schema: YAML11_SCHEMA });
  expect(load(String(body), { schema: YAML11_SCHEMA })).toEqual(expected);
});

test('an index tells where its charts outside of the upstream are, and their signatures', async () => {
  const index = answerOf('index.yaml', INDEX);
  const url = 'https://cdn.example.com/x/app-1.10.tgz';
  expect(await told('helm', '-/app/1.10/app-1.10.tgz', index)).toEqual({ by: 'index.yaml', url: `${url}?sig=a%20b` });
  expect(await told('helm', '-/app/1.10/app-1.10.tgz.prov', index)).toEqual({ by: 'index.yaml', url: `${url}.prov?sig=a%20b` });
  expect(await told('helm', '-/app/1.10/other.tgz', index)).toEqual({ by: 'index.yaml' });
  expect(await told('helm', '-/app/2.0/app-1.10.tgz', index)).toEqual({ by: 'index.yaml' });
});

test('every link that leads through the registry is found again, whatever its chart is called and listed under', async () => {
  const chart = (name: string, host: string) =>
    `  - { name: ${name}, version: 1.0.0, urls: ['https://${host}.example.com/c-1.0.0.tgz'] }\n`;
  const index = answerOf('index.yaml', `apiVersion: v1\nentries:\n  other:\n${chart('c', 'a')}  team/d:\n${chart('team/d', 'b')}`);
  const urls = [...String((await rewritten('helm', index)).body).matchAll(/https?:[^'"\s\]]+/g)].map(String);
  expect(urls).toEqual([`${ROOT}-/c/1.0.0/c-1.0.0.tgz`, 'https://b.example.com/c-1.0.0.tgz']);
  expect(await told('helm', '-/c/1.0.0/c-1.0.0.tgz', index)).toEqual({ by: 'index.yaml', url: 'https://a.example.com/c-1.0.0.tgz' });
});

test.each([
  ['<html><body>please log in</body></html>', 'not a helm index: not a mapping'],
  ['{"status": "maintenance"}', 'not a helm index: it has neither entries nor apiVersion'],
  ['entries: none of them', 'not a helm index: entries is not a mapping'],
  ['a: [', expect.stringMatching(/^not YAML: /)],
  ['', 'not a helm index: not a mapping'],
  ['apiVersion: v1\nentries: {}\n', 'taken'],
  ['{"apiVersion": "v1", "entries": {"a": []}}', 'taken'],
  ['apiVersion: v1\nentries:\n', 'taken'],
])('%s: %s', async (body, expected) => {
  expect(await checked('helm', answerOf('index.yaml', body))).toEqual(expected);
});

test('a small document that unfolds without end is refused', async () => {
  const levels = Array.from(
    { length: 12 },
    (_, n) =>
      `x${n}: &x${n} [${Array(9)
        .fill(n === 0 ? 'lol' : `*x${n - 1}`)
        .join(', ')}]`,
  );
  const bomb = answerOf('index.yaml', `apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0, urls: [a.tgz]}]}\n${levels.join('\n')}\n`);
  await expect(rewritten('helm', bomb)).rejects.toThrow(/expanded, it is longer than \d+ characters/);
});
