import { createCipheriv, createHash } from 'node:crypto';

/** Random numbers that a seed determines. Each actor has a stream of its own, so that what one draws does not depend on how fast others are. */
export class Random {
  #state: number;

  constructor(private readonly seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE();
  }

  /** A stream of its own for somebody. */
  of(name: string): Random {
    return new Random(`${this.seed}/${name}`);
  }

  /** From 0 up to 1 (Mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(0, list.length - 1)] as T;
  }

  /** A size as files have them: most are small, few are large. */
  size(most: number): number {
    return Math.ceil(most ** (0.4 + 0.6 * this.next()));
  }

  /** A text of a few words, some of which are not ASCII. */
  words(): string {
    const words = ['team', 'änderung', 'für', '包', 'cache "quoted"', 'a\\b', 'x${y}', 'release', '<b>', '🚀'];
    return Array.from({ length: this.int(0, 4) }, () => this.pick(words)).join(' ');
  }
}

/** Bytes that a text stands for; they do not compress. */
export function bytesOf(text: string, size: number): Buffer {
  const key = createHash('sha256').update(text).digest();
  return createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16)).update(Buffer.alloc(size));
}
