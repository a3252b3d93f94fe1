import type { Adoption } from '../../adopt/adopt';
import { amountText } from '../../adopt/copy/amount';
import { isLost, type LeftOut, leftOutByReason } from '../../adopt/estate';
import type { AdoptOptions } from './command';
import { printable } from '../failure';

/** What an adoption did, what it left out, and what to do next. */
export function reportOf(adoption: Adoption, options: AdoptOptions): string {
  const { managed, leftOut, secrets, readSingly } = adoption;
  const sections = [
    managed > 0 ? [`Already managed: ${countOf(managed)}.`] : [],
    written(adoption, options),
    secrets.length > 0
      ? [
          `Secrets, which servers never return, are variables. ${options.moveTo === undefined ? 'While one is not set, the server keeps its secret:' : 'Set them before the first deployment:'}`,
          ...secrets.map((name) => `  TF_VAR_${name}`),
        ]
      : [],
    readSingly.length > 0 ? [`Read one by one, because the list lacks fields: ${readSingly.join(', ')}`] : [],
    listed('Left out:', leftOut.filter(isLost)),
    listed('May be incomplete:', leftOutByReason(leftOut, 'incomplete')),
    listed('Never adopted:', leftOutByReason(leftOut, 'type')),
    unmovedOf(adoption),
    next(adoption, options),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.map(printable).join('\n')}\n`)
    .join('\n');
}

const listed = (title: string, items: readonly Pick<LeftOut, 'what' | 'why'>[]): string[] =>
  items.length === 0 ? [] : [title, ...items.map(({ what, why }) => `  ${what}: ${why}`)];

/** The files that an app for another server does not move. */
function unmovedOf({ unmoved }: Adoption): string[] {
  if (unmoved.length === 0) return [];
  const lines = unmoved.map(
    ({ id, uncopied, ...amount }) => `  ${id}: ${amountText(amount)}${uncopied === undefined ? '' : `; ${uncopied}`}`,
  );
  return ['Files to copy with "repoform copy-files" after the deployment; those with a reason are not copied:', ...lines];
}

const countOf = (count: number): string => (count === 1 ? 'one object' : `${count} objects`);

function written({ adopted, files, managed }: Adoption, { out, dryRun }: AdoptOptions): string[] {
  if (adopted === 0) return [managed > 0 ? 'There is nothing new.' : 'There is nothing to write.'];
  const where = out === undefined ? '' : ` to ${out}`;
  const list = [...files.keys()].map((path) => `  ${path}`);
  return [`${dryRun ? 'Would write' : 'Wrote'} ${countOf(adopted)} in ${files.size} file${files.size === 1 ? '' : 's'}${where}:`, ...list];
}

function next({ adopted, use }: Adoption, { out, dryRun, core, format }: AdoptOptions): string[] {
  if (adopted === 0 || dryRun || out === undefined) return [];
  if (use) {
    const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
    return ['Add to main.ts:', ...indented(use.imported), 'and to the constructor of the stack:', ...indented(use.made)];
  }
  if (format === 'hcl') return [`Next: see ${out}/README.md.`];
  return ['Next:', `  cd ${out}`, '  npm install', `  npx ${core} deploy`];
}
