/**
 * RE2 patterns, as the Go servers compile them: no look-around, no back-references, linear time.
 */
import type * as Re2 from 're2js';

let loaded: typeof Re2 | undefined;
const engine = (): typeof Re2 => (loaded ??= require('re2js') as typeof Re2);

/** Terraform has every pattern checked several times; a stack repeats the same few. */
const problems = new Map<string, string | undefined>();
const mostProblems = 1000;

/** The message for a text that is not an RE2 pattern; nothing if it is one. */
export function patternFault(pattern: string): string | undefined {
  const problem = patternProblem(pattern);
  return problem === undefined ? undefined : `"${pattern}" is not a valid RE2 pattern: ${problem}`;
}

/** Whether a pattern matches anywhere in a text; it must be valid. */
export function patternMatches(pattern: string, text: string): boolean {
  return engine().RE2JS.compile(pattern).matcher(text).find();
}

/** Why a pattern is not RE2; nothing if it is. */
function patternProblem(pattern: string): string | undefined {
  if (problems.has(pattern)) return problems.get(pattern);
  if (problems.size >= mostProblems) problems.clear();
  const problem = compileProblem(pattern);
  problems.set(pattern, problem);
  return problem;
}

/** Letters, escaped signs, "." and "[^/]", each at most once repeated, between anchors: right in any engine, so that most stacks load none. */
const plain = /^\^?(?:(?:[\w\-/@:%,~!#&=<>;" ]|\\[.\-+*?()[\]{}|^$\\]|\.|\[\^\/\])[*+?]?)*\$?$/;

function compileProblem(pattern: string): string | undefined {
  if (plain.test(pattern)) return undefined;
  try {
    engine().RE2JS.compile(pattern);
    return undefined;
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/^error parsing regexp: /, '');
    const hint = /\(\?<?[=!]/.test(pattern) ? '; the server uses RE2, which has no look-ahead and no look-behind' : '';
    return `${reason}${hint}`;
  }
}
