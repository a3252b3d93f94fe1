import type { z } from 'zod';
import type { Attribute } from './attribute';
import { bindingOf } from './compile';
import type { ReadHooks } from './hooks';
import type { Readable } from './server';
import type { ApiCase } from './shape';
import { text } from './types';

type TextAttributes<K extends string> = { readonly [P in K]: Attribute<z.ZodString> };

/** Objects that are only looked up, never managed; each part of their key is a string. */
export interface CollectionSource<K extends readonly string[]> extends ReadHooks<TextAttributes<K[number]>, K[number]> {
  /** Names of the parts of the key. */
  readonly key: K;
  /** How the API writes the parts of the key. @default 'snake' */
  readonly apiCase?: ApiCase;
}

/** Declares objects that data sources and checks look up, see `ServerCall`. */
export function defineCollection<const K extends readonly string[]>(source: CollectionSource<K>): Readable<K[number]> {
  const { key, apiCase } = source;
  const any = { type: text(() => undefined), description: '', facts: {} };
  const attributes = Object.fromEntries(key.map((name) => [name, any]));
  return { key, binding: bindingOf({ type: key.join('/'), attributes, key, ...(apiCase && { apiCase }) }, source as never) };
}
