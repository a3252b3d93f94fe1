import type { Rule } from './define/rule';
import type { Outcome } from './findings';

/** A synthesized stack that has not been read. */
export interface StackText {
  readonly name: string;
  /** Terraform's JSON configuration. */
  readonly text: string;
}

/** Which rules are run. */
export interface RuleSelection {
  /** Further rules. @default none */
  readonly rules?: readonly Rule[];
  /** Names of rules that are not run. @default none */
  readonly except?: readonly string[];
}

/** Checks the stacks of an app one by one, each among the others. What did not change since the last one is not read again. */
export interface StackChecks {
  /** Checks one of the stacks. Throws for rules that cannot be run, and for what is no stack. */
  check(stacks: readonly StackText[], only: string, selection?: RuleSelection): Outcome;
}

/** What checks synthesized stacks. It has every definition in it, so constructs know only this of it, and load it when it is needed. */
export interface CheckEngine {
  /** Throws for rules that cannot be run, and for what is no stack. */
  checkStacks(stacks: readonly StackText[], selection?: RuleSelection): Outcome;
  /** Begins to check an app. */
  stackChecks(): StackChecks;
}
