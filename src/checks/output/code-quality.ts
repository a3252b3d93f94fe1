import type { Severity } from '../define';
import type { Report } from './report';
import { capitalized, fingerprintOf } from './sarif';

/** The scale of Code Climate, which GitLab uses: info, minor, major, critical, blocker. */
const severities: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', note: 'info' };

/**
 * The findings as a Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. What is
 * suppressed is not in it.
 */
export function toCodeQuality({ outcome, positionOf, fileOf }: Report): string {
  const issues = outcome.findings.map((finding) => {
    const position = positionOf(finding);
    return {
      description: `${capitalized(finding.message)}. ${finding.fix}`,
      check_name: finding.code,
      fingerprint: fingerprintOf(finding),
      severity: severities[finding.severity],
      location: { path: position?.file ?? fileOf(finding.stack), lines: { begin: position?.line ?? 1 } },
    };
  });
  return `${JSON.stringify(issues, undefined, 2)}\n`;
}
