import type { Finding, Outcome } from '../findings';

/** A line of the source. */
export interface Position {
  /** Relative to the folder that paths are shown from, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What an outcome is shown with. */
export interface Report {
  readonly outcome: Outcome;
  /** The position of a block in the app's source; nothing if it is not recorded. */
  positionOf(place: { readonly stack: string; readonly address: string | undefined }): Position | undefined;
  /** The file that a stack was read from, relative to the folder that paths are shown from. */
  fileOf(stack: string): string;
}

/** The number of findings by severity, and of what is not among them. */
export function countsOf({ findings, suppressed, notChecked, resources, stacks, rules }: Outcome) {
  const of = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length;
  return {
    errors: of('error'),
    warnings: of('warning'),
    notes: of('note'),
    suppressed: suppressed.length,
    notChecked: notChecked.length,
    resources,
    stacks,
    rules: rules.length,
  };
}
