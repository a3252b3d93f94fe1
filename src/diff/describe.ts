import { attributeName } from '../common/diagnostic';
import { UNKNOWN } from '../common/value';
import type { Action, Change, Declared, Invocation, Plan } from '../plans/plan';
import { type PlanRecord, Secret, valueAt } from '../plans/value';
import { type Effect } from './effect';
import { effectsOf, effectsOfBeing } from './effects';
import type { Field } from '../schema/define/shape';
import { Losses } from './losses';
import { code, LATER, listWords, plainText, type Wording } from './wording';

/** Under which heading an object stands, the most serious first. */
export const sections = {
  loses: 'Deletes artifacts',
  replaces: 'Replaces',
  opens: 'Opens access',
  expires: 'Lets the server delete artifacts',
  closes: 'Closes access',
  upstream: 'Changes where packages come from',
  order: 'Changes members or their order',
  credentials: 'Changes credentials',
  deletes: 'Deletes',
  updates: 'Updates',
  creates: 'Creates',
  adopts: 'Imports, moves, forgets',
} as const;
export type Section = keyof typeof sections;
const sectionNames = Object.keys(sections) as readonly Section[];

/** One object that a plan changes. */
export interface Entry {
  readonly section: Section;
  readonly action: Action;
  /** What it is, e.g. `remote npm`. */
  readonly kind: string;
  /** Its import id, e.g. `payments/releases`; the one before and the one after if it gets another one. */
  readonly ids: readonly string[];
  readonly object: Declared;
  /** What happens to it as a whole, such as why it is replaced. */
  readonly notes: readonly Wording[];
  readonly effects: readonly Effect[];
}

/** What a plan does, in the order in which a reviewer wants to know. */
export interface Description {
  readonly entries: readonly Entry[];
  /** What was changed outside, and how. */
  readonly drift: readonly Entry[];
  /** How many objects of known types have each action. */
  readonly counts: Readonly<Record<Tally, number>>;
  /** The same for resources of other providers, of which nothing else is said. */
  readonly others: Readonly<Record<Tally, number>>;
  /** The actions that are run. */
  readonly invocations: readonly Invocation[];
  /** Names of outputs that change. */
  readonly outputs: readonly string[];
  readonly errored: boolean;
  readonly incomplete: boolean;
  /** Whether an apply would do anything. */
  readonly changes: boolean;
}

/** What is counted. */
export const tallies = ['create', 'update', 'replace', 'delete', 'import', 'move', 'forget'] as const;
export type Tally = (typeof tallies)[number];

/** Says what a plan does. */
export function describe(plan: Plan): Description {
  const losses = new Losses(plan);
  const known = plan.changes.filter(({ object }) => object.known);
  const others = plan.changes.filter(({ object }) => !object.known && object.mode === 'managed');
  const entries = known.flatMap((change) => (isChange(change) && !losses.isFolded(change) ? [entryOf(change, losses)] : []));
  const drift = plan.drift.flatMap((change) => driftOf(change));
  const outputs = [...plan.outputs.keys()];
  // A plan that only refreshes has no changes, and what it takes over is the drift.
  const takesOver = plan.changes.length === 0 && plan.drift.length > 0;
  return {
    entries: sorted(entries),
    drift: sorted(drift),
    counts: countsOf(known),
    others: countsOf(others),
    invocations: plan.invocations,
    outputs,
    errored: plan.errored,
    incomplete: plan.incomplete,
    changes: [...known, ...others].some(isChange) || outputs.length > 0 || plan.invocations.length > 0 || takesOver,
  };
}

const isChange = ({ action, importId, movedFrom }: Change): boolean =>
  (action !== 'none' && action !== 'read') || importId !== undefined || movedFrom !== undefined;

function countsOf(changes: readonly Change[]): Record<Tally, number> {
  const count = (test: (change: Change) => boolean): number => changes.filter(test).length;
  const of = (action: Action): number => count((change) => change.action === action);
  return {
    create: of('create'),
    update: of('update'),
    replace: of('replace'),
    delete: of('delete'),
    import: count(({ importId }) => importId !== undefined),
    move: count(({ movedFrom }) => movedFrom !== undefined),
    forget: of('forget'),
  };
}

/** By section, then by what is in one project, or whatever else ids begin with. */
const sorted = (entries: readonly Entry[]): Entry[] =>
  entries
    .map((entry) => ({ entry, rank: sectionNames.indexOf(entry.section), id: entry.ids[0] ?? '' }))
    .sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ entry }) => entry);

function entryOf(change: Change, losses: Losses): Entry {
  const { object, action } = change;
  const fields = object.known?.fields ?? [];
  const effects = withForces(rawEffects(change, fields), change);
  const loss = losses.of(change);
  const notes = [
    ...(loss?.notes ?? []),
    ...notesOf(change, effects),
    ...(effects.length === 0 && action === 'update' ? [['only values that the server sets change']] : []),
  ];
  return { ...headOf(change), section: sectionOf(change, effects, loss?.isCertain === true), notes, effects };
}

function rawEffects({ action, before, after }: Change, fields: readonly Field[]): Effect[] {
  if (before && after) return effectsOf({ fields, before, after, path: [] });
  if (after) return effectsOfBeing(fields, after, true);
  return before && action === 'delete' ? effectsOfBeing(fields, before, false) : [];
}

function driftOf(change: Change): Entry[] {
  const { object, action, before = {}, after } = change;
  if (!object.known) return [];
  if (action === 'delete' || !after) return [{ ...headOf(change), section: 'deletes', notes: [['was deleted']], effects: [] }];
  const effects = effectsOf({ fields: object.known.fields, before, after, path: [] });
  return effects.length === 0 ? [] : [{ ...headOf(change), section: sectionOf(change, effects, false), notes: [], effects }];
}

function headOf({ object, action, before, after }: Change): Pick<Entry, 'object' | 'action' | 'kind' | 'ids'> {
  const provider = object.known?.provider.name ?? '';
  const ids = [before, after].flatMap((values) => (values ? [idIn(object, values)] : []));
  return { object, action, kind: object.type.slice(provider.length + 1).replaceAll('_', ' '), ids: [...new Set(ids)] };
}

/** The import id of an object, as far as it is known. */
function idIn({ known }: Declared, values: PlanRecord): string {
  const parts = (known?.key ?? []).map((name) => valueAt(values, name)).filter((value) => value !== null);
  return parts.map((value) => (value === UNKNOWN ? LATER : value instanceof Secret ? `${value}` : plainText(value))).join('/');
}

const byAction: Readonly<Partial<Record<Action, Section>>> = {
  replace: 'replaces',
  delete: 'deletes',
  update: 'updates',
  create: 'creates',
};

function sectionOf({ action }: Change, effects: readonly Effect[], loses: boolean): Section {
  const kinds = effects.flatMap(({ kind }): Section[] => (kind === 'other' ? [] : [kind]));
  // What is new has members and an upstream anyway.
  const telling = action === 'create' ? kinds.filter((kind) => kind === 'opens' || kind === 'closes' || kind === 'expires') : kinds;
  const possible: readonly Section[] = [...(loses ? (['loses'] as const) : []), byAction[action] ?? 'adopts', ...telling];
  return sectionNames.find((name) => possible.includes(name)) ?? 'updates';
}

/** The attributes that force a replacement. */
const forcedBy = ({ action, replacePaths }: Change): string[] =>
  action === 'replace' ? replacePaths.map((path) => attributeName(path)) : [];

/** The effects, with those marked whose attribute forces a replacement. */
function withForces(effects: readonly Effect[], change: Change): readonly Effect[] {
  const forcing = forcedBy(change);
  const forces = ({ attribute }: Effect): boolean =>
    forcing.some((name) => attribute === name || attribute.startsWith(`${name}.`) || attribute.startsWith(`${name}[`));
  return effects.map((effect) =>
    forces(effect) ? { ...effect, forces: true, words: [...effect.words, ' (forces replacement)'] } : effect,
  );
}

/** Why a core replaces or deletes what the configuration does not force it to. */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'is replaced because an earlier run did not finish it (tainted)',
  replace_by_request: 'is replaced because that was requested (-replace)',
  replace_by_triggers: 'is replaced because of replace_triggered_by',
  delete_because_count_index: 'is deleted because count is lower now',
  delete_because_each_key: 'is deleted because for_each no longer has its key',
  delete_because_no_module: 'is deleted because its module is gone',
};

function notesOf(change: Change, effects: readonly Effect[]): Wording[] {
  const { object, action, reason = '', movedFrom, importId, deposed, deferred, keepsOld } = change;
  const told = effects.filter(({ forces }) => forces).map(({ attribute }) => attribute);
  const forcing = forcedBy(change)
    .filter((name) => !told.includes(name))
    .map((name) => [code(name)]);
  return [
    ...(action === 'replace' && forcing.length > 0
      ? [['is replaced because ', ...listWords(forcing), forcing.length === 1 ? ' changes' : ' change']]
      : []),
    ...(Object.hasOwn(reasons, reason) ? [[reasons[reason] ?? '']] : []),
    ...(keepsOld ? [['the old object stays on the server, no longer managed']] : []),
    ...(action === 'delete' && object.known?.definition.undeletable ? [['stays on the server, which cannot delete it']] : []),
    ...(action === 'forget' ? [['is no longer managed, and stays on the server']] : []),
    ...(movedFrom === undefined ? [] : [['moved from ', code(movedFrom)]]),
    ...(importId === undefined ? [] : [['imported', ...(importId === UNKNOWN ? [] : [' as ', code(importId as string)])]]),
    ...(deposed === undefined ? [] : [['is what an unfinished replacement left']]),
    ...(deferred === undefined ? [] : [['is left to a later run: ', code(deferred)]]),
  ];
}
