import { call, Token, Tokenization, type IResolvable, type IResolveContext } from 'cdktf';
import { escapeHcl } from './hcl-text';
import { isPlainObject, isToken } from './token';
import { mapValues } from './to-terraform';

/** A call to a provider function, which needs Terraform 1.8 or OpenTofu 1.7. */
export function providerFunction(provider: string, name: string, args: readonly unknown[]): IResolvable {
  return functionCall(`provider::${provider}::${name}`, args);
}

/** A call to any function. The core's own `Fn` does not escape quotes and backslashes in its arguments. */
export function functionCall(name: string, args: readonly unknown[]): IResolvable {
  return call(name, args.map(toArgument));
}

/** A positive number of 28 bits that changes with a text; Terraform works it out, because the text may be an expression. */
export function hashNumber(text: string): number {
  const digits = functionCall('substr', [functionCall('sha256', [text]), 0, 7]);
  return Token.asNumber(functionCall('max', [functionCall('parseint', [digits, 16]), 1]));
}

function toArgument(value: unknown): unknown {
  if (typeof value === 'string') return isOneToken(value) ? value : new TextArgument(value);
  if (Array.isArray(value)) return Tokenization.reverseList(value as string[]) ? value : value.map(toArgument);
  return isPlainObject(value) ? mapValues(value, toArgument) : value;
}

function isOneToken(text: string): boolean {
  const { tokens, literals, escapes, intrinsic } = Tokenization.reverseString(text);
  return tokens.length === 1 && literals.length + escapes.length + intrinsic.length === 0;
}

const tokens = /(\$\{TfToken\[[^\]]+\]\}|-\d(?:\.\d+)?e\+2\d\d)/;

/** A text between quotes, with the tokens in it as references. */
class TextArgument implements IResolvable {
  readonly creationStack: string[] = [];

  constructor(private readonly text: string) {}

  resolve(context: IResolveContext): string {
    const parts = this.text.split(tokens);
    const written = parts.map((part, index) => (index % 2 === 1 && isToken(part) ? reference(part, context) : escapeHcl(part)));
    return `"${written.join('')}"`;
  }

  toString(): string {
    return this.text;
  }
}

/** A number token appears in a string as a number, and resolves only as a number. */
function reference(token: string, context: IResolveContext): string {
  return `\${${String(context.resolve(token.startsWith('$') ? token : Number(token)))}}`;
}
