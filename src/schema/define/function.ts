import type { z } from 'zod';
import { snakeCase } from '../../common/names';
import type { Value } from '../../common/value';
import type { Attribute, Attributes, Plain, Values } from './attribute';
import type { FunctionDefinition, FunctionParameter } from './definition';
import { fieldsOf } from './shape';
import { hookValue, terraformValue } from './values';

/** A provider function as its author writes it: pure, no I/O. */
export interface FunctionSource<A extends Attributes, R extends z.ZodType> {
  /** Terraform's name, e.g. `repository_url`. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly description: string;
  /** The parameters in their order. */
  readonly parameters: A;
  /** The type of the result. */
  readonly returns: R;
  /** Computes the result. Throws an `ArgumentError` when an argument is wrong. */
  call(args: Values<A>): Plain<z.output<R>>;
  /** A call as written in HCL, and its result; run by tests and shown in the docs. */
  readonly example: { readonly call: string; readonly gives: string };
}

/** Declares a provider function. Throws for a definition that cannot work. */
export function defineFunction<const A extends Attributes, R extends z.ZodType>(source: FunctionSource<A, R>): FunctionDefinition {
  const { name, summary, description, example } = source;
  const fields = fieldsOf(source.parameters);
  const [result] = fieldsOf({ result: { type: source.returns, description: '', facts: {} } satisfies Attribute });
  if (!result) throw new Error(`function "${name}": it returns nothing`);
  return {
    name,
    summary,
    description,
    example,
    parameters: fields.map(({ name: own, description: about, shape, type }): FunctionParameter => ({
      name: own,
      description: about,
      shape,
      type,
    })),
    returns: result.shape,
    call(args: readonly Value[]): Value {
      const named = Object.fromEntries(fields.map(({ key, shape }, index) => [key, hookValue(shape, args[index] ?? null)]));
      return terraformValue(result.shape, source.call(named as Values<A>));
    },
  };
}

/** The position of a parameter, from 0; for errors that name one. */
export const positionOf = ({ parameters }: FunctionDefinition, argument: string): number =>
  parameters.findIndex(({ name }) => name === snakeCase(argument));
