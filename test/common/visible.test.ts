import { assert, property, string } from 'fast-check';
import { visible } from '../../src/common/visible';
import { printable } from '../../src/cli/failure';

// From the Unicode reports: TR9 (directions), TR36 (security), TR44 (Default_Ignorable_Code_Point).
test.each([
  ['a\u202etxt.exe', 'a\\u202etxt.exe'],
  ['\u2066a\u2069', '\\u2066a\\u2069'],
  ['ad\u00admin', 'ad\\u00admin'],
  ['le\u200bft\u200c-\u200dpad\u2060\ufeff', 'le\\u200bft\\u200c-\\u200dpad\\u2060\\ufeff'],
  ['a\u3164b\u115f\uffa0', 'a\\u3164b\\u115f\\uffa0'],
  ['v1\ufe0f', 'v1\\ufe0f'],
  ['a\u{e0061}', 'a\\udb40\\udc61'],
  ['\u001b[31m\u009b0m\u0007', '\\u001b[31m\\u009b0m\\u0007'],
  ['\ud800', '\\ud800'],
  ['日本語 ünï 🚀 "x" \\ é', '日本語 ünï 🚀 "x" \\ é'],
])('%j is shown as %j', (text, shown) => expect(visible(text)).toBe(shown));

test('within a string of JSON it is the same string', () => {
  assert(property(string({ unit: 'binary' }), (text) => JSON.parse(visible(JSON.stringify(text))) === text));
});

test('a line for a terminal is one line, whatever is in it', () => {
  expect(printable('one\r\n  two\u2028three\u202e\u001b[2Jfour')).toBe('one   two three\\u202e\\u001b[2Jfour');
});
