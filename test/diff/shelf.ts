import { describe, type Description, type Entry } from '../../src/diff/describe';
import { oneLine, sentence } from '../../src/diff/render';
import { KnownProviders } from '../../src/plans/known';
import { parsePlan } from '../../src/plans/parse-plan';
import { attr, defineProvider, defineResource, nested, rest, secret, z } from '../../src/schema/define';

/** A provider with one attribute for each thing that a change can mean. */
const shelf = defineResource({
  type: 'acme_shelf',
  description: 'A shelf.',
  attributes: {
    room: attr(z.string(), 'Room.', { forceNew: true }),
    name: attr(z.string(), 'Name.', { forceNew: true }),
    open: attr(z.boolean().default(false), 'Whether visitors may take books. Not in the cellar.', { impact: 'grants' }),
    locked: attr(z.boolean().default(false), 'Whether nobody may take books.', { impact: 'denies' }),
    rots: attr(z.boolean().default(false), 'Whether old books are thrown away.', { impact: 'expires' }),
    level: attr(z.enum(['public', 'staff', 'vault']).default('staff'), 'Level.', {
      impact: { mostOpenFirst: ['public', 'staff', 'vault'] },
    }),
    readers: attr(z.set(z.string()).default(new Set()), 'Readers.', { impact: 'grants' }),
    banned: attr(z.set(z.string()).default(new Set()), 'Banned.', { impact: 'denies' }),
    genres: attr(z.array(z.string()).default([]), 'Genres.', { impact: 'limits' }),
    rows: attr(z.array(z.string()).default([]), 'Rows.', { impact: 'order' }),
    tags: attr(z.record(z.string(), z.string()).default({}), 'Tags.'),
    supplier: attr(z.string().optional(), 'Supplier.', { impact: 'upstream' }),
    account: attr(z.string().optional(), 'Account.', { impact: 'credentials' }),
    ...secret('pin', 'Pin.'),
    lamp: attr(
      nested({ bright: attr(z.boolean().default(false), 'Whether it is bright.'), watts: attr(z.int().optional(), 'Watts.') }).optional(),
      'Lamp.',
    ),
    carts: attr(z.array(nested({ id: attr(z.string(), 'Id.'), load: attr(z.int(), 'Load.') })).default([]), 'Carts.', { elementKey: 'id' }),
    forceDestroy: attr(z.boolean().default(false), 'Whether a delete loses books.', { api: false }),
    serial: attr(z.string(), 'Serial number.', { computed: true }),
  },
  key: ['room', 'name'],
  ...rest({ path: '/shelves' }),
  deleteGuard: { allow: 'forceDestroy', childType: 'acme_book', list: () => Promise.resolve([]) },
  example: { minimal: { room: 'a', name: 'b' }, full: { room: 'a', name: 'b' } },
});

const book = defineResource({
  type: 'acme_book',
  description: 'A book.',
  attributes: {
    room: attr(z.string(), 'Room.', { forceNew: true }),
    shelf: attr(z.string(), 'Shelf.', { forceNew: true }),
    title: attr(z.string(), 'Title.', { forceNew: true }),
    pages: attr(z.int(), 'Size.', { computed: true, impact: 'bytes' }),
  },
  key: ['room', 'shelf', 'title'],
  ...rest({ path: '/books' }),
  example: { minimal: { room: 'a', shelf: 'b', title: 'c' }, full: { room: 'a', shelf: 'b', title: 'c' } },
});

const guard = defineResource({
  type: 'acme_guard',
  description: 'A guard, which every room has.',
  attributes: {
    room: attr(z.string(), 'Room.', { forceNew: true }),
    mood: attr(z.enum(['kind', 'strict']), 'Mood.', { impact: { mostOpenFirst: ['kind', 'strict'], unmanaged: 'kind' } }),
  },
  key: ['room'],
  ...rest({ path: '/guards' }),
  example: { minimal: { room: 'a', mood: 'kind' }, full: { room: 'a', mood: 'kind' } },
});

export const acme = defineProvider({
  name: 'acme',
  title: 'Acme',
  description: 'Shelves.',
  attributes: {},
  resources: [shelf, book, guard],
  example: {},
});

/** One change of a plan. */
export interface Made {
  readonly type?: string;
  readonly actions?: readonly string[];
  readonly before?: object | null;
  readonly after?: object | null;
  readonly unknown?: object;
  readonly more?: object;
  readonly change?: object;
}

const unset = Object.fromEntries(
  ['supplier', 'account', 'pin', 'pin_wo', 'pin_wo_version', 'pin_wo_revision', 'lamp'].map((name) => [name, null]),
);
const whole = {
  room: 'east',
  name: 'oak',
  open: false,
  locked: false,
  rots: false,
  level: 'staff',
  readers: [],
  banned: [],
  genres: [],
  rows: [],
  tags: {},
  carts: [],
  force_destroy: false,
  serial: '1',
  ...unset,
};

/** The plan with these changes; of shelves the values that differ from the usual are enough. */
export function planOf(changes: readonly Made[], top: object = {}): Description {
  const resource_changes = changes.map(
    ({ type = 'acme_shelf', actions = ['update'], before = {}, after = {}, unknown = {}, more = {}, change = {} }, index) => {
      const fill = (values: object | null): object | null => (values && type === 'acme_shelf' ? { ...whole, ...values } : values);
      const address = `${type}.n${index}`;
      return {
        ...{ address, mode: 'managed', type, name: `n${index}`, provider_name: 'registry.terraform.io/acme/acme' },
        change: { actions, before: fill(before), after: fill(after), after_unknown: unknown, ...change },
        ...more,
      };
    },
  );
  const parsed = parsePlan(JSON.stringify({ format_version: '1.2', resource_changes, ...top }), new KnownProviders([acme]));
  if ('problem' in parsed) throw new Error(parsed.problem);
  return describe(parsed.value);
}

/** What is said of an object: its section, then its lines. */
export const said = ({ section, notes, effects }: Entry): string[] => [
  section,
  ...notes.map((words) => sentence(words, oneLine)),
  ...effects.map(({ kind, words }) => `${kind}: ${sentence(words, oneLine)}`),
];
