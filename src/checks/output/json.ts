import type { Finding } from '../findings';
import { suppressionRules } from '../suppressions';
import { countsOf, type Report } from './report';

/**
 * The outcome as JSON. Its format is version 1, described in docs/guides/checking.md: members may be added to it, and a change of one makes
 * it version 2.
 */
export function toJson(report: Report): string {
  const { outcome, positionOf } = report;
  const urls = new Map(outcome.rules.map(({ code, url }) => [code, url]));
  const shown = (finding: Finding) => ({
    code: finding.code,
    severity: finding.severity,
    message: finding.message,
    fix: finding.fix,
    url: urls.get(finding.code) ?? null,
    stack: finding.stack,
    address: finding.address ?? null,
    attribute: finding.attribute ?? null,
    construct: finding.construct ?? null,
    position: positionOf(finding) ?? null,
  });
  return `${JSON.stringify(
    {
      version: 1,
      summary: countsOf(outcome),
      findings: outcome.findings.map(shown),
      suppressed: outcome.suppressed.map(({ finding, reason }) => ({ ...shown(finding), reason })),
      notChecked: outcome.notChecked.map(({ code, stack, address, attribute, why, detail }) => ({
        code,
        stack,
        address: address ?? null,
        attribute: attribute === '' ? null : attribute,
        why,
        detail: detail ?? null,
      })),
      rules: [...outcome.rules, ...suppressionRules].map(({ code, severity, summary }) => ({ code, severity, summary })),
    },
    undefined,
    2,
  )}\n`;
}
