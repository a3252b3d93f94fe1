import type { KnownProviders } from '../plans/known';
import type { Parsed } from '../plans/parse-plan';
import { parseStack } from '../plans/parse-stack';
import type { StackText } from './engine';
import type { StackInput } from './model/estate';
import { suppressionsIn } from './notes';
import type { Suppression } from './suppressions';

/** What there is to check, and what is suppressed in it. */
export interface Read {
  readonly input: StackInput;
  readonly suppressions: readonly Suppression[];
}

/** Reads a synthesized stack. */
export function readStack({ name, text }: StackText, known: KnownProviders): Parsed<Read> {
  const parsed = parseStack(text, name, known);
  if ('problem' in parsed) return parsed;
  return { value: { input: { ...parsed.value, isPlanned: false }, suppressions: suppressionsIn(text, name) } };
}
