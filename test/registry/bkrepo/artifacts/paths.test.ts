import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { isWithin, nameOf, normalizePath, parentOf, prefixOf, ROOT } from '../../../../src/registry/backends/bkrepo/artifacts/paths';
import { BkProblem } from '../../../../src/registry/backends/bkrepo/problem';

const segment = oneof(constantFrom('..', '.', '', ' ', ' a ', 'b.c', 'ü', '..a', '\t..'), string({ maxLength: 8, unit: 'binary' }));
const anyPath = array(oneof(segment, constantFrom('/', '\\', '//')), { maxLength: 20 }).map((parts) => parts.join('/'));

/** The canonical form, or undefined where there is none. */
function normal(input: string): string | undefined {
  try {
    return normalizePath(input);
  } catch (cause) {
    if (cause instanceof BkProblem && cause.code === 251011 && cause.status === 400) return undefined;
    throw cause;
  }
}

test('a canonical path is its own canonical form', () => {
  assert(
    property(anyPath, (input) => {
      const path = normal(input);
      if (path !== undefined) expect(normalizePath(path)).toBe(path);
    }),
    { numRuns: 2000 },
  );
});

test('a canonical path never leads out of the repository and has no empty, dotted or padded segment', () => {
  assert(
    property(anyPath, (input) => {
      const path = normal(input);
      if (path === undefined || path === ROOT) return;
      const [first, ...segments] = path.split('/');
      expect(first).toBe('');
      for (const each of segments) {
        expect(['', '.', '..']).not.toContain(each);
        expect(each).toBe(each.trim());
        expect(each).not.toMatch(/[\\\0]/);
      }
      expect(parentOf(path) + nameOf(path)).toBe(path);
    }),
    { numRuns: 2000 },
  );
});

test('what is appended to a folder stays in it, whatever it is', () => {
  assert(
    property(anyPath, anyPath, (folder, below) => {
      const [path, tail] = [normal(folder), normal(below)];
      const joined = path === undefined || tail === undefined || tail === ROOT ? undefined : normal(path + tail);
      if (path !== undefined && joined !== undefined)
        expect([isWithin(joined, path), joined.startsWith(prefixOf(path))]).toEqual([true, true]);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['', '/'],
  ['/', '/'],
  ['a/b', '/a/b'],
  ['\\a\\b\\', '/a/b'],
  ['/a//b/./c/../d/', '/a/b/d'],
  [' a / b ', '/a/b'],
  ['../../a', '/a'],
  ['/A/a', '/A/a'],
  ['x'.repeat(1024), `/${'x'.repeat(1024)}`],
  ['a/'.repeat(64), `/${Array(64).fill('a').join('/')}`],
])('%j is written %j', (input, path) => {
  expect(normalizePath(input)).toBe(path);
});

test.each([
  ['a segment of more than 1024 bytes', 'ü'.repeat(513)],
  ['more than 64 segments', 'a/'.repeat(65)],
  ['a null character', 'a\0b'],
  ['half a surrogate pair', 'a\ud800b'],
])('%s is refused', (_what, input) => {
  expect(normal(input)).toBeUndefined();
});

test('a folder does not contain its neighbours', () => {
  expect([isWithin('/ab', '/a'), isWithin('/a/b', '/a'), isWithin('/a', '/a'), isWithin('/a', '/')]).toEqual([false, true, true, true]);
});
