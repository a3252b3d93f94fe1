import { type Format, type Mutability } from '../formats/format';
import { type Remote } from '../store/repositories';
import { matchesAny } from './patterns';

/** What a remote does with a path: refuse it, or cache it with one of the two TTLs. */
export type Decision = { readonly denied: string } | { readonly mutability: Mutability };

/** Decides on a path: blocklist, then allowlist, then what the format refuses, then the overrides, then the format's own rule. */
export function decide(remote: Remote, format: Format, path: string): Decision {
  if (matchesAny(remote.blocklist, path))
    return { denied: `path ${JSON.stringify(path)} is blocked on remote ${JSON.stringify(remote.name)}` };
  if (remote.patterns.length > 0 && !matchesAny(remote.patterns, path)) {
    return { denied: `path ${JSON.stringify(path)} is not allowed on remote ${JSON.stringify(remote.name)}` };
  }
  const denied = format.deny?.(path, remote);
  if (denied !== undefined) return { denied };
  if (matchesAny(remote.mutable_patterns, path)) return { mutability: 'mutable' };
  if (matchesAny(remote.immutable_patterns, path)) return { mutability: 'immutable' };
  return { mutability: format.classify(path) };
}
