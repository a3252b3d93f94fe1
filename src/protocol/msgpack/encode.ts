import { Decimal, UNKNOWN, type Value } from '../../common/value';
import type { TypeConstraint } from '../../schema/derive/terraform';
import { GrowingBytes } from '../wire/bytes';
import { TypedValue, withTypes, type WireValue } from './dynamic';

const TWO_32 = 0x1_0000_0000;
const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

const out = new GrowingBytes();

/** Encodes a value in MessagePack. */
export function pack(value: Value): Buffer {
  out.pos = 0;
  write(value);
  return out.take();
}

/** Encodes a value of a type that may be dynamic somewhere within; `pack` is enough, and faster, for all others. */
export function packAs(value: Value, type: TypeConstraint): Buffer {
  out.pos = 0;
  write(withTypes(value, type));
  return out.take();
}

function write(value: WireValue): void {
  switch (typeof value) {
    case 'string':
      return writeString(value);
    case 'number':
      return writeNumber(value);
    case 'boolean':
      return out.u8(value ? 0xc3 : 0xc2);
    case 'bigint':
      return writeBigInt(value);
    default:
      if (value === null) return out.u8(0xc0);
      if (Array.isArray(value)) return writeArray(value as readonly WireValue[]);
      if (value === UNKNOWN) return writeUnknown();
      if (value instanceof Decimal) return writeString(value.text);
      if (value instanceof TypedValue) return writeTyped(value);
      return writeMap(value as Readonly<Record<string, WireValue>>);
  }
}

/** Any extension means unknown; this is the shortest one, code 0 with one ignored byte. */
function writeUnknown(): void {
  out.u8(0xd4);
  out.u8(0);
  out.u8(0);
}

/** A pair of the type's JSON, as binary data, and the value. */
function writeTyped({ type, value }: TypedValue): void {
  out.u8(0x92);
  if (type.length < 0x100) writeUint8(0xc4, type.length);
  else writeUint32(0xc6, type.length);
  out.raw(type);
  write(value);
}

function writeArray(items: readonly WireValue[]): void {
  writeSize(0x90, 0xdc, items.length);
  for (const item of items) write(item);
}

function writeMap(record: Readonly<Record<string, WireValue>>): void {
  const keys = Object.keys(record);
  writeSize(0x80, 0xde, keys.length);
  for (const key of keys) {
    writeString(key);
    write(record[key] as WireValue);
  }
}

function writeSize(short: number, long: number, size: number): void {
  if (size < 16) return out.u8(short | size);
  if (size < 0x1_0000) return writeUint16(long, size);
  writeUint32(long + 1, size);
}

function writeString(text: string): void {
  const { length } = text;
  if (length < 32) {
    const start = out.pos;
    out.reserve(length + 1);
    out.bytes[out.pos++] = 0xa0 | length;
    if (out.shortAscii(text)) return;
    out.pos = start;
  }
  let bytes = Buffer.byteLength(text);
  if (bytes !== length) {
    text = text.normalize('NFC');
    bytes = Buffer.byteLength(text);
  }
  if (bytes < 32) out.u8(0xa0 | bytes);
  else if (bytes < 0x100) writeUint8(0xd9, bytes);
  else if (bytes < 0x1_0000) writeUint16(0xda, bytes);
  else writeUint32(0xdb, bytes);
  out.utf8(text, bytes);
}

function writeNumber(value: number): void {
  if (!Number.isSafeInteger(value)) return writeFloat(value);
  if (value >= 0) {
    if (value < 0x80) out.u8(value);
    else if (value < 0x100) writeUint8(0xcc, value);
    else if (value < 0x1_0000) writeUint16(0xcd, value);
    else if (value < TWO_32) writeUint32(0xce, value);
    else writeInt64(BigInt(value));
  } else if (value >= -0x20) out.u8(value + 0x100);
  else if (value >= -0x80) writeUint8(0xd0, value + 0x100);
  else if (value >= -0x8000) writeUint16(0xd1, value + 0x1_0000);
  else if (value >= -0x8000_0000) writeUint32(0xd2, value + TWO_32);
  else writeInt64(BigInt(value));
}

function writeFloat(value: number): void {
  if (Number.isNaN(value)) throw new Error('NaN cannot be sent to Terraform');
  out.reserve(9);
  out.bytes[out.pos] = 0xcb;
  out.bytes.writeDoubleBE(value, out.pos + 1);
  out.pos += 9;
}

/** Beyond 64 bits a number is its decimal text. */
function writeBigInt(value: bigint): void {
  if (value < MIN_INT64 || value > MAX_UINT64) return writeString(value.toString());
  const number = Number(value);
  if (Number.isSafeInteger(number)) return writeNumber(number);
  writeInt64(value);
}

function writeInt64(value: bigint): void {
  out.reserve(9);
  out.bytes[out.pos] = value < 0n ? 0xd3 : 0xcf;
  if (value < 0n) out.bytes.writeBigInt64BE(value, out.pos + 1);
  else out.bytes.writeBigUInt64BE(value, out.pos + 1);
  out.pos += 9;
}

function writeUint8(code: number, value: number): void {
  out.reserve(2);
  out.bytes[out.pos++] = code;
  out.bytes[out.pos++] = value;
}

function writeUint16(code: number, value: number): void {
  out.reserve(3);
  out.bytes[out.pos++] = code;
  out.bytes[out.pos++] = value >>> 8;
  out.bytes[out.pos++] = value & 255;
}

function writeUint32(code: number, value: number): void {
  out.reserve(5);
  out.bytes[out.pos] = code;
  out.bytes.writeUInt32BE(value, out.pos + 1);
  out.pos += 5;
}
