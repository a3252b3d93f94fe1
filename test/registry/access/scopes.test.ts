import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  property,
  record,
  sample,
  string,
  stringMatching,
  subarray,
  tuple,
} from 'fast-check';
import { compileGlob } from '../../../src/registry/access/glob';
import { ACTIONS, allows, allowsEvery, type Action, formatScope, parseScope } from '../../../src/registry/access/scopes';
import { call, cleanUp } from '../helpers';
import { bearer, guarded, scopesOf } from './support';

afterEach(cleanUp);

/** A glob as a regular expression, which is another way to say what it means. */
function toRegExp(glob: string): RegExp {
  const parts = glob.split(/(\*\*+|\*|\?)/).map((part) => {
    if (part.startsWith('**')) return '[^]*';
    return part === '*' ? '[^/]*' : part === '?' ? '[^/]' : part.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 'u');
}

test('a glob matches what the regular expression of it does', () => {
  const glob = array(constantFrom('a', 'b', '.', '/', '*', '**', '?'), { maxLength: 8 }).map((parts) => parts.join(''));
  const text = array(constantFrom('a', 'b', '.', '/', 'é'), { maxLength: 10 }).map((parts) => parts.join(''));
  assert(
    property(glob, text, (g, t) => compileGlob(g)(t) === toRegExp(g).test(t)),
    { numRuns: 5000 },
  );
});

test('no glob takes long for any name', () => {
  const start = performance.now();
  expect(compileGlob(`${'*a'.repeat(100)}b`)('a'.repeat(255))).toBe(false);
  expect(performance.now() - start).toBeLessThan(10_000);
});

test('scopes are read and written alike, and what is none is refused with what is wrong', () => {
  const scope = record({
    actions: subarray([...ACTIONS], { minLength: 1 }),
    repositories: stringMatching(/^[A-Za-z0-9*?][A-Za-z0-9._*?-]{0,20}$/),
  });
  assert(property(scope, (each) => expect(parseScope(formatScope(each))).toEqual(each)));
  for (const [text, reason] of [
    ['', 'unknown action ""'],
    ['read', 'it names no repository; write one like "read:*"'],
    ['all:*', 'unknown action "all", expected one of read, write, delete, admin'],
    ['READ:*', 'unknown action "READ"'],
    ['read:', '"" is not a repository name'],
    ['read:a/b', '"a/b" is not a repository name'],
    ['read:../x', '"../x" is not a repository name'],
    ['read:a%2fb', '"a%2fb" is not a repository name'],
    ['read:a:b', '"a:b" is not a repository name'],
    // A Cyrillic letter that looks like a Latin one.
    ['read:p\u0430ckages', 'is not a repository name'],
    ['write', 'it names no repository; write one like "read:*"'],
  ] as const)
    expect(parseScope(text)).toContain(reason);
});

test('a name that no repository can have is in no scope', () => {
  for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', 'a\0', 'a b', 'n\u0430me', 'a%2fb', '*', '-a', 'a'.repeat(256)])
    expect([name, allows(scopesOf('admin:*'), 'read', name)]).toEqual([name, false]);
  assert(property(string(), (name) => allows(scopesOf('admin:**'), 'read', name) === /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/.test(name)));
});

/** Which repositories each glob means, worked out by hand. */
const NAMES = ['npm', 'npm-internal', 'docker', 'd'] as const;
const GLOBS = {
  npm: ['npm'],
  'npm*': ['npm', 'npm-internal'],
  '*': ['npm', 'npm-internal', 'docker', 'd'],
  '?': ['d'],
  '*-*': ['npm-internal'],
} as const;
const GRANTED: Readonly<Record<Action, readonly Action[]>> = {
  read: ['read'],
  write: ['write'],
  delete: ['delete'],
  admin: ['read', 'write', 'delete', 'admin'],
};
/** Some requests for each action; where they are allowed, there is no such repository. */
const REQUESTS: readonly (readonly [Action, string, (name: string) => string])[] = [
  ['read', 'GET', (name) => `/api/v1/local/${name}/x`],
  ['read', 'HEAD', (name) => `/api/v1/virtual/${name}/x`],
  ['read', 'GET', (name) => `/api/v2/remotes/${name}`],
  ['read', 'GET', (name) => `/api/v2/locals/${name}/objects`],
  ['read', 'GET', (name) => `/v2/${name}/app/tags/list`],
  ['write', 'PUT', (name) => `/api/v1/local/${name}/x`],
  ['write', 'PUT', (name) => `/api/v2/remotes/${name}/files/x`],
  ['write', 'POST', (name) => `/v2/${name}/app/blobs/uploads/`],
  ['delete', 'DELETE', (name) => `/api/v1/remote/${name}/x`],
  ['delete', 'DELETE', (name) => `/api/v2/locals/${name}/objects/x`],
  ['admin', 'DELETE', (name) => `/api/v2/remotes/${name}`],
  ['admin', 'DELETE', (name) => `/api/v2/virtuals/${name}`],
];

test('for random scopes and random requests, the decision is that of an independent table', async () => {
  const scope = record({
    actions: subarray([...ACTIONS], { minLength: 1 }),
    glob: constantFrom(...(Object.keys(GLOBS) as (keyof typeof GLOBS)[])),
  });
  const sets = Object.fromEntries(sample(array(scope, { maxLength: 3 }), 40).map((set, index) => [`t${index}`, set]));
  const written = Object.entries(sets).map(([name, set]) => [name, set.map(({ actions, glob }) => `${actions.join(',')}:${glob}`)]);
  const { url, secrets } = await guarded<string>(Object.fromEntries(written) as Record<string, string[]>);
  await assert(
    asyncProperty(
      constantFrom(...Object.keys(sets)),
      constantFrom(...NAMES),
      tuple(constantFrom(...REQUESTS), boolean()),
      async (token, name, [[action, method, path], encoded]) => {
        const isAllowed = (sets[token] ?? []).some(
          ({ actions, glob }) =>
            actions.some((each) => GRANTED[each].includes(action)) && (GLOBS[glob] as readonly string[]).includes(name),
        );
        const spelt = encoded ? `%${name.charCodeAt(0).toString(16)}${name.slice(1)}` : name;
        const { status } = await call(method, url + path(spelt), { headers: bearer(secrets[token] ?? '') });
        expect([token, method, path(spelt), status]).toEqual([token, method, path(spelt), isAllowed ? 404 : 403]);
      },
    ),
    { numRuns: 600 },
  );
});

test('only a glob that matches every name is one for all repositories', () => {
  expect(['*', '**', 'a*', '*a', '?*', '?'].map((glob) => allowsEvery(scopesOf(`read:${glob}`), 'read'))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});
