import type { Entry } from './describe';
import { countWords, grouped, linesOf, oneLine, remarksOf, type Report, sentence, signs } from './render';
import type { Code } from './wording';

/** How parts of the output are set off, e.g. with colours. */
export type Style = (role: 'heading' | 'danger' | 'good' | 'changed' | 'quiet', text: string) => string;

/** Plans in words, for a terminal. */
export function textOf(reports: readonly Report[], style: Style): string {
  return reports.map((report) => reportText(report, style)).join('\n');
}

function reportText({ name, description }: Report, style: Style): string {
  const { entries, drift, counts, changes, errored } = description;
  const groups = grouped(entries).flatMap(({ title, entries: of }) => [
    style('heading', title),
    ...of.flatMap((entry) => entryLines(entry, style)),
    '',
  ]);
  const outside =
    drift.length === 0 ? [] : [style('heading', 'Changed outside of Terraform'), ...drift.flatMap((entry) => entryLines(entry, style)), ''];
  const total = countWords(counts);
  const end = [
    ...remarksOf(description).map((words) => sentence(words, quoted)),
    total === undefined ? (changes || errored ? '' : 'Nothing changes.') : `${total[0]?.toUpperCase() ?? ''}${total.slice(1)}.`,
  ].filter((line) => line !== '');
  return `${[style('heading', quoted({ code: name })), '', ...groups, ...outside, ...end].join('\n')}\n`;
}

function entryLines(entry: Entry, style: Style): string[] {
  const { action, kind, ids, object } = entry;
  const role = ({ delete: 'danger', replace: 'danger', create: 'good' } as const)[action as string] ?? 'changed';
  const named = ids.map((id) => quoted({ code: id })).join(' → ');
  const lines = linesOf(entry).map((words) => `      ${sentence(words, quoted)}`);
  return [`  ${style(role, signs[action])} ${kind} ${style(role, named)}  ${style('quiet', oneLine({ code: object.address }))}`, ...lines];
}

/** A value between quotation marks, unless it is a plain word. */
function quoted(part: Code): string {
  const text = oneLine(part);
  return /^[\p{L}\p{N}_./:@$(){}[\]*=+~^"-]+$/u.test(text) ? text : `"${text}"`;
}
