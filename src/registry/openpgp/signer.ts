import { createHash, type KeyObject } from 'node:crypto';
import { type Algorithm, ALGORITHMS, SUPPORTED } from './algorithms';
import { armored, unarmored } from './armor';
import { Fields, type Packet, packet, readPackets, TAG, uint } from './packets';
import { unlocked } from './secret';
import { flagsOf, SIGNS, signaturePacket } from './signature';

/** Signs content as `gpg --detach-sign` does. */
export interface Signer {
  /** The ID of the key that signs, in 16 hexadecimal digits. */
  readonly keyId: string;
  /** The public key, armored, for those who verify. */
  readonly publicKey: string;
  /**
   * A detached signature, binary, of a time that is not before the key. The same content signed at the same time by an RSA or EdDSA key has
   * the same signature.
   */
  sign(content: Buffer, at: Date): Buffer;
}

/** A key that can sign, ready to do it. */
export interface PrivateKey {
  readonly fingerprint: Buffer;
  /** Its number in OpenPGP. */
  readonly algorithm: number;
  readonly key: KeyObject;
  readonly created: Date;
}

/** A key of a keyring, with the user IDs and the signatures that follow it. */
interface RingKey {
  readonly packet: Packet;
  readonly followers: readonly Packet[];
}

/** Reads an armored private key, as `gpg --armor --export-secret-keys` writes it; throws with the reason when it cannot be used. */
export function readSigner(text: string, passphrase: string): Signer {
  const keys = keysOf(readPackets(unarmored('PRIVATE KEY BLOCK', text)));
  const [primary] = keys;
  if (primary?.packet.tag !== TAG.secretKey) throw new Error('it has no private key');
  // As gpg does: the last subkey that may sign, or the key itself.
  const able = keys.filter(maySign);
  const reasons: string[] = [];
  for (const candidate of able.reverse()) {
    const key = privateKeyOf(candidate.packet.body, passphrase);
    if (typeof key !== 'string') return signerOf(key, [primary, ...(candidate === primary ? [] : [candidate])]);
    reasons.push(key);
  }
  throw new Error(reasons[0] ?? 'neither the key nor a subkey of it may sign');
}

function signerOf(key: PrivateKey, published: readonly RingKey[]): Signer {
  const publicKey = armored('PUBLIC KEY BLOCK', Buffer.concat(published.flatMap(toPublic)));
  const keyId = key.fingerprint.subarray(-8).toString('hex').toUpperCase();
  return { keyId, publicKey, sign: (content, at) => signaturePacket(key, { type: 0, content, at: at < key.created ? key.created : at }) };
}

function keysOf(packets: readonly Packet[]): RingKey[] {
  const starts = packets.flatMap(({ tag }, index) => (tag === TAG.secretKey || tag === TAG.secretSubkey ? [index] : []));
  const keys = starts.map((start, index) => ({ packet: packets[start] as Packet, followers: packets.slice(start + 1, starts[index + 1]) }));
  const next = keys.findIndex(({ packet: { tag } }, index) => index > 0 && tag === TAG.secretKey);
  if (next > 0) throw new Error('it has more than one private key; export one, e.g. with "gpg --armor --export-secret-keys KEY_ID"');
  return keys;
}

/** Whether a key is one for signatures; a key without subkeys that says nothing of its use is. */
function maySign({ packet: { tag }, followers }: RingKey): boolean {
  const said = followers.flatMap((each) => (each.tag === TAG.signature ? [flagsOf(each.body)] : [])).filter((each) => each !== undefined);
  return said.length === 0 ? tag === TAG.secretKey : said.some((each) => (each & SIGNS) !== 0);
}

/** A key that signs, or the reason why it cannot. A wrong passphrase is wrong for all keys of a ring. */
function privateKeyOf(body: Buffer, passphrase: string): PrivateKey | string {
  const { algorithm, known, open, fields, fingerprint, created } = readPublic(body);
  if (!known) return `its kind of key is not supported; allowed are ${SUPPORTED}`;
  const secret = unlocked(fields, passphrase);
  if (!secret) return 'its secret part was left out when it was exported';
  const values = Array.from({ length: known.secrets }, () => secret.mpi());
  return { fingerprint, algorithm, created, key: known.privateKey(open, values) };
}

interface PublicPart {
  readonly created: Date;
  readonly algorithm: number;
  readonly known: Algorithm | undefined;
  readonly open: readonly Buffer[];
  readonly body: Buffer;
  readonly fingerprint: Buffer;
  /** What follows: the secret part. */
  readonly fields: Fields;
}

function readPublic(content: Buffer): PublicPart {
  const fields = new Fields(content);
  const version = fields.number(1);
  if (version !== 4) throw new Error(`it is a key of version ${version}; allowed is version 4, which every client can verify`);
  const created = new Date(fields.number(4) * 1000);
  const algorithm = fields.number(1);
  const known = ALGORITHMS[algorithm];
  const open = known?.readPublic(fields) ?? [];
  const body = fields.read;
  return { created, algorithm, known, open, body, fingerprint: fingerprintOf(body), fields };
}

/** What is hashed of a public key, for its fingerprint and in signatures about it. */
export function hashedKey(body: Buffer): Buffer {
  return Buffer.concat([uint(0x99, 1), uint(body.length, 2), body]);
}

/** The fingerprint of a public key. */
export function fingerprintOf(body: Buffer): Buffer {
  return createHash('sha1').update(hashedKey(body)).digest();
}

/** A key of a keyring without its secrets: user IDs and signatures are public. */
function toPublic({ packet: { tag, body }, followers }: RingKey): Buffer[] {
  const isPublic = ({ tag: each }: Packet) => each === TAG.userId || each === TAG.signature;
  const open = packet(tag === TAG.secretKey ? TAG.publicKey : TAG.publicSubkey, readPublic(body).body);
  return [open, ...followers.filter(isPublic).map((each) => packet(each.tag, each.body))];
}
