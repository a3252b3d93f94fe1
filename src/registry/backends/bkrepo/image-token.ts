import { isSealed, Seal } from '../../access/seal';
import { type SigningKeys } from '../../store/signing-keys';

const KEY = 'bkrepo image tokens';

/** Tokens that stand in for a user who has proved to be one, for a while. */
export class ImageTokens {
  readonly #seal: Seal;

  /** `now` is the time in milliseconds by the clock that all processes share. */
  constructor(keys: SigningKeys, now: () => number) {
    this.#seal = new Seal(keys, KEY, now);
  }

  /** A token for a user; `anonymous` stands for everybody. */
  async of(userId: string): Promise<{ readonly token: string; readonly seconds: number }> {
    const { sealed, seconds } = await this.#seal.close(userId);
    return { token: sealed, seconds };
  }

  /** Whom a token stands in for; undefined for one that was not given here, or too long ago. */
  async user(token: string): Promise<string | undefined> {
    return isSealed(token) ? ((await this.#seal.open(token)) as string | undefined) : undefined;
  }
}
