import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();
const KEPT = 2000;

/** The problem with a text that is not an RE2 pattern; undefined if it is one. */
export function patternError(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

/** Whether any pattern is found anywhere in a text. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => compile(pattern).test(text));
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const fresh = RE2JS.compile(pattern);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(pattern, fresh);
  return fresh;
}
