import { createHash } from 'node:crypto';
import { ALGORITHMS } from './algorithms';
import { Fields, packet, TAG, uint } from './packets';
import { type PrivateKey } from './signer';

/** The key flag of keys that may sign content. */
export const SIGNS = 0x02;
const SHA512 = 10;
const VERSION = 4;
const SUBPACKET = { created: 2, issuer: 16, flags: 27, fingerprint: 33 } as const;

/** What is signed, as what, and when. */
export interface ToSign {
  /** The type of the signature: 0 for content, 0x13 for a user ID of a key. */
  readonly type: number;
  readonly content: Buffer;
  readonly at: Date;
  /** Subpackets in addition to the time and the issuer. @default none */
  readonly facts?: readonly Buffer[];
}

/** A signature packet of version 4 (RFC 4880, section 5.2.3). */
export function signaturePacket(
  { fingerprint, algorithm, key }: Omit<PrivateKey, 'created'>,
  { type, content, at, facts = [] }: ToSign,
): Buffer {
  const seconds = Math.floor(at.getTime() / 1000);
  const issuer = Buffer.concat([uint(VERSION, 1), fingerprint]);
  const hashed = Buffer.concat([subpacket(SUBPACKET.created, uint(seconds, 4)), ...facts, subpacket(SUBPACKET.fingerprint, issuer)]);
  const unhashed = subpacket(SUBPACKET.issuer, fingerprint.subarray(-8));
  const head = Buffer.concat([Buffer.from([VERSION, type, algorithm, SHA512]), uint(hashed.length, 2), hashed]);
  const signed = Buffer.concat([content, head, Buffer.from([VERSION, 0xff]), uint(head.length, 4)]);
  const digest = createHash('sha512').update(signed).digest();
  const value = ALGORITHMS[algorithm]?.sign(key, signed, digest) ?? Buffer.alloc(0);
  return packet(TAG.signature, head, uint(unhashed.length, 2), unhashed, digest.subarray(0, 2), value);
}

/** The subpacket that says what a key is for. */
export function flags(value: number): Buffer {
  return subpacket(SUBPACKET.flags, uint(value, 1));
}

/** What a signature says its key is for; undefined if it says nothing of that. */
export function flagsOf(signature: Buffer): number | undefined {
  const fields = new Fields(signature);
  if (fields.number(1) !== VERSION) return undefined;
  fields.bytes(3);
  const subpackets = new Fields(fields.bytes(fields.number(2)));
  while (subpackets.rest.length > 0) {
    const first = subpackets.number(1);
    const length = first < 192 ? first : first < 255 ? ((first - 192) << 8) + subpackets.number(1) + 192 : subpackets.number(4);
    const body = subpackets.bytes(length);
    if (((body[0] ?? 0) & 0x7f) === SUBPACKET.flags) return body[1];
  }
  return undefined;
}

function subpacket(type: number, body: Buffer): Buffer {
  return Buffer.concat([uint(body.length + 1, 1), uint(type, 1), body]);
}
