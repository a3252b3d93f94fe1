import type { Value } from '../../common/value';
import type { TerraformParameter, TypeConstraint } from '../derive/terraform';

/** One provider function: pure, no I/O. */
export interface FunctionDefinition {
  /** Terraform's name, e.g. `repository_url`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly TerraformParameter[];
  readonly returns: TypeConstraint;
  /** Computes the result. Throws an `ArgumentError` when an argument is wrong. */
  call(args: readonly Value[]): Value;
  /** A call as written in HCL, and what it gives; run by tests and shown in the docs. */
  readonly example: { readonly call: string; readonly gives: string };
}
