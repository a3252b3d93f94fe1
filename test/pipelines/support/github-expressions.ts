import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What expressions of GitHub's workflows refer to: `github`, `secrets`, `needs` and so on. */
export type Contexts = Readonly<Record<string, unknown>>;

/** How the job, or what it needs, has fared so far. */
export interface Standing {
  readonly isSuccess: boolean;
  /** Where `hashFiles` looks. */
  readonly folder?: string;
}

/** Evaluates one expression, with GitHub's own implementation of the language. */
function evaluate(expression: string, contexts: Contexts, { isSuccess, folder = '.' }: Standing): data.ExpressionData {
  const functions = {
    success: () => new data.BooleanData(isSuccess),
    failure: () => new data.BooleanData(!isSuccess),
    always: () => new data.BooleanData(true),
    cancelled: () => new data.BooleanData(false),
    hashfiles: (name?: data.ExpressionData) => new data.StringData(existsSync(join(folder, name?.coerceString() ?? '')) ? 'hash' : ''),
  };
  const definitions = Object.entries(functions).map(([name, call]) => ({ name, minArgs: 0, maxArgs: 1, call }));
  const parser = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), definitions);
  const context = JSON.parse(JSON.stringify(contexts), data.reviver as never) as data.Dictionary;
  return new Evaluator(parser.parse(), context, new Map(definitions.map((one) => [one.name, one]))).evaluate();
}

/** Whether an `if` holds. Without a function that asks for the standing, it holds only after success. */
export function holds(condition: unknown, contexts: Contexts, standing: Standing): boolean {
  const expression = textOf(condition ?? 'success()').replace(/^\s*\$\{\{([^]*)\}\}\s*$/, '$1');
  const asks = /\b(?:success|failure|always|cancelled)\s*\(/.test(expression);
  if (!asks && !standing.isSuccess) return false;
  const value = evaluate(expression, contexts, standing);
  return !(value.coerceString() === '' || value.coerceString() === 'false' || value.number() === 0);
}

/** A value with its expressions replaced. */
export const filled = (value: unknown, contexts: Contexts, standing: Standing): string =>
  textOf(value).replace(/\$\{\{([^]*?)\}\}/g, (_, expression: string) => evaluate(expression, contexts, standing).coerceString());

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
