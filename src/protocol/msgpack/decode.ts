import { UNKNOWN, type Value, type ValueRecord } from '../../common/value';
import { asBuffer, readText } from '../wire/bytes';
import { BadValue, placed, WireError } from '../wire/error';
import { KeyCache } from './key-cache';

const MAX_DEPTH = 256;
/** How many arrays and maps any value may have, plus one per so many bytes: an empty one takes a byte here and 50 in memory. */
const FEW = 0x1_0000;
const DENSE = 8;
const TWO_32 = 0x1_0000_0000;
const EMPTY: Buffer = Buffer.alloc(0);
const keys = new KeyCache();

/** The bytes being read; decoding never awaits, so one place for all calls is enough. */
let bytes = EMPTY;
let pos = 0;
/** How many more arrays and maps the value may have. */
let room = 0;

/**
 * Decodes a value from MessagePack; throws a `WireError` when the bytes are not one.
 *
 * A string that represents a number stays a string, because only the schema knows. A value of dynamic type comes
 * without the name of its type.
 */
export function unpack(source: Uint8Array): Value {
  bytes = asBuffer(source);
  pos = 0;
  room = FEW + Math.floor(bytes.length / DENSE);
  try {
    const value = read(0);
    if (pos !== bytes.length) throw new WireError(`${bytes.length - pos} bytes follow the value`);
    return value;
  } finally {
    bytes = EMPTY;
  }
}

function read(depth: number): Value {
  const code = byte();
  if (code < 0x80) return code;
  if (code < 0x90) return readMap(code & 15, depth);
  if (code < 0xa0) return readArray(code & 15, depth);
  if (code < 0xc0) return readString(code & 31);
  if (code >= 0xe0) return code - 0x100;
  switch (code) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xd9:
      return readString(byte());
    case 0xda:
      return readString(uint16());
    case 0xdb:
      return readString(uint32());
    case 0xdc:
      return readArray(uint16(), depth);
    case 0xdd:
      return readArray(uint32(), depth);
    case 0xde:
      return readMap(uint16(), depth);
    case 0xdf:
      return readMap(uint32(), depth);
    default:
      return code >= 0xca && code <= 0xd3 ? readNumber(code) : readUnknown(code);
  }
}

function readNumber(code: number): number | bigint {
  switch (code) {
    case 0xca:
      return real(bytes.readFloatBE(take(4)));
    case 0xcb:
      return real(bytes.readDoubleBE(take(8)));
    case 0xcc:
      return byte();
    case 0xcd:
      return uint16();
    case 0xce:
      return uint32();
    case 0xcf:
      return wide(uint32(), uint32(), false);
    case 0xd0:
      return (byte() << 24) >> 24;
    case 0xd1:
      return (uint16() << 16) >> 16;
    case 0xd2:
      return uint32() | 0;
    default:
      return wide(uint32() | 0, uint32(), true);
  }
}

function real(value: number): number {
  if (Number.isNaN(value)) throw new BadValue('the number is NaN');
  return value;
}

function wide(high: number, low: number, signed: boolean): number | bigint {
  const number = high * TWO_32 + low;
  if (Number.isSafeInteger(number)) return number;
  const value = (BigInt(high) << 32n) | BigInt(low);
  return signed ? BigInt.asIntN(64, value) : value;
}

/** Every extension code is an unknown value; refinements are ignored. */
function readUnknown(code: number): Value {
  if (code >= 0xd4 && code <= 0xd8) take(1 + (1 << (code - 0xd4)));
  else if (code === 0xc7) take(1 + byte());
  else if (code === 0xc8) take(1 + uint16());
  else if (code === 0xc9) take(1 + uint32());
  else throw new WireError(`the byte 0x${code.toString(16)} does not start a value`);
  return UNKNOWN;
}

function readString(length: number): string {
  const start = take(length);
  return readText(bytes, start, pos);
}

function readArray(size: number, depth: number): Value {
  nest(size, depth);
  if (size === 2 && isBinary(bytes[pos])) return readDynamic(depth);
  const items: Value[] = [];
  let i = 0;
  try {
    for (; i < size; i++) items.push(read(depth + 1));
  } catch (failure) {
    throw placed(i, failure);
  }
  return items;
}

/** Binary data occurs only as the JSON of a type, before a value of dynamic type. */
function readDynamic(depth: number): Value {
  const code = byte();
  take(code === 0xc4 ? byte() : code === 0xc5 ? uint16() : uint32());
  return read(depth + 1);
}

function isBinary(code: number | undefined): boolean {
  return code !== undefined && code >= 0xc4 && code <= 0xc6;
}

function readMap(size: number, depth: number): ValueRecord {
  nest(size * 2, depth);
  const record: Record<string, Value> = {};
  let key = '';
  try {
    for (let i = 0; i < size; i++) {
      key = readKey();
      record[key] = read(depth + 1);
    }
  } catch (failure) {
    throw placed(key, failure);
  }
  return record;
}

function readKey(): string {
  const code = byte();
  let length: number;
  if (code >= 0xa0 && code < 0xc0) length = code & 31;
  else if (code === 0xd9) length = byte();
  else if (code === 0xda) length = uint16();
  else if (code === 0xdb) length = uint32();
  else throw new WireError('a key is not a string');
  const start = take(length);
  const key = keys.read(bytes, start, pos);
  if (key === '__proto__') throw new WireError('a key may not be "__proto__"');
  return key;
}

/** Refuses excessive nesting, and sizes larger than the remaining bytes (every element takes at least one). */
function nest(elements: number, depth: number): void {
  if (room-- === 0) throw new WireError(`a value has more arrays and maps than its ${bytes.length} bytes allow`);
  if (depth === MAX_DEPTH) throw new WireError(`a value is nested more than ${MAX_DEPTH} levels deep`);
  if (elements > bytes.length - pos) throw new WireError(`a value claims ${elements} elements where ${bytes.length - pos} bytes are left`);
}

/** Moves on by a number of bytes and says where they begin. */
function take(count: number): number {
  const start = pos;
  if (count > bytes.length - start) throw new WireError(`a value claims ${count} bytes where ${bytes.length - start} are left`);
  pos = start + count;
  return start;
}

function byte(): number {
  if (pos >= bytes.length) throw new WireError('the value ends too early');
  return bytes[pos++] as number;
}

function uint16(): number {
  const start = take(2);
  return ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
}

function uint32(): number {
  return bytes.readUInt32BE(take(4));
}
