import { formatOf, PACKAGE_TYPES } from './formats';

/** What the operator has set, by the names of environment variables. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** What is set of what the package types know; throws an error that names the setting if its value is not valid. */
export function readSettings(environment: Settings): Settings {
  const known = PACKAGE_TYPES.flatMap((type) => Object.entries(formatOf(type).settings ?? {}));
  const set = known.flatMap(([name, problemOf]) => {
    const value = environment[name] ?? '';
    const problem = value === '' ? undefined : problemOf(value);
    if (problem !== undefined) throw new Error(`${name}: ${problem}`);
    return value === '' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}
