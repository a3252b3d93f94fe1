/** The kinds of packets that keys and signatures consist of, by their numbers. */
export const TAG = { signature: 2, secretKey: 5, publicKey: 6, secretSubkey: 7, userId: 13, publicSubkey: 14 } as const;

/** A packet of OpenPGP (RFC 4880, section 4). */
export interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

/** Reads fields one after the other; throws where the content ends too early. */
export class Fields {
  #at = 0;

  constructor(private readonly content: Buffer) {}

  get rest(): Buffer {
    return this.content.subarray(this.#at);
  }

  /** What has been read so far. */
  get read(): Buffer {
    return this.content.subarray(0, this.#at);
  }

  bytes(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.content.length) throw new Error('it ends in the middle of a packet');
    const found = this.content.subarray(this.#at, end);
    this.#at = end;
    return found;
  }

  number(length: number): number {
    return this.bytes(length).readUIntBE(0, length);
  }

  /** An integer, without leading zeros. */
  mpi(): Buffer {
    return this.bytes(Math.ceil(this.number(2) / 8));
  }
}

/** Reads a sequence of packets. */
export function readPackets(content: Buffer): Packet[] {
  const fields = new Fields(content);
  const packets: Packet[] = [];
  while (fields.rest.length > 0) {
    const head = fields.number(1);
    if ((head & 0x80) === 0) throw new Error('it does not consist of packets of OpenPGP');
    const isNew = (head & 0x40) !== 0;
    const length = isNew ? newLength(fields) : oldLength(fields, head & 3);
    packets.push({ tag: isNew ? head & 0x3f : (head >> 2) & 0xf, body: fields.bytes(length) });
  }
  return packets;
}

/** Writes a packet. */
export function packet(tag: number, ...body: readonly Buffer[]): Buffer {
  const content = Buffer.concat(body);
  // The old header: every implementation reads it.
  return Buffer.concat([uint(0x80 | (tag << 2) | 2, 1), uint(content.length, 4), content]);
}

/** An unsigned number of some bytes. */
export function uint(value: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  buffer.writeUIntBE(value, 0, length);
  return buffer;
}

/** An integer with its length in bits before it. */
export function mpi(value: Buffer): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  if (first < 0) return uint(0, 2);
  const digits = value.subarray(first);
  return Buffer.concat([uint(digits.length * 8 - Math.clz32(digits[0] ?? 0) + 24, 2), digits]);
}

function oldLength(fields: Fields, kind: number): number {
  if (kind === 3) throw new Error('it has a packet of unknown length');
  return fields.number(1 << kind);
}

function newLength(fields: Fields): number {
  const first = fields.number(1);
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + fields.number(1) + 192;
  if (first < 255) throw new Error('it has a packet of unknown length');
  return fields.number(4);
}
