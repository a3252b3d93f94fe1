/** The reversed polynomial of CRC-64/XZ, in two halves. */
const HIGH = 0xc96c5795;
const LOW = 0xd7870f42;
const highs = new Uint32Array(256);
const lows = new Uint32Array(256);

for (let byte = 0; byte < 256; byte++) {
  let high = 0;
  let low = byte;
  for (let bit = 0; bit < 8; bit++) {
    const odd = low & 1;
    low = ((low >>> 1) | (high << 31)) >>> 0;
    high >>>= 1;
    if (odd) {
      high = (high ^ HIGH) >>> 0;
      low = (low ^ LOW) >>> 0;
    }
  }
  highs[byte] = high;
  lows[byte] = low;
}

/** The checksum that BK-Repo calls crc64ecma, over bytes that come in pieces. */
export class Crc64 {
  #high = 0xffffffff;
  #low = 0xffffffff;

  /** Adds bytes. */
  update(chunk: Uint8Array): void {
    let high = this.#high;
    let low = this.#low;
    // In two halves of 32 bits: big integers are some forty times slower.
    for (const byte of chunk) {
      const index = (low ^ byte) & 0xff;
      low = (((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0)) >>> 0;
      high = ((high >>> 8) ^ (highs[index] ?? 0)) >>> 0;
    }
    this.#high = high;
    this.#low = low;
  }

  /** The checksum as an unsigned decimal number. */
  digest(): string {
    return ((BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0)).toString();
  }
}
