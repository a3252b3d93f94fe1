import { type Format, type Mutability } from '../formats/format';
import { beneath } from '../formats/links';
import { type Remote } from '../store/repositories';
import { canonicalPath, decodedQuery, upstreamPath } from './canonical';
import { matchesAny } from './patterns';

/** What a remote does with a path: refuse it, or cache it with one of the two TTLs. */
export type Decision = { readonly denied: string } | { readonly mutability: Mutability };

/** Decides on a canonical path: blocklist, then allowlist, then what the format refuses, then the overrides, then the format's own rule. */
export function decide(remote: Remote, format: Format, path: string): Decision {
  if (matchesAny(remote.blocklist, path)) return { denied: blocked(remote, path) };
  if (remote.patterns.length > 0 && !matchesAny(remote.patterns, path)) {
    return { denied: `path ${JSON.stringify(path)} is not allowed on remote ${JSON.stringify(remote.name)}` };
  }
  const denied = format.deny?.(path, remote) ?? remote.owner?.deny?.(path);
  if (denied !== undefined) return { denied };
  if (matchesAny(remote.mutable_patterns, path)) return { mutability: 'mutable' };
  if (matchesAny(remote.immutable_patterns, path)) return { mutability: 'immutable' };
  return { mutability: format.classify(path) };
}

/**
 * Why a request is refused although its path by itself is not: many servers read a path alike with and without a slash at its end, and
 * some take what they serve from the query. A list can also name a path as the upstream is asked for it.
 */
export function deniedSpelling(
  remote: Remote,
  format: Format,
  { path, query }: { readonly path: string; readonly query: string },
): string | undefined {
  if (remote.blocklist.length === 0) return undefined;
  const asked = decodedQuery(upstreamPath(path, format));
  const alike = [asked, path.endsWith('/') ? path.slice(0, -1) : `${path}/`, ...(query ? [path + decodedQuery(query)] : [])];
  return alike.some((text) => matchesAny(remote.blocklist, text)) ? blocked(remote, path) : undefined;
}

/**
 * Why an address that an upstream leads to, by a redirect or in an index, may not be gone to. Beneath the remote's own address a blocked
 * path stays blocked; elsewhere the lists, which name paths, say nothing.
 */
export function deniedAddress(remote: Remote, format: Format, url: URL): string | undefined {
  if (remote.blocklist.length === 0) return undefined;
  const rest = beneath(url, new URL(remote.base_url.replace(/\/*$/, '/')));
  if (rest === undefined) return undefined;
  const path = canonicalOf(rest.replace(/[?#].*$/s, ''), format);
  if (path === undefined)
    return `the upstream leads to ${JSON.stringify(rest)}, which the access lists of remote ${JSON.stringify(remote.name)} cannot judge`;
  const isBlocked = matchesAny(remote.blocklist, path);
  return isBlocked ? blocked(remote, path) : deniedSpelling(remote, format, { path, query: url.search });
}

function canonicalOf(raw: string, format: Format): string | undefined {
  try {
    return canonicalPath(raw, format);
  } catch {
    return undefined;
  }
}

function blocked(remote: Remote, path: string): string {
  return `path ${JSON.stringify(path)} is blocked on remote ${JSON.stringify(remote.name)}`;
}
