import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import type { RuleCode } from '../../src/checks/gen/codes';
import { NOTES_KEY, type Notes } from '../../src/common/suppressed';
import { isCheckedBy } from './app-checks';

const key = 'repoform:suppress';

/** One suppression, as it is kept with a construct. */
interface Kept {
  readonly code: string;
  readonly reason: string;
}

/** Whether any construct suppresses anything: most apps do not, and need not look. */
let isUsed = false;

/** Keeps a suppression with a construct; it is for everything in it. */
export function keepSuppression(construct: IConstruct, kept: Kept): void {
  isUsed = true;
  construct.node.addMetadata(key, kept);
  if (TerraformStack.isStack(construct)) construct.addOverride(`//.${NOTES_KEY}`, notesOf(construct));
}

/** What the synthesized block of a construct has to say: suppressions of its own and of the constructs around it; the nearest counts. */
export function notesOf(construct: IConstruct): Notes | undefined {
  if (!isUsed) return undefined;
  const all = construct.node.scopes.flatMap(({ node }) => node.metadata.filter(({ type }) => type === key).map(({ data }) => data as Kept));
  return all.length === 0 ? undefined : { suppress: Object.fromEntries(all.map(({ code, reason }) => [code, reason])) };
}

/** What a block adds to its comment, where nothing but us reads it. */
export function commentOf(construct: IConstruct): object {
  const notes = notesOf(construct);
  return notes ? { '//': { [NOTES_KEY]: notes } } : {};
}

/** Whether synthesis need not warn of what a rule is about, because that rule is suppressed, or reports it itself. */
export const isReported = (construct: IConstruct, code: RuleCode): boolean =>
  Object.hasOwn(notesOf(construct)?.suppress ?? {}, code) || isCheckedBy(construct, code);
