import { constants, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { type SigningKeys } from '../../store/signing-keys';

const BITS = 2048;
const NAME = 'bkrepo passwords';

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The keys that clients encrypt passwords with, the same in all processes that share the store. */
export class PasswordKeys {
  #pair: Promise<Pair> | undefined;

  constructor(private readonly keys: SigningKeys) {}

  /** The public key: DER in Base64. */
  async publicKey(): Promise<string> {
    return (await this.#known()).publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  }

  /** Encrypts a text with the public key; the answer is written in hexadecimal digits. */
  async encrypt(text: string): Promise<string> {
    const block = publicEncrypt({ key: (await this.#known()).publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text));
    return block.toString('hex').toUpperCase();
  }

  /** Decrypts hexadecimal or Base64 ciphertext from a client; nothing if it is neither. */
  async decrypt(text: string): Promise<string | undefined> {
    const { privateKey } = await this.#known();
    try {
      // Node leaves PKCS#1 padding of decrypted texts to its callers.
      const block = privateDecrypt(
        { key: privateKey, padding: constants.RSA_NO_PADDING },
        Buffer.from(text, /^[\da-f]+$/i.test(text) ? 'hex' : 'base64'),
      );
      const end = block.indexOf(0, 2);
      return block[0] === 0 && block[1] === 2 && end > 0 ? block.subarray(end + 1).toString('utf8') : undefined;
    } catch {
      return undefined;
    }
  }

  #known(): Promise<Pair> {
    return (this.#pair ??= this.#load().catch((cause: unknown) => {
      this.#pair = undefined;
      throw cause;
    }));
  }

  async #load(): Promise<Pair> {
    const make = async () => {
      const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
      return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    };
    const privateKey = createPrivateKey((await this.keys.getOrMake(NAME, make)).reveal());
    return { privateKey, publicKey: createPublicKey(privateKey) };
  }
}
