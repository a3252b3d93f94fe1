import type { Rule, Severity } from './define/rule';

/** Where a finding is. */
export interface Place {
  readonly stack: string;
  /** Terraform's address; nothing for a stack as a whole. */
  readonly address: string | undefined;
  /** The path of its construct, if a CDK synthesized it. */
  readonly construct: string | undefined;
}

/** What a rule found. */
export interface Finding extends Place {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
  /** The attribute (snake_case) that it is about. */
  readonly attribute: string | undefined;
}

/** A finding that is not counted, and why. */
export interface Suppressed {
  readonly finding: Finding;
  readonly reason: string;
  /** Whether the code says so, and not a file of suppressions. */
  readonly isInSource: boolean;
}

/** A check that ended because it needs a value that is not known. */
export interface NotChecked extends Place {
  readonly code: string;
  readonly attribute: string;
  readonly why: 'unknown' | 'sensitive' | 'server';
  /** What the server, or the way to it, said. */
  readonly detail?: string;
}

/** What checking an estate gave. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly suppressed: readonly Suppressed[];
  readonly notChecked: readonly NotChecked[];
  /** The rules that were run. */
  readonly rules: readonly Rule[];
  /** How many resources of providers with definitions were checked. */
  readonly resources: number;
  readonly stacks: number;
}

/** The worst first, and within a severity as the stacks have them. */
export const bySeverity = (a: { readonly severity: Severity }, b: { readonly severity: Severity }): number => rank(a) - rank(b);

const order: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
const rank = ({ severity }: { readonly severity: Severity }): number => order[severity];

/** Whether a severity is at least another one. */
export const isAtLeast = (severity: Severity, least: Severity): boolean => order[severity] <= order[least];
