import { visible } from '../../common/visible';
import type { Severity } from '../define';
import type { Finding } from '../findings';
import { countsOf, type Report } from './report';
import { notCheckedText } from './sarif';

/** How much of an outcome is shown. */
export interface TextOptions {
  /** Maximum number of findings to show; 0 shows all. */
  readonly max: number;
  /** Whether suppressed findings are listed with their reasons. */
  readonly suppressed: boolean;
  /** Colours a text by a severity. */
  paint(severity: Severity, text: string): string;
}

/** The outcome for people. */
export function toText(report: Report, { max, suppressed, paint }: TextOptions): string {
  const { outcome } = report;
  const most = max === 0 ? Infinity : max;
  const shown = outcome.findings.slice(0, most).map((finding) => findingText(finding, report, paint));
  const more = outcome.findings.length - shown.length;
  const hidden = suppressed ? outcome.suppressed.slice(0, most) : [];
  return [
    ...shown,
    ...(more > 0 ? [`... and ${number(more)} more; --max 0 shows all of them, --format json and sarif always do\n`] : []),
    ...hidden.map(
      ({ finding, reason }) => `${headOf(finding, report)} (suppressed)\n  ${clean(finding.message)}\n  reason: ${clean(reason)}\n`,
    ),
    ...notChecked(report, suppressed ? most : 3),
    summaryOf(report),
  ].join('\n');
}

const unpainted: TextOptions['paint'] = (_severity, text) => text;

const headOf = (finding: Finding, { positionOf }: Report, paint = unpainted): string => {
  const position = positionOf(finding);
  const where = position ? `${clean(position.file)}:${position.line}:${position.column}` : placeOf(finding);
  return `${where} ${paint(finding.severity, finding.severity)} ${finding.code}`;
};

const placeOf = ({ stack, address }: Finding): string => clean(address === undefined ? stack : `${stack}: ${address}`);

function findingText(finding: Finding, report: Report, paint: TextOptions['paint']): string {
  const where = report.positionOf(finding) && finding.address !== undefined ? `  at ${placeOf(finding)}\n` : '';
  return `${headOf(finding, report, paint)}\n  ${clean(finding.message)}\n  ${finding.fix}\n${where}`;
}

function notChecked({ outcome }: Report, most: number): string[] {
  const all = outcome.notChecked;
  if (all.length === 0) return [];
  const lines = all.slice(0, most).map((one) => `  ${clean(notCheckedText(one))}\n`);
  const more = all.length > lines.length ? `  ... and ${number(all.length - lines.length)} more\n` : '';
  return [`Not checked:\n${lines.join('')}${more}`];
}

function summaryOf({ outcome }: Report): string {
  const { errors, warnings, notes, suppressed, notChecked: open, resources, stacks } = countsOf(outcome);
  const found = [count(errors, 'error'), count(warnings, 'warning'), count(notes, 'note')].filter((text) => !text.startsWith('0 '));
  const rest = [suppressed > 0 ? `${number(suppressed)} suppressed` : '', open > 0 ? `${count(open, 'check')} not possible` : ''].filter(
    Boolean,
  );
  const where = `${count(resources, 'resource')} of ${count(stacks, 'stack')}`;
  return `${[`${found.length === 0 ? 'no findings' : found.join(', ')} in ${where}`, ...rest].join('; ')}\n`;
}

const number = (value: number): string => value.toLocaleString('en');
const count = (value: number, what: string): string => `${number(value)} ${what}${value === 1 ? '' : 's'}`;

/** Values are shown in messages, and may contain anything. */
const clean = (text: string): string => visible(text.replace(/[\n\r\t]+/g, ' '));
