import { compare, parse } from 'semver';

/** A version as it is published, without what may stand after a plus but `incompatible`. */
const CANONICAL = /^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(\+incompatible)?$/;
/** One that stands for a commit: the time of that is in it. */
const PSEUDO = /^v\d+\.(?:0\.0-|\d+\.\d+-(?:[^+]*\.)?0\.)(\d{14})-[0-9A-Za-z]+(?:\+incompatible)?$/;
const WINDOWS = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;

/** The problem with a version, or nothing. */
export function versionProblem(version: string): string | undefined {
  if (CANONICAL.test(version) && parse(version)) return undefined;
  return `invalid version ${JSON.stringify(version)}: expected v1.2.3, perhaps with a pre-release such as v1.2.3-rc.1`;
}

/** The problem with the path of a module, by the rules of the go command; nothing if there is none. */
export function moduleProblem(module: string): string | undefined {
  const [host = '', ...others] = module.split('/');
  const invalid = (reason: string) => `invalid module path ${JSON.stringify(module)}: ${reason}`;
  if (!/^[a-z0-9.-]+$/.test(host) || !host.includes('.') || host.startsWith('-'))
    return invalid('it begins with a host name in lower case that has a dot, such as git.example.com');
  for (const element of [host, ...others]) {
    if (!/^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/.test(element) || element.endsWith('.'))
      return invalid('its elements have letters, digits, "-", ".", "_" and "~", and neither begin nor end with a dot');
    const short = element.replace(/\..*/, '');
    if (WINDOWS.test(short) || /~\d+$/.test(short)) return invalid(`${JSON.stringify(element)} is a name that Windows keeps for itself`);
  }
  return majorOf(module) === 'invalid' ? invalid('a major version at its end is /v2 or higher, without zeros before it') : undefined;
}

/** The problem with a version of a module, whose path tells the major version from 2 on; nothing if there is none. */
export function pairProblem(module: string, version: string): string | undefined {
  const major = Number(CANONICAL.exec(version)?.[1]);
  const isIncompatible = version.endsWith('+incompatible');
  const named = majorOf(module);
  const fits = typeof named === 'number' ? !isIncompatible && major === named : major < 2 ? !isIncompatible : isIncompatible;
  if (fits) return undefined;
  return `version ${version} does not fit the module path ${JSON.stringify(module)}: from v2 on, the path ends with the major version, such as /v2`;
}

/** The path of a module without its major version. */
export function withoutMajor(module: string): string {
  return typeof majorOf(module) === 'number' ? module.replace(/[/.]v\d+$/, '') : module;
}

function majorOf(module: string): number | 'none' | 'invalid' {
  const isGopkg = module.startsWith('gopkg.in/');
  const [, digits] = (isGopkg ? /\.v(\d+)$/ : /\/v([\d.]+)$/).exec(module) ?? [];
  if (digits === undefined) return isGopkg ? 'invalid' : 'none';
  if (isGopkg) return Number(digits);
  return /^[1-9]\d*$/.test(digits) && digits !== '1' ? Number(digits) : 'invalid';
}

/** The newest of some versions, as `@latest` is: a release before a pre-release, and that before a commit. */
export function newestOf(versions: readonly string[]): string | undefined {
  const rank = (version: string) => (PSEUDO.test(version) ? 0 : CANONICAL.exec(version)?.[4] ? 1 : 2);
  const known = versions.filter((version) => parse(version));
  return known.sort((a, b) => rank(a) - rank(b) || byVersion(a, b)).at(-1);
}

/** Orders versions, the lower one first. */
export function byVersion(a: string, b: string): number {
  return compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** Whether a version stands for a commit; lists leave these out. */
export function isPseudo(version: string): boolean {
  return PSEUDO.test(version);
}

/** The time of a version: that of its commit where it has it, else the one that is known otherwise. */
export function timeOf(version: string, known: string): string {
  const [, digits] = PSEUDO.exec(version) ?? [];
  const commit = digits?.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z');
  return commit !== undefined && !Number.isNaN(Date.parse(commit)) ? commit : known;
}
