import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { type RouteRequest } from '../../format';
import { leadingStream } from './index-file';

/** The settings of this type. */
export const SETTING = { key: 'APK_SIGNING_KEY_PATH', algorithm: 'APK_SIGNING_ALGORITHM' } as const;

/** The names of algorithms in files of signatures, each with its hash. The first one is known to every version of apk. */
const ALGORITHMS = { RSA: 'sha1', RSA256: 'sha256' } as const;
const OWN_KEY = 'apk';
const BITS = 3072;

/** A key that indexes are signed with. */
export interface ApkKey {
  /** The name of its public file in `/etc/apk/keys`. */
  readonly name: string;
  readonly publicKey: string;
  readonly key: KeyObject;
}

const given = new Map<string, ApkKey>();

/** What is wrong with a file as a key of the operator. */
export function keyProblem(path: string): string | undefined {
  try {
    keyFrom(path);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** What is wrong with a name of an algorithm. */
export function algorithmProblem(name: string): string | undefined {
  return name in ALGORITHMS
    ? undefined
    : `unknown algorithm ${JSON.stringify(name)}; expected one of ${Object.keys(ALGORITHMS).join(', ')}`;
}

/** What is needed of a request to sign for it. */
export type SigningRequest = Pick<RouteRequest, 'given' | 'registryKey'>;

/** The key that indexes are signed with: the operator's, or one that the registry makes when it first needs it. */
export async function keyOf({ given: settings, registryKey }: SigningRequest): Promise<ApkKey> {
  const path = settings[SETTING.key];
  if (path !== undefined) return keyFrom(path);
  const key = createPrivateKey((await registryKey(OWN_KEY, makeKey)).reveal());
  const publicKey = publicOf(key);
  return { name: `repoform-${createHash('sha256').update(publicKey).digest('hex').slice(0, 8)}.rsa.pub`, publicKey, key };
}

/** An index with its signature before it. */
export async function signedIndex({ given: settings }: SigningRequest, { name, key }: ApkKey, index: Buffer): Promise<Buffer> {
  const algorithm = (settings[SETTING.algorithm] ?? 'RSA') as keyof typeof ALGORITHMS;
  const signature = await leadingStream({ [`.SIGN.${algorithm}.${name}`]: sign(ALGORITHMS[algorithm], index, key) });
  return Buffer.concat([signature, index]);
}

function keyFrom(path: string): ApkKey {
  const known = given.get(path);
  if (known) return known;
  const key = privateKey(path);
  if (key.asymmetricKeyType !== 'rsa')
    throw new Error(`${JSON.stringify(path)} is a key of the type ${key.asymmetricKeyType}; apk verifies RSA only`);
  const name = basename(path).replace(/(?:\.rsa)?(?:\.pem|\.key|\.priv)?$/, '');
  const read = { name: `${name}.rsa.pub`, publicKey: publicOf(key), key };
  given.set(path, read);
  return read;
}

function privateKey(path: string): KeyObject {
  const text = read(path);
  if (/ENCRYPTED/.test(text))
    throw new Error(`the key in ${JSON.stringify(path)} is protected by a passphrase; remove it, e.g. with "openssl rsa"`);
  try {
    return createPrivateKey(text);
  } catch {
    throw new Error(`${JSON.stringify(path)} is not a private key in PEM, as abuild-keygen and "openssl genrsa" write it`);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`cannot read ${JSON.stringify(path)}: ${(cause as Error).message}`, { cause });
  }
}

function publicOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

async function makeKey(): Promise<string> {
  const { privateKey: key } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
