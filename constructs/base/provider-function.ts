import { call, Tokenization, type IResolvable } from 'cdktf';
import { escapeHcl } from './hcl-text';
import { isPlainObject } from './token';
import { mapValues } from './to-terraform';

/** A call of a provider's function, which Terraform 1.8, OpenTofu 1.7 and newer work out. */
export function providerFunction(provider: string, name: string, args: readonly unknown[]): IResolvable {
  return call(`provider::${provider}::${name}`, args.map(toArgument));
}

/** A piece of HCL that stands as it is in an expression of the core. */
class Written implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly text: string) {}

  resolve(): string {
    return this.text;
  }

  toString(): string {
    return this.text;
  }
}

function toArgument(value: unknown): unknown {
  if (typeof value === 'string') return textArgument(value);
  if (Array.isArray(value)) return Tokenization.reverseList(value as string[]) ? value : value.map(toArgument);
  return isPlainObject(value) ? mapValues(value, toArgument) : value;
}

/** The core escapes line ends of arguments, and neither quotes nor backslashes. */
function textArgument(text: string): unknown {
  const { tokens, intrinsic, literals, escapes } = Tokenization.reverseString(text);
  if (tokens.length + intrinsic.length === 0) return new Written(`"${escapeHcl(text)}"`);
  return literals.length + escapes.length === 0 ? text : text.replace(/[\\"]/g, '\\$&');
}
