import { asBuffer, readText } from './bytes';
import { WireError } from './error';

const MAX_GROUPS = 64;
const TWO_32 = 0x1_0000_0000;
/** What the tenth byte of a number counts: its one bit is the last of 64. */
const LAST = 2 ** 63;
const TOO_LONG = 'a number is longer than 64 bits';

/** Reads the fields of a protobuf message; never reads or allocates beyond the bytes that are there. */
export class Reader {
  readonly bytes: Buffer;
  pos = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = asBuffer(bytes);
  }

  /** A tag: an unsigned integer of 32 bits. */
  uint32(): number {
    const value = this.varint();
    if (value >= TWO_32) throw new WireError('a tag is longer than 32 bits');
    return value;
  }

  /** An enum or int32. Higher bits are dropped, as protobuf has it. */
  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.int64())));
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
      if (shift === 63n && byte > 1) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return compact(BigInt.asIntN(64, value));
    }
    throw new WireError(TOO_LONG);
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
    const length = this.varint();
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
        this.varint();
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

  /** An unsigned integer of 64 bits. Beyond 2^53 the low bits are lost, which does not matter to what is refused for its size. */
  private varint(): number {
    const { bytes } = this;
    let value = 0;
    for (let scale = 1; scale <= LAST; scale *= 128) {
      if (this.pos >= bytes.length) throw new WireError('the message ends within a number');
      const byte = bytes[this.pos++] as number;
      if (scale === LAST && byte > 1) break;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new WireError(TOO_LONG);
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
