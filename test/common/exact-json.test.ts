import * as fc from 'fast-check';
import { parseJson, writeJson } from '../../src/common/exact-json';
import { Decimal, numberOf } from '../../src/common/value';

test.each<[string, unknown]>([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['9007199254740993', 9007199254740993n],
  ['-9007199254740993', -9007199254740993n],
  ['18446744073709551616', 18446744073709551616n],
  [' 9007199254740993\n', 9007199254740993n],
  ['{"a":{"b":[1,9007199254740993]}}', { a: { b: [1, 9007199254740993n] } }],
  ['{"a" :  9007199254740993}', { a: 9007199254740993n }],
  ['0.1', 0.1],
  ['0.1234567890123456789', new Decimal('0.1234567890123456789')],
  ['9007199254740991.4', new Decimal('9007199254740991.4')],
  ['1e22', new Decimal('1e22')],
  ['1e3', 1000],
  ['1E400', new Decimal('1E400')],
  ['-0', -0],
  ['"9007199254740993"', '9007199254740993'],
  ['["a:9007199254740993,\\"9007199254740993\\\\",9007199254740993]', ['a:9007199254740993,"9007199254740993\\', 9007199254740993n]],
  ['{"9007199254740993":9007199254740993}', { '9007199254740993': 9007199254740993n }],
])('%s is %p', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test.each(['', '{', '01', '9007199254740993x', '{"a":9007199254740993', 'NaN', '+1', '[1,]'])('%p is refused', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

test('what is not rounded is what the JSON library reads', () => {
  fc.assert(
    fc.property(fc.json(), (text) => expect(writeJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))),
    { numRuns: 500 },
  );
});

test('whole numbers of any size come back as they were written, among any texts', () => {
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map((number) => numberOf(String(number))),
      fc.string({ unit: fc.constantFrom('"', '\\', ',', ':', '[', '9', '1234567890123456', 'e5', ' ') }),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: fc.constantFrom('"', '\\', '9', ':'), minLength: 1 }), tie('any'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (any) => expect(parseJson(writeJson(any))).toEqual(any)),
    { numRuns: 1000 },
  );
});

test('a text of many megabytes is read beside such a number', () => {
  const long = 'x"\\'.repeat(3_000_000);
  expect(parseJson(JSON.stringify([long]).replace(']', ',9007199254740993]'))).toEqual([long, 9007199254740993n]);
});

test.each<[string, unknown]>([
  ['12', 12],
  ['-12', -12],
  ['9007199254740993', 9007199254740993n],
  ['1.50', new Decimal('1.50')],
  ['300.0', 300],
  ['3e2', 300],
  ['9007199254740993.0', new Decimal('9007199254740993.0')],
  ['1e9999', new Decimal('1e9999')],
  ['1e99999', undefined],
  ['', undefined],
  [' 1', undefined],
  ['0x10', undefined],
  ['1_000', undefined],
  ['Infinity', undefined],
  ['NaN', undefined],
  ['1,5', undefined],
  ['.5', undefined],
  ['9'.repeat(1001), undefined],
])('%s is the number %p', (text, number) => {
  expect(numberOf(text)).toEqual(number);
});
