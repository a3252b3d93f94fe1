import { type Context } from '../context';
import { formatOf } from '../formats';
import { enabledCapability } from '../formats/format';
import { type RequestPath } from '../request-path';
import { type ServedLocal, type ServedVirtual } from './served';

/**
 * Whether the package that a path belongs to is one of the repositories' own, so that no upstream may answer for it, nor learn of it.
 * Many upstreams answer alike with and without a slash at the end.
 */
export async function isInternal(context: Context, virtual: ServedVirtual, { path, query }: RequestPath): Promise<boolean> {
  const owned = enabledCapability(formatOf(virtual.packageType).owns, context.strict);
  if (!owned) return false;
  const owners = (await virtual.owners?.()) ?? (await localsOf(virtual));
  return (await Promise.all(owners.map(({ repository }) => owned.has(withoutSlash(path), repository, new URLSearchParams(query))))).some(
    Boolean,
  );
}

/** The members that hold files of their own. */
export async function localsOf(virtual: ServedVirtual): Promise<readonly ServedLocal[]> {
  return (await virtual.members()).filter((member) => member.kind === 'local');
}

/** A path without the slash that may stand at its end. */
export function withoutSlash(path: string): string {
  return path.replace(/\/$/, '');
}
