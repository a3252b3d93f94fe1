import type { Entry } from './describe';
import { countWords, grouped, isQuiet, linesOf, oneLine, remarksOf, type Report, sentence, signs, someOf, summaryOf } from './render';
import type { Code, Wording } from './wording';

/** GitHub takes 65,536 characters in a comment. */
export const LONGEST_COMMENT = 60_000;

/** Sections that nobody needs to see at a glance. */
const collapsed: ReadonlySet<string> = new Set(['updates', 'creates', 'adopts']);

/** The first line, by which a pipeline finds the comment that it wrote before. It is not shown. */
const MARKER = '<!-- repoform diff -->';

/**
 * Plans in Markdown, for a comment on a merge request. What comes from a plan stands in code spans, where it is neither markup, nor a link,
 * nor a mention. What does not fit is counted.
 */
export function markdownOf(reports: readonly Report[], longest: number = LONGEST_COMMENT): string {
  const quiet = reports.length > 1 ? reports.filter(({ description }) => isQuiet(description)) : [];
  const kept = [`${MARKER}\n\n`, ...(reports.length > 1 ? [`${summaryOf(reports)}\n\n`] : [])];
  const left = { stacks: 0, objects: 0 };
  let length = kept.join('').length;
  for (const report of reports.filter((one) => !quiet.includes(one))) {
    const [head, ...parts] = reportParts(report) as [Part, ...Part[]];
    const hasRoom = kept.length === 1 || length + head.text.length < longest;
    if (!hasRoom) left.stacks += 1;
    for (const { text, entries, isNeeded } of [head, ...parts]) {
      // What is left out counts too: nothing that follows it stands under a heading that is not there.
      length += text.length;
      if (hasRoom && (isNeeded || length < longest)) kept.push(text);
      else left.objects += entries;
    }
    if (hasRoom && reports.length > 1) kept.push('\n');
  }
  if (quiet.length > 0) {
    const names = quiet.map(({ name }): Wording => [{ code: name }]);
    kept.push(`${sentence(['Nothing changes in ', ...someOf(names)], span)}\n`);
  }
  return kept.join('') + noteOf(left);
}

/** Why there is no report, in its place: otherwise the comment of the last run would stay, which is out of date. */
export function failureMarkdown(message: string, details = ''): string {
  const longest = Math.max(2, ...(details.match(/`+/g) ?? []).map((fence) => fence.length));
  const fence = '`'.repeat(longest + 1);
  const shown = details.trim() === '' ? '' : `\n${fence}\n${details.trim()}\n${fence}\n`;
  return `${MARKER}\n\n**The plan failed.** There is nothing to review yet.\n\n${fence}\n${message}\n${fence}\n${shown}`;
}

/** What does not fit, if anything. */
function noteOf({ stacks, objects }: Readonly<Record<'stacks' | 'objects', number>>): string {
  const told = [
    ...(stacks === 0 ? [] : [`${stacks} more ${stacks === 1 ? 'stack' : 'stacks'}`]),
    ...(objects === 0 ? [] : [`${objects} more ${objects === 1 ? 'object' : 'objects'}`]),
  ];
  if (told.length === 0) return '';
  const isOne = stacks + objects === 1;
  return `\n${told.join(' and ')} ${isOne ? 'does' : 'do'} not fit here; see the text or JSON output.\n`;
}

interface Part {
  readonly text: string;
  /** How many objects are in it. */
  readonly entries: number;
  /** Whether it is there whatever its length. */
  readonly isNeeded?: boolean;
}

function reportParts({ name, description }: Report): Part[] {
  const { entries, drift, counts, changes, errored } = description;
  const total = countWords(counts);
  const head = [
    `### ${span({ code: name })}: ${total ?? (errored ? 'planning failed' : changes ? 'changes' : 'nothing changes')}`,
    ...remarksOf(description).map((words) => sentence(words, span)),
  ];
  return [
    { text: `${head.join('\n\n')}\n`, entries: 0, isNeeded: true },
    ...grouped(entries).flatMap(({ section, title, entries: of }) => (collapsed.has(section) ? folded(title, of) : open(title, of))),
    ...(drift.length === 0 ? [] : folded('Changed outside of Terraform', drift)),
  ];
}

const open = (title: string, entries: readonly Entry[]): Part[] => [
  { text: `\n#### ${title}\n\n`, entries: 0 },
  ...entries.map((entry) => ({ text: entryText(entry), entries: 1 })),
];

const folded = (title: string, entries: readonly Entry[]): Part[] => [
  { text: `\n<details><summary>${title} (${entries.length})</summary>\n\n`, entries: 0, isNeeded: true },
  ...entries.map((entry) => ({ text: entryText(entry), entries: 1 })),
  { text: '\n</details>\n', entries: 0, isNeeded: true },
];

function entryText(entry: Entry): string {
  const { action, kind, ids, object } = entry;
  const head = `- \`${signs[action]}\` ${kind} ${ids.map((id) => span({ code: id })).join(' → ')} (${span({ code: object.address })})`;
  return [head, ...linesOf(entry).map((words) => `  - ${sentence(words, span)}`)].map((line) => `${line}\n`).join('');
}

/** A code span: its fence is longer than any in the text. */
function span(part: Code): string {
  const text = oneLine(part);
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = /^`|`$|^ .* $/.test(text) ? ' ' : '';
  return text.trim() === '' ? '`""`' : `${fence}${pad}${text}${pad}${fence}`;
}
