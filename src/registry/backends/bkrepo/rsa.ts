import { constants, generateKeyPairSync, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';

const BITS = 2048;
let pair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

/** The public key that clients encrypt passwords with: DER in Base64, new in every process. */
export function publicKey(): string {
  return keys().publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

/** Encrypts a text with the public key; the answer is written in hexadecimal digits. */
export function encrypt(text: string): string {
  const block = publicEncrypt({ key: keys().publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text));
  return block.toString('hex').toUpperCase();
}

/** Decrypts hexadecimal or Base64 ciphertext from a client; nothing if it is neither. */
export function decrypt(text: string): string | undefined {
  try {
    // Node leaves PKCS#1 padding of decrypted texts to its callers.
    const block = privateDecrypt(
      { key: keys().privateKey, padding: constants.RSA_NO_PADDING },
      Buffer.from(text, /^[\da-f]+$/i.test(text) ? 'hex' : 'base64'),
    );
    const end = block.indexOf(0, 2);
    return block[0] === 0 && block[1] === 2 && end > 0 ? block.subarray(end + 1).toString('utf8') : undefined;
  } catch {
    return undefined;
  }
}

function keys() {
  return (pair ??= generateKeyPairSync('rsa', { modulusLength: BITS }));
}
