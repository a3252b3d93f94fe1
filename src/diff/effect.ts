import { type AttributePath, attributeName } from '../common/diagnostic';
import { type PlanRecord, type PlanValue, Secret } from '../plans/value';
import type { Field } from '../schema/define/shape';
import { code, valueWords, type Wording } from './wording';

/** What a change of an attribute comes to, the most serious first. */
export const effectKinds = ['opens', 'closes', 'expires', 'upstream', 'order', 'credentials', 'other'] as const;
export type EffectKind = (typeof effectKinds)[number];

/** What a plan does to one attribute. */
export interface Effect {
  readonly kind: EffectKind;
  /** The attribute, e.g. `settings.system`. */
  readonly attribute: string;
  readonly words: Wording;
  /** Whether it is why the object is replaced. */
  readonly forces?: boolean;
  readonly before: PlanValue;
  readonly after: PlanValue;
}

/** Two values of one attribute, which differ. */
export interface Differing {
  readonly field: Field;
  readonly path: AttributePath;
  readonly before: PlanValue;
  readonly after: PlanValue;
}

/** Two states of an object, or of a nested one. */
export interface States {
  readonly fields: readonly Field[];
  readonly before: PlanRecord;
  readonly after: PlanRecord;
  readonly path: AttributePath;
}

/** The words for a value that becomes another one. */
export const fromTo = (before: PlanValue, after: PlanValue): Wording =>
  before instanceof Secret && after instanceof Secret
    ? ['changes; the values are sensitive']
    : [...valueWords(before), ' → ', ...valueWords(after)];

/** An effect on an attribute, whose name begins the sentence. */
export function effect(kind: EffectKind, { path, before, after }: Pick<Differing, 'path' | 'before' | 'after'>, words: Wording): Effect {
  const attribute = attributeName(path);
  return { kind, attribute, before, after, words: [code(attribute), ': ', ...words] };
}
