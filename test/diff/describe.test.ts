import { oneLine, remarksOf, sentence } from '../../src/diff/render';
import { type Made, planOf, said } from './shelf';

/** What is said of the one object that a plan changes. */
const of = (made: Made): string[] => planOf([made]).entries.flatMap(said);

test.each<[string, Made, string[]]>([
  ['access that opens', { after: { open: true } }, ['opens', 'opens: open: is true now: visitors may take books']],
  ['access that closes', { before: { open: true } }, ['closes', 'closes: open: is false now; no longer true: visitors may take books']],
  ['a lock', { after: { locked: true } }, ['closes', 'closes: locked: is true now: nobody may take books']],
  ['a lock that opens', { before: { locked: true } }, ['opens', 'opens: locked: is false now; no longer true: nobody may take books']],
  ['expiry', { after: { rots: true } }, ['expires', 'expires: rots: is true now: old books are thrown away']],
  ['a more open level', { before: { level: 'vault' } }, ['opens', 'opens: level: vault → staff']],
  ['a less open level', { after: { level: 'vault' } }, ['closes', 'closes: level: staff → vault']],
  [
    'readers',
    { before: { readers: ['ann', 'bob'] }, after: { readers: ['bob', 'cy'] } },
    ['opens', 'opens: readers: adds cy', 'closes: readers: removes ann'],
  ],
  [
    'bans',
    { before: { banned: ['ann'] }, after: { banned: ['bob'] } },
    ['opens', 'opens: banned: no longer refuses ann', 'closes: banned: also refuses bob'],
  ],
  [
    'the first limit',
    { after: { genres: ['crime'] } },
    ['closes', 'closes: genres: now allows only crime; before, everything was allowed'],
  ],
  [
    'no limit',
    { before: { genres: ['crime'] } },
    ['opens', 'opens: genres: is empty now, which allows everything; before, it allowed only crime'],
  ],
  [
    'another limit',
    { before: { genres: ['a', 'b'] }, after: { genres: ['b', 'c'] } },
    ['opens', 'opens: genres: also allows c', 'closes: genres: no longer allows a'],
  ],
  ['an order', { before: { rows: ['a', 'b'] }, after: { rows: ['b', 'a'] } }, ['order', 'order: rows: changes the order: a, b → b, a']],
  ['members', { before: { rows: ['a', 'b'] }, after: { rows: ['b', 'c'] } }, ['order', 'order: rows: adds c, removes a: a, b → b, c']],
  [
    'a supplier',
    { before: { supplier: 'https://a' }, after: { supplier: 'https://b' } },
    ['upstream', 'upstream: supplier: packages come from https://b instead of https://a'],
  ],
  ['an account', { after: { account: 'ann' } }, ['credentials', 'credentials: account: not set → ann']],
  [
    'maps',
    { before: { tags: { a: '1', b: '2' } }, after: { tags: { b: '3', c: '4' } } },
    ['updates', 'other: tags: adds c', 'other: tags: removes a', 'other: tags["b"]: 2 → 3'],
  ],
  ['a nested object', { after: { lamp: { bright: true, watts: null } } }, ['updates', 'other: lamp.bright: not set → true']],
  [
    'elements by key',
    {
      before: {
        carts: [
          { id: 'x', load: 1 },
          { id: 'y', load: 2 },
        ],
      },
      after: {
        carts: [
          { id: 'y', load: 3 },
          { id: 'z', load: 1 },
        ],
      },
    },
    ['updates', 'other: carts: adds z', 'other: carts: removes x', 'other: carts["y"].load: 2 → 3'],
  ],
  [
    'what only the server sets',
    { unknown: { serial: true }, after: { serial: null } },
    ['updates', 'only values that the server sets change'],
  ],
  [
    'what is known after apply',
    { after: { readers: [null], supplier: null }, unknown: { readers: [true], supplier: true, tags: true } },
    [
      'opens',
      'opens: readers: adds (known after apply)',
      'other: tags: {} → (known after apply)',
      'other: supplier: not set → (known after apply)',
    ],
  ],
])('%s', (_, made, expected) => {
  expect(of(made)).toEqual(expected);
});

const pin = (values: object): object => ({ pin: null, pin_wo_version: null, pin_wo_revision: null, ...values });

interface SecretCase {
  readonly name: string;
  readonly before?: object;
  readonly after?: object;
  readonly unknown?: object;
  readonly words?: string;
}

test.each<SecretCase>([
  { name: 'set', after: { pin: '1234' }, words: 'is set' },
  { name: 'changed', before: { pin: '1234' }, after: { pin: '4321' }, words: 'rotates' },
  { name: 'cleared', before: { pin: '1234' }, after: { pin: '' }, words: 'is cleared' },
  { name: 'no longer managed', before: { pin: '1234' }, words: 'is no longer managed here' },
  { name: 'write-only and set', after: { pin_wo_revision: 1 }, words: 'is set' },
  { name: 'write-only and changed', before: { pin_wo_revision: 1 }, after: { pin_wo_revision: 2 }, words: 'rotates' },
  {
    name: 'write-only and changed, as far as is known',
    before: { pin_wo_revision: 1 },
    unknown: { pin_wo_revision: true },
    words: 'rotates',
  },
  {
    name: 'sent again',
    before: { pin_wo_revision: 1, pin_wo_version: 1 },
    after: { pin_wo_revision: 1, pin_wo_version: 2 },
    words: 'rotates',
  },
  {
    name: 'write-only from now on',
    before: { pin: '1234' },
    after: { pin_wo_revision: 1 },
    words: 'is write-only now, and no longer kept in the state',
  },
  { name: 'the same', before: { pin: '1234' }, after: { pin: '1234' } },
])('a secret that is $name', ({ before = {}, after = {}, unknown = {}, words }) => {
  const lines = of({ before: pin(before), after: pin(after), unknown });
  expect(lines).toEqual(
    words === undefined ? ['updates', 'only values that the server sets change'] : ['credentials', `credentials: pin: ${words}`],
  );
});

const gone = (name: string, more = {}): Made => ({ actions: ['delete'], before: { name, ...more }, after: null });
const aBook = (shelf: string, title: string, pages: number | null): Made => ({
  type: 'acme_book',
  actions: ['delete'],
  before: { room: 'east', shelf, title, pages },
  after: null,
});

test('deletes that lose something come first, with what is known of it', () => {
  const { entries } = planOf([
    gone('empty'),
    gone('full', { force_destroy: true }),
    gone('held'),
    aBook('held', 'Emma', 400),
    aBook('held', 'Ulysses', 700),
    aBook('kept', 'Dracula', null),
    { type: 'acme_guard', actions: ['delete'], before: { room: 'east', mood: 'strict' }, after: null },
  ]);
  expect(entries.map((entry) => [entry.ids.join(), ...said(entry)])).toEqual([
    ['east/full', 'loses', 'deletes all files in it, because force_destroy is true'],
    [
      'east/held',
      'loses',
      'loses 2 files that are managed here (1100 bytes): Emma, Ulysses',
      'the delete is refused if it holds other files, because force_destroy is not true',
    ],
    ['east/kept/Dracula', 'loses'],
    ['east', 'opens', 'opens: mood: strict → kind'],
    ['east/empty', 'deletes', 'the delete is refused if it holds files, because force_destroy is not true'],
  ]);
});

test('a replacement says what forces it, or why else', () => {
  const replace = { actions: ['delete', 'create'] };
  const { entries } = planOf([
    { ...replace, before: { name: 'oak' }, after: { name: 'pine' }, change: { replace_paths: [['name']] } },
    { ...replace, before: { name: 'a' }, after: { name: 'a' }, more: { action_reason: 'replace_because_tainted' } },
    { ...replace, before: { name: 'b' }, after: { name: 'b' }, change: { replace_paths: [['serial']] } },
    { actions: ['create', 'forget'], before: { name: 'c' }, after: { name: 'c' } },
  ]);
  const refused = 'the delete is refused if it holds files, because force_destroy is not true';
  expect(entries.map((entry) => [entry.ids.join(' → '), ...said(entry)])).toEqual([
    ['east/a', 'replaces', refused, 'is replaced because an earlier run did not finish it (tainted)'],
    ['east/b', 'replaces', refused, 'is replaced because serial changes'],
    ['east/c', 'replaces', 'the old object stays on the server, no longer managed'],
    ['east/oak → east/pine', 'replaces', refused, 'other: name: oak → pine (forces replacement)'],
  ]);
});

test('what is new tells what it opens, and where its packages come from', () => {
  const create = { actions: ['create'], before: null };
  const { entries } = planOf([
    { ...create, after: { name: 'a', open: true, supplier: 'https://a', rows: ['x', 'y'], genres: ['crime'], account: 'ann' } },
    { ...create, after: { name: 'b', supplier: 'https://b' } },
    { ...create, type: 'acme_guard', after: { room: 'east', mood: 'strict' } },
  ]);
  expect(entries.map(said)).toEqual([
    ['opens', 'opens: open: is true now: visitors may take books', 'upstream: supplier: packages come from https://a', 'order: rows: x, y'],
    ['closes', 'closes: mood: kind → strict'],
    ['creates', 'upstream: supplier: packages come from https://b'],
  ]);
});

test('what another provider, a moved address, an import and an output are', () => {
  const other = { provider_name: 'registry.terraform.io/hashicorp/aws' };
  const same = { actions: ['no-op'], before: { name: 'm' }, after: { name: 'm' } };
  const plan = planOf(
    [
      { actions: ['create'], before: null, more: other },
      { ...same, more: { previous_address: 'acme_shelf.old' } },
      { ...same, change: { importing: { unknown: true } } },
      same,
    ],
    {
      output_changes: { url: { actions: ['create'] }, same: { actions: ['no-op'] } },
    },
  );
  expect(plan.entries.map(said)).toEqual([
    ['adopts', 'moved from acme_shelf.old'],
    ['adopts', 'imported'],
  ]);
  expect(plan).toMatchObject({ others: { create: 1 }, counts: { create: 0, import: 1, move: 1 }, outputs: ['url'], changes: true });
});

test('the actions that a plan runs, and what triggers them', () => {
  // As Terraform 1.15 writes them.
  const action = {
    address: 'action.acme_dust.all',
    type: 'acme_dust',
    name: 'all',
    config_values: { pin: 'hunter2' },
    provider_name: 'registry.terraform.io/acme/acme',
  };
  const trigger = {
    triggering_resource_address: 'acme_shelf.oak',
    action_trigger_event: 'AfterCreate',
    action_trigger_block_index: 0,
    actions_list_index: 0,
  };
  const description = planOf([], {
    action_invocations: [
      { ...action, lifecycle_action_trigger: trigger },
      { ...action, invoke_action_trigger: {} },
    ],
  });
  expect(description.changes).toBe(true);
  const words = remarksOf(description).map((remark) => sentence(remark, oneLine));
  expect(words).toEqual(['Runs actions: action.acme_dust.all (after acme_shelf.oak), action.acme_dust.all.']);
});

test.each<[string, boolean, Parameters<typeof planOf>]>([
  ['nothing', false, [[{ actions: ['no-op'] }]]],
  ['a data source that is read', false, [[{ actions: ['read'], before: null, more: { mode: 'data' } }]]],
  ['an output', true, [[], { output_changes: { a: { actions: ['update'] } } }]],
  ['a resource of another provider', true, [[{ actions: ['delete'], after: null, more: { provider_name: 'x/y/z' } }]]],
])('whether there are changes: %s', (_, expected, made) => {
  expect(planOf(...made).changes).toBe(expected);
});

test('a plan that only refreshes changes what it takes over; drift that another plan finds is told, and no change of its own', () => {
  const drifted = { address: 'acme_shelf.a', mode: 'managed', type: 'acme_shelf', name: 'a', provider_name: 'acme' };
  const drift = [
    {
      ...drifted,
      change: { actions: ['update'], before: { room: 'east', name: 'a', open: false }, after: { room: 'east', name: 'a', open: true } },
    },
    {
      ...drifted,
      change: { actions: ['update'], before: { room: 'east', name: 'b', serial: '1' }, after: { room: 'east', name: 'b', serial: '2' } },
    },
    { ...drifted, change: { actions: ['delete'], before: { room: 'east', name: 'c' }, after: null } },
  ];
  const refreshed = planOf([], { resource_drift: drift });
  expect([refreshed.changes, ...refreshed.drift.map(said)]).toEqual([
    true,
    ['opens', 'opens: open: is true now: visitors may take books'],
    ['deletes', 'was deleted'],
  ]);
  expect(planOf([{ actions: ['no-op'] }], { resource_drift: drift }).changes).toBe(false);
});
