import * as fc from 'fast-check';
import { Decimal, UNKNOWN, type Value } from '../../src/common/value';
import { fromJson, pack, packAs, unpack } from '../../src/protocol/msgpack';
import { WireError } from '../../src/protocol/wire/error';

const hex = (value: Value): string => pack(value).toString('hex');
const values = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.constant(UNKNOWN),
    fc.boolean(),
    fc.string({ unit: 'binary', maxLength: 400 }).map((text) => text.normalize('NFC')),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((number) => (number === 0 ? 0 : number)),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(
      fc.string({ maxLength: 50 }).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 20, noNullPrototype: true },
    ),
  ),
})).value;

describe('MessagePack values', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(values, (value) => expect(unpack(pack(value))).toEqual(value)),
      { numRuns: 1000 },
    );
  });

  test.each<[Value, string]>([
    [null, 'c0'],
    [UNKNOWN, 'd40000'],
    [true, 'c3'],
    [127, '7f'],
    [128, 'cc80'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 40, 'cf0000010000000000'],
    [-1, 'ff'],
    [-33, 'd0df'],
    [-129, 'd1ff7f'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 40), 'd3ffffff0000000000'],
    [5n, '05'],
    [2n ** 64n, `b4${Buffer.from('18446744073709551616').toString('hex')}`],
    [0.5, 'cb3fe0000000000000'],
    [new Decimal('0.1000000000000000000001'), `b8${Buffer.from('0.1000000000000000000001').toString('hex')}`],
    ['é', 'a2c3a9'],
    ['e\u0301', 'a2c3a9'],
    [{ a: [1, null] }, '81a16192 01c0'.replace(' ', '')],
  ])('%p is written in the shortest form', (value, expected) => {
    expect(hex(value)).toBe(expected);
  });

  test.each([31, 32, 255, 256, 65_535, 65_536])('strings and arrays of length %d come back', (length) => {
    const value = [
      'x'.repeat(length),
      'ü'.repeat(length),
      new Array<Value>(length).fill(1),
      Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i])),
    ];
    expect(unpack(pack(value))).toEqual(value);
  });

  test.each(['d40000', 'd50c0000', 'd60c00000000', 'c7030c8101c3', 'c800010c00', 'c9000000010c00'])(
    'the extension %s is unknown',
    (bytes) => {
      expect(unpack(Buffer.from(bytes, 'hex'))).toBe(UNKNOWN);
    },
  );

  test('a value of dynamic type carries the name of its type, and comes without it', () => {
    const value = { any: { n: 1, list: ['a', null] }, name: 'x', none: null };
    const bytes = packAs(value, ['object', { any: 'dynamic', name: 'string', none: 'dynamic' }]);
    expect(bytes.toString('latin1')).toContain('["object",{"n":"number","list":["tuple",["string","dynamic"]]}]');
    expect(unpack(bytes)).toEqual(value);
  });

  test.each<[string, number[]]>([
    ['nothing', []],
    ['a text cut short', [0xa5, 97]],
    ['a text of four gigabytes', [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ['an array of four billion elements', [0xdd, 0xff, 0xff, 0xff, 0xff]],
    ['a map of four billion entries', [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ['a number cut short', [0xcf, 0, 0]],
    ['an extension cut short', [0xc7, 9, 12]],
    ['a key that is a number', [0x81, 1, 1]],
    ['a byte that begins nothing', [0xc1]],
    ['binary data where none can be', [0xc4, 1, 0]],
    ['bytes after the value', [1, 1]],
    ['arrays nested a million deep', new Array<number>(1_000_000).fill(0x91)],
    ['a text that is not UTF-8', [0xa2, 0xc3, 0x28]],
    ['a key that is not UTF-8', [0x81, 0xa2, 0xc3, 0x28, 1]],
    ['a number that is none', [0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]],
    ['a million empty maps', [0xdd, 0, 0x0f, 0x42, 0x40, ...new Array<number>(1_000_000).fill(0x80)]],
    ['the key __proto__', [0x81, 0xa9, ...Buffer.from('__proto__'), 0x80]],
  ])('%s is refused', (_, bytes) => {
    expect(() => unpack(Buffer.from(bytes))).toThrow(WireError);
  });

  test('a text may hold U+FFFD itself', () => {
    expect(unpack(pack('a\ufffdb'))).toBe('a\ufffdb');
  });

  test('what is wrong in a value is told with its place', () => {
    const bytes = Buffer.concat([Buffer.from([0x81, 0xa1, 97, 0x92, 1, 0x81, 0xa1, 98, 0xa1, 0xff])]);
    expect(() => unpack(bytes)).toThrow(expect.objectContaining({ path: ['a', 1, 'b'], message: 'the text is not UTF-8' }));
  });

  test('random bytes never fail otherwise than by a WireError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        try {
          unpack(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  test('not a number is refused', () => {
    expect(() => pack(NaN)).toThrow('NaN cannot be sent to Terraform');
  });
});

describe('JSON values', () => {
  test('keep numbers exact', () => {
    expect(
      fromJson(
        '{"a":[1,2.5,9007199254740993,0.1234567890123456789,1e400,-18446744073709551616],"b":"9007199254740993","c":null,"d":"\\"1e400"}',
      ),
    ).toEqual({
      a: [1, 2.5, 9007199254740993n, new Decimal('0.1234567890123456789'), new Decimal('1e400'), -18446744073709551616n],
      b: '9007199254740993',
      c: null,
      d: '"1e400',
    });
  });

  test.each(['', '{', '{"__proto__":{}}', '['.repeat(300) + ']'.repeat(300)])('%p is refused', (text) => {
    expect(() => fromJson(text)).toThrow(WireError);
  });
});
