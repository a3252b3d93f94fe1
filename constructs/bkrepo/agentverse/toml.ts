import type * as Toml from 'smol-toml';

let loaded: typeof Toml | undefined;

/** An object as TOML. The library for it is loaded with the first one. */
export function tomlText(object: Readonly<Record<string, unknown>>): string {
  loaded ??= require('smol-toml') as typeof Toml;
  return loaded.stringify(object);
}
