import { nearest } from '../common/nearest';
import type { Finding, Place, Suppressed } from './findings';
import type { Rule } from './define/rule';

/** What is not to be reported, and why. */
export interface Suppression {
  readonly code: string;
  readonly reason: string;
  /** Whether it is written in the code, and not in a file of suppressions. */
  readonly isInSource: boolean;
  /** Where it is written, for messages. */
  readonly place: Place;
  /** Whether it is about what is there. */
  matches(place: Place): boolean;
}

/** Findings about suppressions themselves. They cannot be suppressed. */
export const suppressionRules = [
  {
    code: 'invalid-suppression',
    severity: 'error',
    summary: 'A suppression names a rule that does not exist, or gives no reason.',
    fix: 'Correct the name of the rule, give a reason, or remove the suppression.',
  },
  {
    code: 'unused-suppression',
    severity: 'note',
    summary: 'A suppression matches no finding.',
    fix: 'Remove the suppression.',
  },
] as const satisfies readonly Omit<Rule, 'checkResource'>[];

/** Takes suppressed findings out, and adds those about suppressions. */
export function applySuppressions(
  found: readonly Finding[],
  suppressions: readonly Suppression[],
  { codes, isChecked }: { readonly codes: ReadonlySet<string>; isChecked(suppression: Suppression): boolean },
): { readonly findings: readonly Finding[]; readonly suppressed: readonly Suppressed[] } {
  const byCode = new Map<string, Suppression[]>();
  for (const one of suppressions) byCode.set(one.code, [...(byCode.get(one.code) ?? []), one]);
  const used = new Set<Suppression>();
  const suppressed: Suppressed[] = [];
  const findings = found.filter((finding) => {
    const fitting = (byCode.get(finding.code) ?? []).filter((one) => one.reason.trim() !== '' && one.matches(finding));
    for (const one of fitting) used.add(one);
    const [first] = fitting;
    if (first) suppressed.push({ finding, reason: first.reason, isInSource: first.isInSource });
    return !first;
  });
  const about = groupsOf(suppressions).flatMap((group) => {
    const [one] = group;
    const problem = problemOf(one, codes);
    if (problem !== undefined) return [finding('invalid-suppression', problem, one.place)];
    if (group.some((each) => used.has(each)) || !isChecked(one)) return [];
    return [finding('unused-suppression', `the suppression of "${one.code}" matches no finding`, one.place)];
  });
  return { findings: [...findings, ...about], suppressed };
}

/** What is suppressed for a construct is in every block within, and is one suppression. */
function groupsOf(suppressions: readonly Suppression[]): [Suppression, ...Suppression[]][] {
  const groups = new Map<string, [Suppression, ...Suppression[]]>();
  for (const one of suppressions) {
    const key = JSON.stringify([one.place.stack, one.code, one.reason, one.isInSource || one.place.address]);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function problemOf({ code, reason }: Suppression, codes: ReadonlySet<string>): string | undefined {
  if (!codes.has(code)) {
    const meant = nearest(code, [...codes]);
    return `the suppressed rule "${code}" does not exist${meant === undefined ? '; "repoform check --list-rules" lists those that do' : `; did you mean "${meant}"?`}`;
  }
  return reason.trim() === '' ? `the suppression of "${code}" gives no reason` : undefined;
}

function finding(code: (typeof suppressionRules)[number]['code'], message: string, place: Place): Finding {
  const { severity, fix } = suppressionRules.find((rule) => rule.code === code) ?? suppressionRules[0];
  return { code, severity, message, fix, attribute: undefined, ...place };
}
