import { Aspects, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** What `RegistryChecks` has for the constructs that it checks. */
export interface AppChecks {
  readonly [appChecks]: true;
  /** Has a stack checked when it is synthesized. */
  visit(stack: TerraformStack): void;
  /** Whether a rule is run. */
  runs(code: string): boolean;
}

/** Marks the aspect that runs the rules. */
export const appChecks = Symbol.for('repoform.checks');

/** The checks that were added to a construct or around it. */
const checksOf = (construct: IConstruct): AppChecks[] =>
  construct.node.scopes.flatMap((scope) =>
    Aspects.of(scope).all.filter((aspect): aspect is typeof aspect & AppChecks => appChecks in aspect),
  );

/** Has a stack checked by what was added to the app: the cores call aspects only of what is in a stack. */
export function checkByApp(stack: TerraformStack): void {
  for (const checks of checksOf(stack)) checks.visit(stack);
}

/** Whether a rule reports what synthesis would else warn of by itself. */
export const isCheckedBy = (construct: IConstruct, code: string): boolean => checksOf(construct).some((checks) => checks.runs(code));
