import { GrowingBytes } from './bytes';

const TWO_32 = 0x1_0000_0000;

/** Writes the fields of protobuf messages into one growing buffer. */
export class Writer extends GrowingBytes {
  /** An unsigned integer of at most 53 bits. */
  varint(value: number): void {
    this.reserve(8);
    const { bytes } = this;
    while (value >= TWO_32) {
      bytes[this.pos++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    value >>>= 0;
    while (value > 127) {
      bytes[this.pos++] = (value & 127) | 128;
      value >>>= 7;
    }
    bytes[this.pos++] = value;
  }

  int64(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0) return this.varint(value);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.u8(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    this.u8(Number(rest));
  }

  bool(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  string(text: string): void {
    const start = this.pos;
    this.reserve(text.length + 1);
    this.bytes[this.pos++] = text.length;
    if (this.shortAscii(text)) return;
    this.pos = start;
    const byteLength = Buffer.byteLength(text);
    this.varint(byteLength);
    this.utf8(text, byteLength);
  }

  blob(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  /** Begins a nested message; its length is filled in by `close`. */
  open(): number {
    this.u8(0);
    return this.pos;
  }

  /** Ends the nested message that began at `start`. */
  close(start: number): void {
    const length = this.pos - start;
    if (length < 128) {
      this.bytes[start - 1] = length;
      return;
    }
    const extra = length < 0x4000 ? 1 : length < 0x20_0000 ? 2 : length < 0x1000_0000 ? 3 : 4;
    this.reserve(extra);
    this.bytes.copyWithin(start + extra, start, this.pos);
    this.pos = start - 1;
    this.varint(length);
    this.pos += length;
  }
}
