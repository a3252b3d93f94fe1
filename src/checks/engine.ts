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

/** What checks synthesized stacks. It has every definition in it, so constructs know only this of it, and load it when it is needed. */
export interface CheckEngine {
  /** Throws for rules that cannot be run, and for what is no stack. */
  checkStacks(stacks: readonly StackText[], selection?: RuleSelection): Outcome;
}
