import fc from 'fast-check';
import { RE2JS } from 're2js';
import { patternFault, patternMatches } from '../../src/common/re2';

const compiles = (pattern: string): boolean => {
  try {
    RE2JS.compile(pattern);
    return true;
  } catch {
    return false;
  }
};

const pieces = [
  'a',
  'Z',
  '7',
  '_',
  '-',
  '/',
  '.',
  '^',
  '$',
  '*',
  '+',
  '?',
  '|',
  '(',
  ')',
  '[',
  ']',
  '[^/]',
  '[^',
  '{',
  '}',
  '{2}',
  '\\',
  '\\.',
  '\\d',
  '\\/',
  '(?i)',
  '(?=',
  ' ',
  ',',
  'ü',
  '\n',
];

test('what is let pass without the engine is what the engine lets pass', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const pattern = parts.join('');
      expect([pattern, patternFault(pattern) === undefined]).toEqual([pattern, compiles(pattern)]);
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  '',
  '^',
  '$',
  '^$',
  '^releases/',
  '^team-7/.*\\.tgz$',
  '[^/]+\\.rpm$',
  'a?b*c+',
  '\\(\\)\\[\\]\\{\\}\\^\\$\\|\\\\',
  '(a|b)',
  '\\pL',
  '[[:alpha:]]',
])('%j is a pattern', (pattern) => expect(patternFault(pattern)).toBeUndefined());

test.each([
  ['a**', 'invalid nested repetition operator'],
  ['*a', 'missing argument to repetition operator'],
  ['^a)', 'unexpected )'],
  ['a\\', 'trailing backslash'],
  ['(?<!a)b', 'which has no look-ahead and no look-behind'],
  ['(a)\\1', 'invalid escape sequence'],
])('%j is none', (pattern, reason) => {
  expect(patternFault(pattern)).toMatch(/^".*" is not a valid RE2 pattern: /);
  expect(patternFault(pattern)).toContain(reason);
});

test('a pattern matches anywhere in a text', () => {
  expect([patternMatches('b', 'abc'), patternMatches('^b', 'abc')]).toEqual([true, false]);
});
