import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { armored } from './armor';
import { mpi, packet, TAG, uint } from './packets';
import { fingerprintOf, hashedKey } from './signer';
import { flags, signaturePacket, SIGNS } from './signature';

const RSA = 1;
/** RSA, because Terraform before 1.7 and some servers verify nothing else; 3,072 bits are 128 bits of security. */
const BITS = 3072;
const CERTIFIES = 0x01;
const OF_USER_ID = 0x13;

/** Makes a private key without a passphrase, armored. */
export async function generateKey(userId: string, at: Date): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  const { open, secret } = valuesOf(privateKey);
  const body = Buffer.concat([Buffer.from([4]), uint(Math.floor(at.getTime() / 1000), 4), uint(RSA, 1), ...open.map(mpi)]);
  const values = Buffer.concat(secret.map(mpi));
  const sum = values.reduce((total, byte) => (total + byte) & 0xffff, 0);
  const user = Buffer.from(userId, 'utf8');
  const content = Buffer.concat([hashedKey(body), uint(0xb4, 1), uint(user.length, 4), user]);
  const facts = [flags(CERTIFIES | SIGNS)];
  const certification = signaturePacket(
    { fingerprint: fingerprintOf(body), algorithm: RSA, key: privateKey },
    { type: OF_USER_ID, content, at, facts },
  );
  const secretKey = packet(TAG.secretKey, body, uint(0, 1), values, uint(sum, 2));
  return armored('PRIVATE KEY BLOCK', Buffer.concat([secretKey, packet(TAG.userId, user), certification]));
}

/** The integers of an RSA key as OpenPGP has them: the first prime is the second one elsewhere. */
function valuesOf(key: KeyObject): { open: Buffer[]; secret: Buffer[] } {
  const { n, e, d, p, q, qi } = key.export({ format: 'jwk' });
  const bytes = (value: string | undefined) => Buffer.from(value ?? '', 'base64url');
  return { open: [n, e].map(bytes), secret: [d, q, p, qi].map(bytes) };
}
