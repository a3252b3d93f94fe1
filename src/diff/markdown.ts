import type { Entry } from './describe';
import { countWords, grouped, linesOf, oneLine, remarksOf, type Report, sentence, signs } from './render';
import type { Code } from './wording';

/** GitHub takes 65,536 characters in a comment. */
export const LONGEST_COMMENT = 60_000;

/** Sections that nobody needs to see at a glance. */
const collapsed: ReadonlySet<string> = new Set(['updates', 'creates', 'adopts']);

/**
 * Plans in Markdown, for a comment on a merge request. What comes from a plan stands in code spans, where it is neither markup, nor a link,
 * nor a mention. What does not fit is counted.
 */
export function markdownOf(reports: readonly Report[], longest: number = LONGEST_COMMENT): string {
  const parts = reports.flatMap(reportParts);
  const [kept, left] = [[] as string[], { count: 0 }];
  let length = 0;
  for (const { text, entries, isNeeded } of parts) {
    length += text.length;
    if (isNeeded || length < longest) kept.push(text);
    else left.count += entries;
  }
  const note =
    left.count === 0
      ? ''
      : `\n${left.count === 1 ? 'One more object does' : `${left.count} more objects do`} not fit here; see the text or JSON output.\n`;
  return kept.join('') + note;
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
