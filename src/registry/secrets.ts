import { createHash, createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const KEY_LENGTH = 32;
const COST = { N: 4096, r: 8, p: 1 };
const KEPT_ANSWERS = 1000;

/** Stands for an unknown password; no password has this hash. */
export const NO_PASSWORD = '';

const processKey = randomBytes(32);
const verified = new Map<string, boolean>();

/** The slow, salted hash of a password that a person chose. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `scrypt:${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`;
}

/** Whether a password matches a hash; results are cached so that only the first request pays. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  if (hash === NO_PASSWORD) return false;
  const question = createHmac('sha256', processKey).update(hash).update('\0').update(password).digest('hex');
  const known = verified.get(question);
  if (known !== undefined) return known;
  const [, salt = '', digest = ''] = hash.split(':');
  const answer = isSame(await derive(password, Buffer.from(salt, 'hex')), Buffer.from(digest, 'hex'));
  if (verified.size >= KEPT_ANSWERS) verified.clear();
  verified.set(question, answer);
  return answer;
}

/** The hash of a secret that is random itself and therefore needs no salt. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether a random secret matches a hash. */
export function isSecret(secret: string, hash: string): boolean {
  return isSame(Buffer.from(hashSecret(secret)), Buffer.from(hash));
}

/** A new random secret. */
export function newSecret(): string {
  return randomBytes(16).toString('hex');
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => scrypt(password, salt, KEY_LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key))));
}
