import * as z from 'zod';
import { attr, type Attributes } from '../../src/schema/define/attribute';
import { defineDataSource } from '../../src/schema/define/data-source';
import { nested } from '../../src/schema/define/nested';
import { defineProvider } from '../../src/schema/define/provider';
import { defineResource } from '../../src/schema/define/resource';
import { secret } from '../../src/schema/define/types';

const text = z.string();
const name = attr(text, 'Name of the team.');
const note = attr(text.optional(), 'A note.');
const hooks = {
  read: () => Promise.resolve(undefined),
  create: () => Promise.resolve(undefined),
  update: () => Promise.resolve(undefined),
  remove: () => Promise.resolve(),
};

/** Defines a team with these attributes, as somebody writes it whom no compiler helps. */
function define(attributes: Attributes, more: object = {}): void {
  const example = { name: 'core' };
  const source = { type: 'acme_team', description: 'A team.', attributes: { name, ...attributes }, key: ['name'], ...hooks };
  defineResource({ ...source, example: { minimal: example, full: example }, ...more } as never);
}

const member = (facts: object = {}, type: z.ZodType = text): Attributes => ({ name, password: attr(type.optional(), 'Password.', facts) });
const examples = (example: object): object => ({ example: { minimal: { name: 'core' }, full: { name: 'core', ...example } } });

const cases: readonly [string, () => void, ...string[]][] = [
  ['a key that is no attribute', () => define({}, { key: ['title'] }), 'the key "title" is not one of its attributes; it has name'],
  ['no key', () => define({}, { key: [] }), 'the key is empty; name the attributes'],
  ['a key named twice', () => define({}, { key: ['name', 'name'] }), 'attribute "name": it is in the key twice; name it once'],
  [
    'a number in the key',
    () => define({ size: attr(z.int(), 'Size.') }, { key: ['size', 'name'] }),
    'attribute "size": it is in the key but is not a string; make it one',
  ],
  [
    'a sensitive key',
    () => define({ code: attr(text, 'Code.', { sensitive: true }) }, { key: ['code'] }),
    'attribute "code": it is in the key, which appears',
  ],
  [
    'a key that only the server knows',
    () => define({ id: attr(text, 'Id.', { computed: true }) }, { key: ['id'] }),
    'attribute "id": it is in the key but only the server sets it; use',
  ],
  [
    'an optional part in the middle of the key',
    () => define({ note }, { key: ['note', 'name'] }),
    'attribute "note": it is in the key but is optional; only the last part',
  ],
  [
    'two attributes with one API field',
    () => define({ a: attr(text.optional(), 'A.', { api: 'x' }), b: attr(text.optional(), 'B.', { api: 'x' }) }),
    'attributes "a" and "b": both map to the API field "x"; set api on one of them',
  ],
  [
    'one API field inside another',
    () => define({ a: attr(text.optional(), 'A.', { api: 'x' }), b: attr(text.optional(), 'B.', { api: 'x.y' }) }),
    'attributes "a" and "b": the API field of one contains that of the other; set api',
  ],
  [
    'an empty segment in an API field',
    () => define({ a: attr(text.optional(), 'A.', { api: 'x..y' }) }),
    'attribute "a": api has an empty or forbidden segment (["x","","y"]); name every field',
  ],
  [
    'a write-only attribute with a default',
    () => define({ a: attr(text.default('x'), 'A.', { writeOnly: true }) }),
    'attribute "a": a write-only attribute cannot be computed or have a default',
  ],
  [
    'a write-only attribute that is computed',
    () => define({ a: attr(text, 'A.', { writeOnly: true, computed: true }) }),
    'attribute "a": a write-only attribute cannot be computed',
  ],
  [
    'a type that Terraform lacks',
    () => define({ a: attr(z.date(), 'A.') }),
    'attribute "a": the type "date" has no Terraform equivalent; use string',
  ],
  [
    'a computed attribute with a default',
    () => define({ a: attr(text.default('x'), 'A.', { computed: true }) }),
    'attribute "a": it has a default and is computed; keep one of the two',
  ],
  [
    'a derived attribute that may be set',
    () => define({ a: note }, { derived: { a: () => 'x' } }),
    'attribute "a": it is derived, so users cannot set it; leave out optional()',
  ],
  [
    'a computed attribute that is never told',
    () => define({ a: attr(text, 'A.', { computed: true, api: false }) }),
    'attribute "a": it is computed, but the server never returns it; give it an api',
  ],
  ...['count', 'forEach', 'provider', 'lifecycle', 'dependsOn', 'connection', 'provisioner'].map((word): [string, () => void, string] => [
    `the name ${word}`,
    () => define({ [word]: note }),
    `attribute "${word}": Terraform reserves this name; choose another`,
  ]),
  ['the name timeouts', () => define({ timeouts: note }), 'acme_team: attribute "timeouts": every definition gets'],
  [
    'the name constructor',
    () => define({ constructor: note }),
    'attribute "constructor": every JavaScript object has a member of this name',
  ],
  [
    'the name constructor in a nested object',
    () => define({ lead: attr(nested({ constructor: note }), 'Lead.') }),
    'attribute "lead.constructor": every JavaScript object has a member of this name',
  ],
  ['a name in snake_case', () => define({ some_name: note }), 'attribute "some_name": names consist of letters and digits, in camelCase'],
  ['a name that does not come back', () => define({ a1B: note, aB2c: note, a_b: note }), 'in camelCase'],
  ['a name whose digit follows an underscore', () => define({ ipV4: note, ip_4: note }), 'attribute "ip_4"'],
  [
    'a type with a capital',
    () => define({}, { type: 'acme_Team' }),
    'acme_Team: the type "acme_Team" is not a snake_case name with the prefix of a provider; name it like acme_team',
  ],
  [
    'a type without a prefix',
    () => define({}, { type: 'team' }),
    'team: the type "team" is not a snake_case name with the prefix of a provider',
  ],
  [
    'requires of nothing',
    () => define({ a: attr(text.optional(), 'A.', { requires: ['b'] }) }),
    'attribute "a": requires names "b", which is not one of the attributes beside it; correct the name',
  ],
  [
    'conflicts with itself',
    () => define({ a: attr(text.optional(), 'A.', { conflicts: ['a'] }) }),
    'attribute "a": conflicts names "a", which is itself; correct the name',
  ],
  [
    'requires and conflicts',
    () => define({ note, a: attr(text.optional(), 'A.', { requires: ['note'], conflicts: ['note'] }) }),
    'attribute "a": it both requires and conflicts with "note"; keep one of the two',
  ],
  [
    'a guard that names nothing',
    () => define({}, { deleteGuard: { allow: 'force', childType: 'acme_member', list: () => Promise.resolve([]) } }),
    'deleteGuard.allow names "force", which is not one of its attributes; add it',
  ],
  [
    'a guard that names a text',
    () => define({}, { deleteGuard: { allow: 'name', childType: 'acme_member', list: () => Promise.resolve([]) } }),
    'attribute "name": deleteGuard.allow names it, but it is not a boolean; make it one',
  ],
  [
    'an adoptAttribute that is none',
    () => define({}, { adoptAttribute: 'takeOver' }),
    'adoptAttribute names "takeOver", which is not one of its attributes; add it',
  ],
  [
    'an elementKey of a list of texts',
    () => define({ a: attr(z.array(text), 'A.', { elementKey: 'name' }) }),
    'attribute "a": elementKey is for lists of objects, which this is not; leave it out',
  ],
  [
    'an impact for another type',
    () => define({ a: attr(z.boolean().default(false), 'A.', { impact: 'order' }) }),
    'attribute "a": impact "order" is for list, and this is bool; leave it out',
  ],
  [
    'an order of values that lacks one',
    () => define({ a: attr(z.enum(['open', 'shut']), 'A.', { impact: { mostOpenFirst: ['open'] } }) }),
    'attribute "a": impact.mostOpenFirst must have each of its values; it has open, shut',
  ],
  [
    'an elementKey that is no member',
    () => define({ a: attr(z.array(nested({ name })), 'A.', { elementKey: 'id' }) }),
    'attribute "a": elementKey names "id", which is not one of the members; it has name',
  ],
  [
    'an elementKey that may be left out',
    () => define({ a: attr(z.array(nested({ note })), 'A.', { elementKey: 'note' }) }),
    'attribute "a": elementKey names "note", which must be a required string or number',
  ],
  [
    'an elementKey that is sensitive',
    () => define({ a: attr(z.array(nested({ id: attr(text, 'Id.', { sensitive: true }) })), 'A.', { elementKey: 'id' }) }),
    'attribute "a": elementKey names "id", which appears in messages',
  ],
  [
    'write-only in a list without elementKey',
    () => define({ users: attr(z.array(nested(member({ writeOnly: true }))), 'Users.') }),
    'attribute "users.password": it is write-only and inside a list, whose elements can be reordered; set elementKey of the list to the member that identifies them',
  ],
  [
    'a secret in a list without elementKey',
    () => define({ users: attr(z.array(nested({ name, ...secret('password', 'Password.') })), 'Users.') }),
    'attribute "users.passwordWo": it is write-only and inside a list',
  ],
  [
    'write-only in a set',
    () => define({ users: attr(z.set(nested(member({ writeOnly: true }))), 'Users.') }),
    'attribute "users.password": it is write-only and inside a set, whose elements cannot be identified; use a map',
  ],
  [
    'write-only in a list of lists',
    () => define({ users: attr(z.record(z.string(), z.array(nested(member({ writeOnly: true })))), 'Users.') }),
    'attribute "users.password": it is write-only and inside a collection of collections',
  ],
  [
    'a write-only object',
    () => define({ user: attr(nested({ name }).optional(), 'User.', { writeOnly: true }) }),
    'attribute "user": an object cannot be write-only as a whole; make its members write-only',
  ],
  [
    'a computed object with write-only in it',
    () => define({ user: attr(nested(member({ writeOnly: true })).optional(), 'User.', { computed: true }) }),
    'attribute "user": it contains a write-only attribute, so the provider must not set it',
  ],
  [
    'semanticEquals around a write-only attribute',
    () => define({ user: attr(nested(member({ writeOnly: true })).optional(), 'User.', { semanticEquals: () => true }) }),
    'attribute "user": it contains a write-only attribute, so semanticEquals is not allowed here',
  ],
  [
    'write-only and forceNew',
    () => define({ a: attr(text.optional(), 'A.', { writeOnly: true, forceNew: true }) }),
    'attribute "a": it is write-only, so a change cannot be detected and cannot force replacement; leave out forceNew',
  ],
  [
    'an attribute with the name of one of a secret',
    () => define({ ...secret('password', 'Password.'), passwordWoVersion: note }),
    'attribute "passwordWo": secret() also declares "passwordWoVersion", but it is missing or another attribute has its name',
  ],
  [
    'volatile but set by the user',
    () => define({ a: attr(text.optional(), 'A.', { computed: true, volatile: true }) }),
    'attribute "a": it is volatile, but users may set it; only a value that the server alone sets',
  ],
  [
    'volatile and forceNew',
    () => define({ a: attr(text, 'A.', { computed: true, volatile: true, forceNew: true }) }),
    'attribute "a": it is volatile, so it cannot be derived, force replacement',
  ],
  [
    'a version that is none',
    () => define({ a: attr(text.optional(), 'A.', { since: 'next' }) }),
    'attribute "a": since is "next", which is not a version; write it like 3.2',
  ],
  [
    'removed before it exists',
    () => define({ a: attr(text.optional(), 'A.', { since: '3.10', removedIn: '3.9' }) }),
    'attribute "a": no version has it: it exists since 3.10 and is removed in 3.9',
  ],
  [
    'a default that the type refuses',
    () => define({ a: attr(z.int().max(5).default(7), 'A.') }),
    'attribute "a": its type refuses its default (',
    'correct one of the two',
  ],
  [
    'a nested default that the type refuses',
    () => define({ a: attr(nested({ b: attr(z.enum(['x']).default('y' as 'x'), 'B.') }).optional(), 'A.') }),
    'attribute "a.b": its type refuses its default (',
  ],
  [
    'an attribute without a description',
    () => define({ a: attr(text.optional(), ' ') }),
    'attribute "a": it has no description; write a sentence',
  ],
  [
    'an object without attributes',
    () => define({ a: attr(nested({}).optional(), 'A.') }),
    'attribute "a": nested() has no attributes; give it some',
  ],
  [
    'an example with another attribute',
    () => define({}, examples({ colour: 'red' })),
    'the example has "colour", which is not one of the attributes; correct the name',
  ],
  [
    'an example with a refused value',
    () => define({ size: attr(z.int().optional(), 'Size.') }, examples({ size: 'big' })),
    'the example has a value for "size" that its type refuses (',
    'correct it',
  ],
  [
    'an example without what is required',
    () => define({ size: attr(z.int(), 'Size.') }),
    'the example lacks "size", which is required; add it',
  ],
  [
    'an example with what the server sets',
    () => define({ id: attr(text, 'Id.', { computed: true }) }, examples({ id: 'x' })),
    'the example has "id", which only the server sets; leave it out',
  ],
];

const thrownBy = (work: () => void): string => {
  try {
    work();
  } catch (thrown) {
    return (thrown as Error).message;
  }
  return 'nothing';
};

describe('a definition that cannot work is refused', () => {
  it.each(cases)('%s', (_, work, ...parts) => {
    const message = thrownBy(work);
    expect(message).toMatch(/^(acme_team|acme_Team|team): /);
    for (const part of parts) expect(message).toContain(part);
  });

  it('with all that is wrong with it at once', () => {
    const message = thrownBy(() => define({ count: note, a: attr(text.optional(), ' ') }, { key: ['title'] }));
    expect(message.split('\n')).toHaveLength(3);
  });

  it('also as a data source, which has no write-only attributes', () => {
    const source = { type: 'acme_team', description: 'A team.', read: () => Promise.resolve(undefined), example: {} };
    expect(thrownBy(() => defineDataSource({ ...source, attributes: member({ writeOnly: true }), example: { name: 'a' } }))).toContain(
      'acme_team: attribute "password": only resources have write-only attributes; make it sensitive',
    );
    expect(thrownBy(() => defineDataSource({ ...source, attributes: { name } }))).toContain('the example lacks "name"');
  });
});

it.each<[string, Attributes, string]>([
  ['alias', { alias: note }, 'acme: attribute "alias": Terraform reserves this name; choose another'],
  [
    'a write-only attribute',
    { key: attr(text.optional(), 'Key.', { writeOnly: true }) },
    'acme: attribute "key": only resources have write-only',
  ],
])('a provider block with %s is refused', (_, attributes, message) => {
  const source = { name: 'acme', title: 'Acme', description: 'Acme.', resources: [], example: {} };
  expect(thrownBy(() => defineProvider({ ...source, attributes }))).toContain(message);
});

describe('a definition that works is taken', () => {
  it.each<[string, () => void]>([
    ['a secret', () => define(secret('password', 'Password.'))],
    ['a secret in an object', () => define({ user: attr(nested({ name, ...secret('password', 'Password.') }).optional(), 'User.') })],
    ['secrets in a map', () => define({ users: attr(z.record(z.string(), nested(secret('password', 'Password.'))).optional(), 'Users.') })],
    [
      'secrets in a list with elementKey',
      () =>
        define({ users: attr(z.array(nested({ name, ...secret('password', 'Password.') })).optional(), 'Users.', { elementKey: 'name' }) }),
    ],
    [
      'two fields of one object of the API',
      () => define({ a: attr(text.optional(), 'A.', { api: 'x.a' }), b: attr(text.optional(), 'B.', { api: ['x', 'a.b'] }) }),
    ],
    [
      'an attribute beside a member in one object',
      () => define({ x: attr(nested({ note }).optional(), 'X.'), b: attr(text.optional(), 'B.', { api: 'x.b' }) }),
    ],
    ['an id', () => define({ id: attr(text, 'Id.', { computed: true }) })],
    ['a reference in an example', () => define({ note }, examples({ note: { ref: 'acme_team.core.name' } }))],
    [
      'a default of an object',
      () => define({ a: attr(nested({ maxAge: attr(z.int().default(1), 'Age.') }).default({ maxAge: 2 }), 'A.') }),
    ],
  ])('%s', (_, work) => expect(thrownBy(work)).toBe('nothing'));
});
