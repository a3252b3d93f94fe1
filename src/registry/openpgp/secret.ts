import { createDecipheriv, createHash } from 'node:crypto';
import { Fields } from './packets';

/** The key ciphers that gpg protects keys with by default or has protected them with, by their numbers. */
const CIPHERS: Readonly<Record<number, { readonly name: string; readonly size: number }>> = {
  7: { name: 'aes-128-cfb', size: 16 },
  8: { name: 'aes-192-cfb', size: 24 },
  9: { name: 'aes-256-cfb', size: 32 },
};
const HASHES: Readonly<Record<number, string>> = { 2: 'sha1', 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };
const BLOCK = 16;
const STUB = 101;

/** The passphrase is missing or another one. */
export class WrongPassphrase extends Error {}

/**
 * Reads the secret part of a key (RFC 4880, section 5.5.3): its integers, or undefined if it was left out of the export. Throws with the
 * reason if it cannot be read.
 */
export function unlocked(fields: Fields, passphrase: string): Fields | undefined {
  const usage = fields.number(1);
  if (usage === 0) return checked(fields.rest, 'sum', 'it was damaged');
  if (usage !== 254 && usage !== 255)
    throw new Error('its protection is not supported; export the key again with "gpg --armor --export-secret-keys"');
  const cipher = CIPHERS[fields.number(1)];
  const kind = fields.number(1);
  if (kind === STUB) return undefined;
  if (!cipher) throw new Error('the cipher of its protection is not supported; allowed is AES');
  const key = derived({ kind, fields, size: cipher.size, passphrase });
  const decipher = createDecipheriv(cipher.name, key, fields.bytes(BLOCK));
  const open = Buffer.concat([decipher.update(fields.rest), decipher.final()]);
  const reason = passphrase === '' ? 'it is protected by a passphrase' : 'the passphrase is not the one that it is protected by';
  return checked(open, usage === 254 ? 'sha1' : 'sum', reason);
}

/** The integers without the checksum that follows them; throws if that is another one. */
function checked(content: Buffer, kind: 'sha1' | 'sum', reason: string): Fields {
  const size = kind === 'sha1' ? 20 : 2;
  const values = content.subarray(0, -size);
  const found = content.subarray(-size);
  const sum = Buffer.alloc(2);
  sum.writeUInt16BE(values.reduce((total, byte) => (total + byte) & 0xffff, 0));
  if (!found.equals(kind === 'sha1' ? createHash('sha1').update(values).digest() : sum)) throw new WrongPassphrase(reason);
  return new Fields(values);
}

interface Derivation {
  readonly kind: number;
  readonly fields: Fields;
  readonly size: number;
  readonly passphrase: string;
}

/** The key that a passphrase gives (section 3.7): hashed once, with a salt, or with a salt again and again. */
function derived({ kind, fields, size, passphrase }: Derivation): Buffer {
  const hash = HASHES[fields.number(1)];
  if (hash === undefined || ![0, 1, 3].includes(kind)) throw new Error('the way its protection uses the passphrase is not supported');
  const salt = kind === 0 ? Buffer.alloc(0) : fields.bytes(8);
  const salted = Buffer.concat([salt, Buffer.from(passphrase, 'utf8')]);
  const coded = kind === 3 ? fields.number(1) : 0;
  const count = kind === 3 ? Math.max((16 + (coded & 15)) << ((coded >> 4) + 6), salted.length) : salted.length;
  const parts: Buffer[] = [];
  for (let length = 0, turn = 0; length < size; turn++) {
    const part = hashed(hash, Buffer.alloc(turn), { salted, count });
    parts.push(part);
    length += part.length;
  }
  return Buffer.concat(parts).subarray(0, size);
}

function hashed(name: string, before: Buffer, { salted, count }: { salted: Buffer; count: number }): Buffer {
  const hash = createHash(name).update(before);
  if (salted.length === 0) return hash.digest();
  // Few large updates are faster than many of the length of a passphrase.
  const chunk = Buffer.concat(
    Array.from({ length: Math.max(1, Math.min(Math.floor(count / salted.length), Math.ceil(0x10000 / salted.length))) }, () => salted),
  );
  let left = count;
  for (; left >= chunk.length; left -= chunk.length) hash.update(chunk);
  return hash.update(chunk.subarray(0, left)).digest();
}
