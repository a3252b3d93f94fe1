import { asBuffer, readText } from './bytes';
import { WireError } from './error';

const MAX_GROUPS = 64;

/** Reads the fields of a protobuf message; never reads or allocates beyond the bytes that are there. */
export class Reader {
  readonly bytes: Buffer;
  pos = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = asBuffer(bytes);
  }

  /** An unsigned integer of 32 bits: a tag, a length, an enum. Higher bits are dropped, as protobuf has it. */
  uint32(): number {
    const { bytes } = this;
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= bytes.length) throw new WireError('the message ends within a number');
      const byte = bytes[this.pos++] as number;
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new WireError('a number is longer than ten bytes');
  }

  /** An enum or int32. */
  int32(): number {
    return this.uint32() | 0;
  }

  /** A signed integer of 64 bits, as a `bigint` where a number could not hold it. */
  int64(): number | bigint {
    const { bytes } = this;
    const first = bytes[this.pos] as number;
    if (first < 128) {
      this.pos++;
      return first;
    }
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.pos >= bytes.length) throw new WireError('the message ends within a number');
      const byte = bytes[this.pos++] as number;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return compact(BigInt.asIntN(64, value));
    }
    throw new WireError('a number is longer than ten bytes');
  }

  bool(): boolean {
    return this.int64() != 0;
  }

  string(): string {
    const end = this.until();
    const text = readText(this.bytes, this.pos, end);
    this.pos = end;
    return text;
  }

  /** Bytes, as a view of the message. */
  blob(): Buffer {
    const end = this.until();
    const view = this.bytes.subarray(this.pos, end);
    this.pos = end;
    return view;
  }

  /** Reads a length and says where what it measures ends. */
  until(): number {
    const length = this.uint32();
    if (length > this.bytes.length - this.pos)
      throw new WireError(`a field claims ${length} bytes where ${this.bytes.length - this.pos} are left`);
    return this.pos + length;
  }

  /** Checks that a nested message ended where its length said. */
  closed(end: number): void {
    if (this.pos !== end) throw new WireError('a field reaches beyond the message that holds it');
  }

  /** Passes over a field that is not known. */
  skip(tag: number, depth = 0): void {
    if (tag >>> 3 === 0) throw new WireError('a field has the number zero');
    switch (tag & 7) {
      case 0:
        this.uint32();
        return;
      case 1:
        return this.advance(8);
      case 2:
        this.pos = this.until();
        return;
      case 3:
        return this.skipGroup(tag, depth);
      case 5:
        return this.advance(4);
      default:
        throw new WireError(`a field has the wire type ${tag & 7}`);
    }
  }

  private skipGroup(tag: number, depth: number): void {
    if (depth === MAX_GROUPS) throw new WireError('groups are nested too deeply');
    for (let inner = this.uint32(); inner !== tag + 1; inner = this.uint32()) this.skip(inner, depth + 1);
  }

  private advance(count: number): void {
    if (count > this.bytes.length - this.pos) throw new WireError('the message ends within a number');
    this.pos += count;
  }
}

function compact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
