import { createHash } from 'node:crypto';
import type { Finding, NotChecked, Place } from '../findings';
import { suppressionRules } from '../suppressions';
import type { Rule } from '../define/rule';
import type { Report } from './report';

type DescribedRule = Pick<Rule, 'code' | 'severity' | 'summary' | 'fix' | 'url'>;

/** The outcome in SARIF 2.1.0, the format of code scanning services. */
export function toSarif(report: Report, version: string): string {
  const { outcome } = report;
  const described: readonly DescribedRule[] = [...outcome.rules, ...suppressionRules];
  const indexes = new Map(described.map(({ code }, index) => [code, index]));
  const result = (finding: Finding) => ({
    ruleId: finding.code,
    ruleIndex: indexes.get(finding.code) ?? -1,
    level: finding.severity,
    message: { text: `${capitalized(finding.message)}. ${finding.fix}` },
    locations: [locationOf(finding, report)],
    partialFingerprints: { 'repoformFinding/v1': fingerprintOf(finding) },
  });
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'repoform', version, informationUri: 'https://github.com/repoform/repoform', rules: described.map(ruleOf) },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          { executionSuccessful: true, toolExecutionNotifications: outcome.notChecked.map((one) => notificationOf(one, report)) },
        ],
        results: [
          ...outcome.findings.map(result),
          ...outcome.suppressed.map(({ finding, reason, isInSource }) => ({
            ...result(finding),
            suppressions: [{ kind: isInSource ? 'inSource' : 'external', justification: reason }],
          })),
        ],
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

const ruleOf = ({ code, severity, summary, fix, url }: DescribedRule) => ({
  id: code,
  shortDescription: { text: summary },
  help: { text: fix },
  ...(url !== undefined && { helpUri: url }),
  defaultConfiguration: { level: severity },
});

function locationOf(place: Place, { positionOf, fileOf }: Report) {
  const position = positionOf(place);
  const uri = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(position?.file ?? fileOf(place.stack)), uriBaseId: '%SRCROOT%' },
      ...(position && { region: { startLine: position.line, startColumn: position.column } }),
    },
    logicalLocations: [
      {
        name: place.address ?? place.stack,
        fullyQualifiedName: place.construct ?? `${place.stack}/${place.address ?? ''}`,
        kind: 'resource',
      },
    ],
  };
}

function notificationOf(one: NotChecked, report: Report) {
  return {
    level: 'note',
    associatedRule: { id: one.code },
    message: { text: notCheckedText(one) },
    locations: [locationOf(one, report)],
  };
}

/** Why something was not checked. */
export function notCheckedText({ code, address, stack, attribute, why, detail }: NotChecked): string {
  const where = address ?? stack;
  if (why === 'server') return `"${code}" was not checked at ${where}: ${detail ?? 'the server did not answer'}`;
  return `"${code}" was not checked at ${where}: "${attribute}" is ${why === 'unknown' ? 'known only after apply' : 'sensitive'}`;
}

/** The same for a finding wherever its line moves. */
export const fingerprintOf = ({ code, stack, address, attribute, message }: Finding): string =>
  createHash('sha256')
    .update(JSON.stringify([code, stack, address, attribute, message]))
    .digest('hex')
    .slice(0, 32);

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
