import { type Outcome, isAtLeast } from '../checks/findings';
import { toText } from '../checks/output/text';
import type { MatcherResult, PassChecksOptions } from './engine';

/** Whether what rules found in a stack, or in all of them, is below the severity that fails. */
export function passesChecks(outcome: Outcome, only: string | undefined, { failOn = 'error' }: PassChecksOptions): MatcherResult {
  const isMeant = ({ stack }: { readonly stack: string }): boolean => only === undefined || stack === only;
  const findings = outcome.findings.filter((finding) => isMeant(finding) && isAtLeast(finding.severity, failOn));
  if (findings.length === 0)
    return { pass: true, message: () => `expected the stack to fail the checks, but nothing of severity ${failOn} or above was found` };
  const shown = { ...outcome, findings, suppressed: [], notChecked: [] };
  const report = { outcome: shown, positionOf: () => undefined, fileOf: (stack: string) => stack };
  const text = toText(report, { max: 0, suppressed: false, paint: (_, plain) => plain });
  return { pass: false, message: () => `expected the stack to pass the checks\n\n${text}` };
}
