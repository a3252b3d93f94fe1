import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type SigningKeys } from '../store/signing-keys';

/** How long what is sealed holds at most, in seconds. */
export const SEAL_LIFETIME = 300;
/** How long a key is used before the store is asked whether it is still the same. */
const FRESH_MS = 60_000;
/** How soon it is asked again where a seal is by another key. */
const AGAIN_MS = 1000;

const SEALED = /^([\w-]{1,8000})\.([\w-]{43})$/;

/** Whether a text has the form of something that is sealed. */
export function isSealed(text: string): boolean {
  return SEALED.test(text);
}

/** A key, and when the store was asked for it. */
interface Known {
  readonly key: string;
  readonly at: number;
}

/**
 * Values that clients keep for a while and send back: with a signature by a key in the store, so that every process that shares it knows what
 * the others have given. A key that is replaced in the store is in use everywhere after a minute, or as soon as something comes that is signed
 * with it; the one before is known until what it has signed has ended.
 */
export class Seal {
  #current: Known | undefined;
  #asking: Promise<Known> | undefined;
  /** The one before, and when it was replaced. */
  #former: Known | undefined;

  /** `now` is the time in milliseconds by the clock that all processes share. */
  constructor(
    private readonly keys: SigningKeys,
    private readonly name: string,
    private readonly now: () => number,
  ) {}

  /** A value as a text; it ends by itself, at the latest at a time in milliseconds. */
  async close(value: unknown, until = Infinity): Promise<{ readonly sealed: string; readonly seconds: number }> {
    const { key } = await this.#known(FRESH_MS);
    const now = this.now();
    const end = Math.min(until, now + SEAL_LIFETIME * 1000);
    const text = Buffer.from(JSON.stringify([value, end])).toString('base64url');
    return { sealed: `${text}.${sign(key, text).toString('base64url')}`, seconds: Math.max(1, Math.floor((end - now) / 1000)) };
  }

  /** The value in a text; undefined for one that was not sealed here, or too long ago. */
  async open(sealed: string): Promise<unknown> {
    const [, text = '', signature = ''] = SEALED.exec(sealed) ?? [];
    if (text === '') return undefined;
    const given = Buffer.from(signature, 'base64url');
    const isBy = ({ key }: Known) => isSame(given, sign(key, text));
    if (!isBy(await this.#known(FRESH_MS)) && !this.#isByFormer(isBy) && !isBy(await this.#known(AGAIN_MS))) return undefined;
    const [value, end] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, number];
    return end > this.now() ? value : undefined;
  }

  #isByFormer(isBy: (known: Known) => boolean): boolean {
    return this.#former !== undefined && this.now() - this.#former.at < SEAL_LIFETIME * 1000 && isBy(this.#former);
  }

  /** The key; the store is asked for it if that was longer ago. */
  async #known(freshMs: number): Promise<Known> {
    if (this.#current && this.now() - this.#current.at < freshMs) return this.#current;
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask(): Promise<Known> {
    const [before, at] = [this.#current, this.now()];
    const found = await this.keys
      .getOrMake(this.name, () => Promise.resolve(randomBytes(32).toString('hex')))
      .catch((cause: unknown) => {
        if (!before) throw cause;
        return undefined;
      });
    // While the store is away, the key that is known goes on.
    const key = found?.reveal() ?? before?.key ?? '';
    if (before && before.key !== key) this.#former = { key: before.key, at };
    return (this.#current = { key, at });
  }
}

function sign(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
