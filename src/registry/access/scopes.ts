import { compileGlob, matchesAll } from './glob';

/** What can be done to a repository. `admin` creates, changes and deletes the repository itself, and includes the other three. */
export const ACTIONS = ['read', 'write', 'delete', 'admin'] as const;
/** One of them. */
export type Action = (typeof ACTIONS)[number];

/** Actions on the repositories whose names a glob matches. */
export interface Scope {
  readonly actions: readonly Action[];
  readonly repositories: string;
}

/** The scope of whoever may do everything. */
export const EVERYTHING: readonly Scope[] = [{ actions: ['admin'], repositories: '*' }];

/** The names that repositories can have; no other name is in any scope. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;
const GLOB = /^[A-Za-z0-9*?][A-Za-z0-9._*?-]{0,254}$/;
const matchers = new Map<string, (text: string) => boolean>();
const KEPT_MATCHERS = 1000;

/** Reads a scope such as `read,write:npm-*`; the answer is the problem if it is none. */
export function parseScope(text: string): Scope | string {
  const [, list = '', repositories = ''] = /^([^:]*):(.*)$/.exec(text) ?? [];
  const names = list.split(',');
  const example = 'write one like "read:*" or "read,write:npm-*"';
  if (text !== '' && !text.includes(':')) return `invalid scope ${JSON.stringify(text)}: it names no repository; ${example}`;
  const unknown = names.find((name) => !ACTIONS.some((action) => action === name));
  if (unknown !== undefined)
    return `invalid scope ${JSON.stringify(text)}: unknown action ${JSON.stringify(unknown)}, expected one of ${ACTIONS.join(', ')}; ${example}`;
  if (!GLOB.test(repositories))
    return `invalid scope ${JSON.stringify(text)}: ${JSON.stringify(repositories)} is not a repository name or a glob of one (letters, digits, ".", "_", "-", "*", "?"); ${example}`;
  return { actions: ACTIONS.filter((action) => names.includes(action)), repositories };
}

/** A scope as it is written. */
export function formatScope({ actions, repositories }: Scope): string {
  return `${actions.join(',')}:${repositories}`;
}

/** Whether scopes allow an action on a repository. */
export function allows(scopes: readonly Scope[], action: Action, repository: string): boolean {
  return NAME.test(repository) && scopes.some((scope) => includes(scope, action) && matches(scope.repositories, repository));
}

/** Whether scopes allow an action on every repository, those to come too. */
export function allowsEvery(scopes: readonly Scope[], action: Action): boolean {
  return scopes.some((scope) => includes(scope, action) && matchesAll(scope.repositories));
}

/** Whether scopes allow an action on any repository at all. */
export function allowsSome(scopes: readonly Scope[], action: Action): boolean {
  return scopes.some((scope) => includes(scope, action));
}

/** What scopes allow to be read, and nothing else. */
export function readingOf(scopes: readonly Scope[]): readonly Scope[] {
  return scopes.filter((scope) => includes(scope, 'read')).map(({ repositories }) => ({ actions: ['read'], repositories }));
}

function includes({ actions }: Scope, action: Action): boolean {
  return actions.includes(action) || actions.includes('admin');
}

function matches(glob: string, name: string): boolean {
  let matcher = matchers.get(glob);
  if (!matcher) {
    if (matchers.size >= KEPT_MATCHERS) matchers.clear();
    matchers.set(glob, (matcher = compileGlob(glob)));
  }
  return matcher(name);
}
