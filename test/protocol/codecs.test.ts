import * as fc from 'fast-check';
import { transformSync } from 'esbuild';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, Root, type Field, type Type, Enum, MapField } from 'protobufjs';
import { messagesFile, readProtos, reachable } from '../../scripts/generate-codecs';
import { typeName } from '../../scripts/codecs/message';
import * as wire from '../../src/protocol/gen/messages';
import * as services from '../../src/protocol/gen/services';
import { decode, encode, encodeFrame, type Init, type MethodType } from '../../src/protocol/wire/codec';
import type { Reader } from '../../src/protocol/wire/reader';
import type { Writer } from '../../src/protocol/wire/writer';
import { WireError } from '../../src/protocol/wire/error';

type Message = Record<string, unknown>;
/** A codec whose fields are known only while the test runs. */
interface AnyCodec {
  encode(message: object, writer: Writer): void;
  decode(reader: Reader, end: number): Message;
}
const codecs = wire as unknown as Readonly<Record<string, AnyCodec>>;
const root = readProtos();
const types = reachable(
  ['tfplugin6.Provider', 'plugin.GRPCController', 'plugin.GRPCStdio', 'grpc.health.v1.Health'].map((name) => root.lookupService(name)),
);
const camel = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/^./, (first) => first.toLowerCase());

/** Random messages, in the names of the definitions. */
function arbitrary(type: Type, depth: number): fc.Arbitrary<Message> {
  const parts: Record<string, fc.Arbitrary<unknown>> = {};
  const single = type.oneofsArray.flatMap((oneof) => (oneof.fieldsArray.length > 1 ? oneof.fieldsArray.slice(1) : []));
  for (const field of type.fieldsArray) {
    if (single.includes(field) || (field.resolvedType && 'fieldsArray' in field.resolvedType && depth === 0)) continue;
    const one = valueOf(field, depth);
    if (field instanceof MapField)
      parts[field.name] = fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        one,
        { maxKeys: 3 },
      );
    else parts[field.name] = field.repeated ? fc.array(one, { maxLength: 3 }) : one;
  }
  return fc.record(parts, { requiredKeys: [] });
}

function valueOf(field: Field, depth: number): fc.Arbitrary<unknown> {
  if (field.resolvedType instanceof Enum) return fc.constantFrom(...Object.values(field.resolvedType.values));
  if (field.resolvedType) return arbitrary(field.resolvedType, depth - 1);
  if (field.type === 'string') return fc.oneof(fc.string(), fc.string({ unit: 'grapheme', maxLength: 300 }));
  if (field.type === 'bytes') return fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  if (field.type === 'bool') return fc.boolean();
  return field.type === 'int32' ? fc.integer() : fc.maxSafeInteger();
}

/** What reflection gives, in the names and the shape of the codecs. */
function shaped(type: Type, message: Message): Message {
  const entries = type.fieldsArray.map((field) => {
    const value = message[field.name];
    const one = (item: unknown): unknown => {
      if (field.resolvedType && 'fieldsArray' in field.resolvedType) return shaped(field.resolvedType, item as Message);
      return field.type === 'bytes' ? Buffer.from(item as Uint8Array) : item;
    };
    if (field instanceof MapField)
      return [camel(field.name), Object.fromEntries(Object.entries((value ?? {}) as Message).map(([key, item]) => [key, one(item)]))];
    if (field.repeated) return [camel(field.name), ((value ?? []) as unknown[]).map(one)];
    if (value !== undefined) return [camel(field.name), one(value)];
    if (field.hasPresence || (field.resolvedType && 'fieldsArray' in field.resolvedType)) return [camel(field.name), undefined];
    return [camel(field.name), { string: '', bytes: Buffer.alloc(0), bool: false }[field.type] ?? 0];
  });
  return Object.fromEntries(entries) as Message;
}

describe('the generated codecs', () => {
  test('cover the methods of the protocol', () => {
    expect(Object.keys(services.Provider)).toHaveLength(36);
    expect(services.Provider.PlanResourceChange.path).toBe('/tfplugin6.Provider/PlanResourceChange');
    expect(services.Provider.InvokeAction.stream).toBe('response');
    expect(
      Object.values(services.Provider).every((method: Pick<MethodType, 'path'>) => method.path.startsWith('/tfplugin6.Provider/')),
    ).toBe(true);
  });

  test.each(types.map((type): [string, Type] => [typeName(type), type]))(
    '%s reads what protobufjs writes, and protobufjs reads what it writes',
    (name, type) => {
      const codec = codecs[name] as AnyCodec;
      fc.assert(
        fc.property(arbitrary(type, 4), (message) => {
          const theirs = Buffer.from(type.encode(type.fromObject(message)).finish());
          const expected = shaped(type, message);
          const read = decode(codec, theirs);
          expect(read).toEqual(expected);
          const ours = encode(codec, read as Init<Message>);
          expect(decode(codec, ours)).toEqual(expected);
          const back = type.toObject(type.decode(ours), { longs: Number, arrays: false, objects: false });
          expect(shaped(type, back)).toEqual(expected);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('are what the definitions generate', () => {
    expect(messagesFile(types)).toBe(readFileSync(join(__dirname, '../../src/protocol/gen/messages.ts'), 'utf8'));
  });

  test('tolerate packed and unpacked numbers in a repeated field', () => {
    const made = new Root();
    parse('syntax = "proto3"; message Numbers { repeated int64 many = 1; map<string, bool> flags = 2; }', made);
    made.resolveAll();
    const source = messagesFile([made.lookupType('Numbers')]);
    const module = { exports: {} as Record<string, AnyCodec> };
    new Function('module', 'exports', transformSync(source, { loader: 'ts', format: 'cjs' }).code)(module, module.exports);
    const numbers = module.exports.Numbers as AnyCodec;
    expect(decode(numbers, Buffer.from([8, 1, 10, 3, 2, 0xac, 2])).many).toEqual([1, 2, 300]);
    expect(decode(numbers, Buffer.from([18, 3, 10, 1, 97, 18, 5, 10, 1, 98, 16, 1])).flags).toEqual({ a: false, b: true });
    expect(encode(numbers, { many: [1, 300] })).toEqual(Buffer.from([8, 1, 8, 0xac, 2]));
  });

  test.each([0, 1, -1, 127, 128, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)])(
    'keep the integer %s',
    (version) => {
      expect(decode(wire.Schema, encode(wire.Schema, { version })).version).toBe(version);
    },
  );

  test('write nested messages of every size', () => {
    for (const size of [0, 1, 120, 127, 128, 16_380, 16_384, 2_097_152, 5_000_000]) {
      const json = Buffer.alloc(size, 7);
      const read = decode(wire.UpgradeResourceStateRequest, encode(wire.UpgradeResourceStateRequest, { rawState: { json } }));
      expect(json.equals(read.rawState?.json ?? Buffer.of(0))).toBe(true);
    }
  });

  test('frame a message with its length', () => {
    expect(encodeFrame(wire.StopProviderResponse, { error: 'no' })).toEqual(Buffer.from([0, 0, 0, 0, 4, 10, 2, 110, 111]));
  });

  test('pass over fields that they do not know, of every wire type', () => {
    const unknown = [0xf8, 1, 5, 0xf9, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 1, 2, 9, 9, 0xfd, 1, 1, 2, 3, 4, 0xfb, 1, 8, 1, 0xfc, 1];
    expect(decode(wire.StopProviderResponse, Buffer.from([...unknown, 10, 1, 97]))).toEqual({ error: 'a' });
  });

  const broken: readonly (readonly [string, readonly number[]])[] = [
    ['a field longer than the message', [10, 5, 97]],
    ['a length of four gigabytes', [10, 0xff, 0xff, 0xff, 0xff, 15]],
    ['a length of 2^63, whose lower half is zero', [10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1]],
    ['a length of 2^32 + 1', [10, 0x81, 0x80, 0x80, 0x80, 0x10, 97]],
    ['a tag of 2^32 + 10, whose lower half is a known one', [0x8a, 0x80, 0x80, 0x80, 0x10, 1, 97]],
    ['a number of 65 bits', [0xf8, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2]],
    ['a text that is not UTF-8', [10, 2, 0xc3, 0x28]],
    ['a number that does not end', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['a tag cut short', [0x80]],
    ['field number zero', [0]],
    ['a wire type that does not exist', [15]],
    ['a group that does not end', [0xfb, 1]],
    ['groups nested without end', new Array<number>(400).fill(11)],
    ['eight bytes cut short', [0xf9, 1, 1]],
  ];
  test.each(broken)('refuse %s', (_, bytes) => {
    expect(() => decode(wire.StopProviderResponse, Buffer.from(bytes))).toThrow(WireError);
  });

  test('refuse an inner field that reaches beyond its message', () => {
    expect(() => decode(wire.UpgradeResourceStateRequest, Buffer.from([26, 2, 10, 1, 97]))).toThrow(
      'a field reaches beyond the message that holds it',
    );
  });

  test('never fail otherwise than by a WireError on random bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.uint8Array({ maxLength: 200 }), (type, bytes) => {
        try {
          decode(codecs[typeName(type)] as AnyCodec, bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
