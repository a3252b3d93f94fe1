import { inspect } from 'node:util';
import * as z from 'zod';

const SHOWN = '[secret]';

/** A text that leaves the registry only where code asks for it by `reveal`: JSON omits it; templates, errors and logs show `[secret]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The text itself. */
  reveal(): string {
    return this.#value;
  }

  toJSON(): undefined {
    return undefined;
  }

  toString(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}

/** The value of a secret that a client has not given. */
const NOT_GIVEN = new Secret('');

/** A secret that may be omitted or null. */
export const secretText = z
  .string()
  .nullish()
  .transform((value) => (value == null ? NOT_GIVEN : new Secret(value)));

/** Fields with those secrets of before that are not given now: answers never contain them, so a client cannot send them back. */
export function keepSecrets<T extends object>(old: T, given: T): T {
  return mapFields(given, (value, key) => (value === NOT_GIVEN ? old[key] : value));
}

/** Whether secrets of before would stay, because they are not given now. */
export function keepsSecret<T extends object>(old: T, given: T): boolean {
  return (Object.keys(given) as (keyof T)[]).some((key) => {
    const before = old[key];
    return given[key] === NOT_GIVEN && before instanceof Secret && before.reveal() !== '';
  });
}

/** The fields as they are stored, with their secrets. */
export function revealed(fields: object): Record<string, unknown> {
  return mapFields(fields as Record<string, unknown>, (value) => (value instanceof Secret ? value.reveal() : value));
}

/** Stored fields over the ones that none have: what is not among those stays in the store, and what is secret there comes out as one. */
export function fromStored<T extends object>(unset: T, stored: Readonly<Record<string, unknown>>): T {
  return mapFields(unset, (value, key) => {
    const found = stored[key as string];
    if (found === undefined) return value;
    return (value instanceof Secret ? new Secret(String(found)) : found) as T[keyof T];
  });
}

function mapFields<T extends object>(fields: T, change: (value: T[keyof T], key: keyof T) => unknown): T {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value as T[keyof T], key as keyof T)])) as T;
}
