import { Readable } from 'node:stream';
import { array, assert, nat, property, uint8Array } from 'fast-check';
import { Crc64 } from '../../../../src/registry/backends/bkrepo/artifacts/crc64';
import { type Candidate, matches, type Rule } from '../../../../src/registry/backends/bkrepo/artifacts/query';
import { rangeOf } from '../../../../src/registry/backends/bkrepo/artifacts/send';
import { zip } from '../../../../src/registry/backends/bkrepo/artifacts/zip';
import { unzip } from './support';

test('crc64ecma of the check text is that of the catalogue', () => {
  const crc = new Crc64();
  crc.update(Buffer.from('123456789'));
  expect(crc.digest()).toBe(0x995dc9bbdf1939fan.toString());
});

test('crc64ecma does not depend on the pieces', () => {
  assert(
    property(array(uint8Array({ maxLength: 50 }), { maxLength: 6 }), (pieces) => {
      const [whole, piecewise] = [new Crc64(), new Crc64()];
      whole.update(Buffer.concat(pieces));
      for (const piece of pieces) piecewise.update(piece);
      expect(piecewise.digest()).toBe(whole.digest());
    }),
  );
});

test.each([
  [undefined, undefined],
  ['bytes=0-3', { start: 0, end: 3 }],
  ['bytes=2-', { start: 2, end: 9 }],
  ['bytes=-4', { start: 6, end: 9 }],
  ['bytes=5-99', { start: 5, end: 9 }],
  ['bytes=-99', { start: 0, end: 9 }],
])('the range %j of ten bytes is %j', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});

test.each(['bytes=10-', 'bytes=3-2', 'bytes=-', 'bytes=-0', 'items=0-1', 'bytes=a-b', 'bytes=0-1,3-4'])(
  'the range %j of ten bytes is bad',
  (header) => {
    expect(() => rangeOf(header, 10)).toThrow(expect.objectContaining({ code: 250120, status: 416 }) as Error);
  },
);

test('a range always lies within the file', () => {
  assert(
    property(nat(20), nat(20), nat(20), (start, end, size) => {
      let range: ReturnType<typeof rangeOf>;
      try {
        range = rangeOf(`bytes=${start}-${end}`, size);
      } catch {
        expect(start > end || start >= size).toBe(true);
        return;
      }
      expect(range).toEqual({ start, end: Math.min(end, size - 1) });
    }),
  );
});

test('an archive has what was put into it, also when a file is announced as a large one', async () => {
  const files = { 'a.txt': 'hello', 'dir/ü.bin': 'x'.repeat(300_000), 'dir/empty': '' };
  const sizes: Record<string, number> = { 'a.txt': 2 ** 32 };
  const entries = Object.entries(files).map(([name, text]) => ({
    name,
    size: sizes[name] ?? text.length,
    open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
  }));
  const chunks: Buffer[] = [];
  for await (const chunk of zip(entries)) chunks.push(chunk);
  expect(unzip(Buffer.concat(chunks))).toEqual(files);
});

const candidate: Candidate = {
  name: 'App-1.2.zip',
  size: 20,
  folder: false,
  sha256: null,
  createdDate: '2026-05-01T10:00:00.000',
  metadata: { build: '12' },
};

test.each<[string, string, unknown, boolean]>([
  ['name', 'EQ', 'App-1.2.zip', true],
  ['folder', 'EQ', 'false', true],
  ['name', 'EQ', 'app-1.2.zip', false],
  ['metadata.build', 'EQ', 12, true],
  ['metadata.other', 'EQ', '12', false],
  ['metadata.other', 'NE', '12', true],
  ['size', 'LT', 100, true],
  ['size', 'LT', 20, false],
  ['size', 'LTE', 20, true],
  ['size', 'GT', 9, true],
  ['size', 'GTE', 21, false],
  ['createdDate', 'BEFORE', '2026-05-01T10:00:01', true],
  ['createdDate', 'AFTER', '2026-05-01T12:00:00+03:00', true],
  ['name', 'IN', ['x', 'App-1.2.zip'], true],
  ['name', 'NIN', ['x', 'App-1.2.zip'], false],
  ['name', 'PREFIX', 'App-', true],
  ['name', 'SUFFIX', '.zip', true],
  ['name', 'CONTAINS', '1.2', true],
  ['name', 'MATCH', 'App-*.zip', true],
  ['name', 'MATCH', 'App', false],
  ['name', 'MATCH', 'App-1*2*zip', true],
  ['name', 'MATCH', 'App-1?2.zip', false],
  ['name', 'MATCH_I', 'app*', true],
  ['name', 'REGEX', '^App-[0-9.]+zip$', true],
  ['name', 'REGEX_I', '^app', true],
  ['sha256', 'NULL', '', true],
  ['sha256', 'NOT_NULL', '', false],
])('%s %s %j is %s', (...[field, operation, value, expected]) => {
  expect(matches({ field, operation, value }, candidate)).toBe(expected);
});

test('rules nest', () => {
  const yes: Rule = { field: 'size', operation: 'EQ', value: 20 };
  const no: Rule = { field: 'size', operation: 'EQ', value: 21 };
  const all = (relation: 'AND' | 'OR' | 'NOR', ...rules: Rule[]): Rule => ({ relation, rules });
  expect(
    [all('AND', yes, no), all('OR', yes, no), all('NOR', yes, no), all('AND', yes, all('NOR', no))].map((rule) => matches(rule, candidate)),
  ).toEqual([false, true, false, true]);
});
