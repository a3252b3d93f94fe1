import { attributeName, type Diagnostic, error } from '../common/diagnostic';
import type { ValueRecord } from '../common/value';
import { hits, search } from '../schema/api/walk';
import { isUnset } from '../schema/api/unset';
import type { Facts } from '../schema/define/attribute';
import type { Field } from '../schema/define/shape';
import type { Session } from './session';

const bound = search(({ facts }) => facts.since !== undefined || facts.removedIn !== undefined);

/** Reports configured attributes that the server's version does not have. */
export async function versionProblems(session: Session, fields: readonly Field[], config: ValueRecord): Promise<Diagnostic[]> {
  const set = hits(bound(fields), config).filter(({ field, value }) => !isUnset(field, value));
  if (set.length === 0) return [];
  const server = await session.serverVersion();
  if (server === undefined) return [];
  return set.flatMap(({ field, path }) => {
    const name = attributeName(path);
    const problem = unfit(name, field.facts, server);
    return problem ? [error(problem.summary, problem.detail, path)] : [];
  });
}

function unfit(name: string, { since, removedIn }: Facts, server: string): { summary: string; detail: string } | undefined {
  if (since !== undefined && newerThan(since, server))
    return {
      summary: 'Server Too Old',
      detail: `"${name}" requires version ${since} of the server or later, but the server has version ${server}. Upgrade the server, or leave out "${name}".`,
    };
  if (removedIn !== undefined && !newerThan(removedIn, server))
    return {
      summary: 'Server Too New',
      detail: `"${name}" was removed in version ${removedIn} of the server, and the server has version ${server}. Leave out "${name}", or use a server older than ${removedIn}.`,
    };
  return undefined;
}

/** The attributes that a version of the server does not have, at any depth, with the reason. */
export function missingIn(fields: readonly Field[], server: string): readonly { readonly name: string; readonly why: string }[] {
  return fields.flatMap(({ name, shape, facts: { since, removedIn } }) => {
    if (since !== undefined && newerThan(since, server)) return [{ name, why: `since ${since}` }];
    if (removedIn !== undefined && !newerThan(removedIn, server)) return [{ name, why: `until ${removedIn}` }];
    const inner = 'element' in shape ? shape.element : shape;
    const nested = inner.kind === 'object' ? missingIn(inner.fields, server) : [];
    return nested.map((one) => ({ ...one, name: `${name}.${one.name}` }));
  });
}

/** Whether version `a` is newer than `b`; `v3.7.6`, `3.7` and similar. Parts that are not numbers count as 0. */
export function newerThan(a: string, b: string): boolean {
  const [left, right] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const parts = (version: string): number[] =>
  version
    .replace(/^v/, '')
    .split(/[.+-]/)
    .map((part) => Number(part) || 0);
