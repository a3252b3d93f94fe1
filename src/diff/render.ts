import { type Description, type Entry, type Section, sections, tallies, type Tally } from './describe';
import { type Code, listWords, type Wording } from './wording';

/** A plan that is described, and the name of the stack, folder or file that it is of. */
export interface Report {
  readonly name: string;
  readonly description: Description;
}

/** Longer values are cut; JSON has them whole. */
const longest = 100;

/** A part that comes from a plan, as one line without control and formatting characters. */
export function oneLine({ code }: Code): string {
  const line = code.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (sign) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r' })[sign] ?? `\\u{${sign.codePointAt(0)?.toString(16)}}`,
  );
  const signs = [...line];
  return signs.length > longest ? `${signs.slice(0, longest).join('')}…` : line;
}

/** A sentence, its parts that come from a plan written as asked. */
export const sentence = (words: Wording, write: (part: Code) => string): string =>
  words.map((part) => (typeof part === 'string' ? part : write(part))).join('');

/** The entries under each heading that has any. */
export function grouped(
  entries: readonly Entry[],
): { readonly section: Section; readonly title: string; readonly entries: readonly Entry[] }[] {
  const all = Object.entries(sections) as [Section, string][];
  return all
    .map(([section, title]) => ({ section, title, entries: entries.filter((entry) => entry.section === section) }))
    .filter((group) => group.entries.length > 0);
}

/** What is below an object: notes, then effects. */
export const linesOf = ({ notes, effects }: Entry): readonly Wording[] => [...notes, ...effects.map(({ words }) => words)];

/** What is counted, in words, e.g. `2 to create, 1 to delete`; nothing if there is nothing. */
export function countWords(counts: Readonly<Record<Tally, number>>): string | undefined {
  const told = tallies.filter((tally) => counts[tally] > 0).map((tally) => `${counts[tally]} to ${tally}`);
  return told.length === 0 ? undefined : told.join(', ');
}

/** Whether there is nothing to say of a plan but that. */
export const isQuiet = ({ changes, errored, drift, outputs }: Description): boolean =>
  !changes && !errored && drift.length === 0 && outputs.length === 0;

/** What several plans do together, e.g. `2 of 3 stacks change: 1 to create, 2 to update.` */
export function summaryOf(reports: readonly Report[]): string {
  const changing = reports.filter(({ description }) => description.changes || description.errored);
  const all = Object.fromEntries(
    tallies.map((tally) => [tally, reports.reduce((sum, { description }) => sum + description.counts[tally], 0)]),
  ) as Record<Tally, number>;
  const words = countWords(all);
  const head = changing.length === 0 ? 'Nothing changes' : `${changing.length} of ${reports.length} stacks change`;
  return `${head}${words === undefined ? '' : `: ${words}`}.`;
}

/** Sentences about a plan as a whole. */
export function remarksOf({ others, outputs, invocations, errored, incomplete }: Description): readonly Wording[] {
  const elsewhere = countWords(others);
  const runs = invocations.map(({ address, triggeredBy }): Wording => [
    { code: address },
    ...(triggeredBy === undefined ? [] : [' (after ', { code: triggeredBy }, ')']),
  ]);
  return [
    ...(errored ? [['Planning failed; this is only a part of what would change.']] : []),
    ...(incomplete && !errored ? [['Some changes are left to a later run; plan again after this one.']] : []),
    ...(runs.length === 0 ? [] : [['Runs actions: ', ...someOf(runs)]]),
    ...(elsewhere === undefined ? [] : [[`Resources of other providers: ${elsewhere}.`]]),
    ...(outputs.length === 0 ? [] : [['Outputs that change: ', ...someOf(outputs.map((name) => [{ code: name }]))]]),
  ];
}

/** The end of a sentence that lists things, of which there may be many. */
export function someOf(items: readonly Wording[]): Wording {
  const shown = items.slice(0, mostListed);
  return [...listWords(shown), items.length > shown.length ? ` and ${items.length - shown.length} more.` : '.'];
}

const mostListed = 20;

/** The sign for what happens to an object. */
export const signs = { create: '+', update: '~', replace: '±', delete: '-', forget: '.', read: '<', none: '=' } as const;
