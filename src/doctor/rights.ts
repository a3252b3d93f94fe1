import type { ProviderHandler } from '../handler/provider-handler';
import type { Standing } from '../handler/standing';
import { ApiError } from '../schema/define/errors';
import { caseOf, isIncluded, type Permission, permissionOf, type Place } from '../schema/define/needs';
import type { ProviderDefinition } from '../schema/define/provider';
import type { Finding } from './finding';

/** What is examined, and for how long. */
interface Rights {
  readonly provider: ProviderDefinition;
  readonly handler: ProviderHandler;
  /** Resource types that the app or configuration uses. */
  readonly used: ReadonlySet<string>;
  /** Milliseconds. */
  readonly patience: number;
}

const check = 'rights';
const writes = ['create', 'update', 'delete'] as const;

/** What the login may do: the permissions that it has, and the resources that it cannot manage. */
export async function rights({ provider, handler, used, patience }: Rights): Promise<readonly Finding[]> {
  if (provider.access === undefined) return [];
  const standings = await within(patience, handler.standings());
  // What is wrong with the login is told by the lists.
  if (standings === undefined) return [];
  if ('problem' in standings) return [{ check, status: 'warning', message: `what the login may do is not known: ${standings.problem}` }];
  const { found } = standings;
  if (found.length === 0) return [{ check, status: 'ok', message: firstSentence(provider.access) }];
  if (found.every(({ isUnknown }) => isUnknown))
    return [{ check, status: 'skipped', message: 'what the login may do is not known: the server shows it no place to ask about' }];
  return [...held(found), ...unmanaged(provider, found, used)];
}

const firstSentence = (text: string): string => /^.*?(?=[.;](?:\s|$)|$)/s.exec(text)?.[0] ?? text;

type Answer = { readonly found: readonly Standing[] } | { readonly problem: string } | undefined;

/** The answers of the server, or why there are none: it may also hang. */
async function within(milliseconds: number, asking: Promise<readonly Standing[]>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve({ problem: `no answer within ${milliseconds / 1000} s` }), milliseconds);
  });
  const asked = asking.then(
    (found): Answer => ({ found }),
    (thrown: unknown): Answer => {
      if (!(thrown instanceof ApiError)) return { problem: 'the server gave an unexpected answer' };
      return thrown.code === 'unauthorized' ? undefined : { problem: thrown.message };
    },
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Two findings at most: what the login has, and what it lacks; what follows from the others is left out. */
function held(found: readonly Standing[]): readonly Finding[] {
  const [has, lacks] = [found.filter((one) => one.held.length > 0), found.filter((one) => one.lacking.length > 0)];
  const strongest = has.filter((one) => !has.some((other) => other.lacking.length === 0 && isIncluded(one.permission, other.permission)));
  const weakest = lacks.filter((one) => !lacks.some((other) => other.held.length === 0 && isIncluded(other.permission, one.permission)));
  const text = (list: readonly Standing[], which: 'held' | 'lacking'): string => {
    const labels = new Map<string, string[]>();
    for (const one of list) {
      const where = placesText(one[which], one.left);
      labels.set(where, [...(labels.get(where) ?? []), one.permission.label]);
    }
    return [...labels].map(([where, some]) => some.join(', ') + where).join('; ');
  };
  return [
    {
      check,
      status: 'ok',
      message:
        has.length === 0 ? 'the login has none of the permissions that can be asked about' : `the login has: ${text(strongest, 'held')}`,
    },
    ...(lacks.length === 0 ? [] : [{ check, status: 'ok', message: `it lacks: ${text(weakest, 'lacking')}` } as const]),
  ];
}

const SHOWN = 5;

/** Where a permission is held, e.g. ` (payments/npm, payments/pypi and 3 more)`. */
function placesText(places: readonly Place[], left: number): string {
  const all = places.map((place) => Object.values(place).join('/').slice(0, 80)).filter((name) => name !== '');
  const names = [...new Set(all)];
  if (names.length === 0) return '';
  const more = names.length - SHOWN;
  const others = [...(more > 0 ? [`${more} more`] : []), ...(left > 0 ? [`${left} not asked about`] : [])];
  return ` (${names.slice(0, SHOWN).join(', ')}${others.length > 0 ? `, ${others.join(', ')}` : ''})`;
}

/** What the resources need that the login has nowhere, together for those that need the same. */
function unmanaged({ resources }: ProviderDefinition, found: readonly Standing[], used: ReadonlySet<string>): readonly Finding[] {
  const isLacking = (permission: Permission): boolean => {
    const one = found.find((standing) => standing.permission === permission);
    return one !== undefined && !one.isUnknown && one.held.length === 0;
  };
  const groups = new Map<string, { types: string[]; what: string; missing: readonly Permission[] }>();
  for (const { type, needs = {} } of resources) {
    const lacking = writes.map((operation) => {
      const always = (needs[operation] ?? []).filter((need) => caseOf(need) === undefined).map(permissionOf);
      return [operation, always.filter(isLacking)] as const;
    });
    const failing = lacking.filter(([, missing]) => missing.length > 0);
    if (failing.length === 0) continue;
    const all = [...new Set(failing.flatMap(([, missing]) => missing))];
    const missing = all.filter((one) => !all.some((other) => isIncluded(one, other)));
    const what = failing.map(([operation]) => operation).join(', ');
    const key = `${what} ${missing.map(({ label }) => label).join()}`;
    const group = groups.get(key) ?? { types: [], what, missing };
    group.types.push(type);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ types, what, missing }) => ({
    check,
    // What nobody declares here, nobody has to manage.
    status: types.some((type) => used.has(type)) ? 'warning' : 'ok',
    message: `it cannot ${what} ${types.join(', ')}: that needs ${missing.map(({ label }) => label).join(', ')}`,
    fix: [...new Set(missing.map(({ grant }) => grant))].join(' '),
    types,
  }));
}
