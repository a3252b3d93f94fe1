import { UNKNOWN, type Value } from '../common/value';
import { isKnown, isRecord, type PlanRecord, type PlanValue, sameValue, Secret, valueAt } from '../plans/value';
import { type Field, isServers } from '../schema/define/shape';
import { collectionEffects } from './collections';
import { credentialEffects, isOfSecret } from './credentials';
import { type Differing, type Effect, effect, type EffectKind, effectKinds, fromTo, type States } from './effect';
import { valueWords } from './wording';

/** What becomes of the attributes of an object, or of a nested one; what only the server sets is left out. */
export function effectsOf({ fields, before, after, path }: States): Effect[] {
  const changed = fields.filter(
    (field) => !isServers(field) && !isOfSecret(field, fields) && !sameValue(valueAt(before, field.name), valueAt(after, field.name)),
  );
  const effects = changed.flatMap((field) =>
    fieldEffects({ field, path: [...path, field.name], before: valueAt(before, field.name), after: valueAt(after, field.name) }),
  );
  const secrets = credentialEffects({ fields, before, after, path });
  return [...effects, ...secrets].sort((a, b) => effectKinds.indexOf(a.kind) - effectKinds.indexOf(b.kind));
}

/** What an object gives to others, or takes from them, by being there at all; of a new one also where its packages come from. */
export function effectsOfBeing(fields: readonly Field[], values: PlanRecord, appears: boolean): Effect[] {
  const told = fields.filter(({ facts: { impact }, shape }) =>
    typeof impact === 'object'
      ? impact.unmanaged !== undefined
      : impact !== undefined && (appears ? beginning.has(impact) : impact === 'grants' && shape.kind !== 'bool'),
  );
  const absent = Object.fromEntries(told.map((field) => [field.name, withoutObject(field)]));
  const present = Object.fromEntries(told.map((field) => [field.name, valueAt(values, field.name)]));
  const [before, after] = appears ? [absent, present] : [present, absent];
  return effectsOf({ fields: told, before, after, path: [] });
}

/** What is told of an object that is new. */
const beginning: ReadonlySet<string> = new Set(['grants', 'expires', 'upstream', 'order']);

/** What holds where there is no such object: the server's value, or the default. */
function withoutObject({ facts: { impact }, default: fallback }: Field): PlanValue {
  if (typeof impact === 'object') return impact.unmanaged ?? null;
  return (fallback ?? null) as Exclude<Value, object>;
}

function fieldEffects(differing: Differing): Effect[] {
  const { field, path, before, after } = differing;
  // A server decides what is left out.
  if (after === UNKNOWN && before === null && field.computed) return [];
  if (field.shape.kind === 'object') {
    const [old, next] = [before, after].map((value) => (isRecord(value) ? value : value === null ? {} : undefined));
    if (old && next) return effectsOf({ fields: field.shape.fields, before: old, after: next, path });
    return [effect('other', differing, fromTo(before, after))];
  }
  if ('element' in field.shape && ![before, after].some((value) => value === UNKNOWN || value instanceof Secret))
    return collectionEffects({ ...differing, shape: field.shape });
  return [scalarEffect(differing)];
}

function scalarEffect(differing: Differing): Effect {
  const { before, after, field } = differing;
  const { impact } = field.facts;
  if (typeof impact === 'object') return effect(ranked(impact.mostOpenFirst, before, after), differing, fromTo(before, after));
  if (impact === 'upstream' && typeof after === 'string')
    return effect(
      'upstream',
      differing,
      before === null
        ? ['packages come from ', ...valueWords(after)]
        : ['packages come from ', ...valueWords(after), ' instead of ', ...valueWords(before)],
    );
  if (impact === 'credentials') return effect('credentials', differing, fromTo(before, after));
  if (field.shape.kind !== 'bool' || impact === undefined) return effect('other', differing, fromTo(before, after));
  const yes = impact === 'denies' ? 'closes' : impact === 'expires' ? 'expires' : 'opens';
  const no = impact === 'denies' ? 'opens' : impact === 'expires' ? 'other' : 'closes';
  if (after === UNKNOWN) return effect(yes, differing, fromTo(before, after));
  const what = whatHolds(field);
  return after === true
    ? effect(yes, differing, ['is true now: ', what])
    : effect(no, differing, [`is ${after === null ? 'not set' : 'false'} now; no longer true: `, what]);
}

/** What is so if the value is true: the description without its first word, `Whether`. */
const whatHolds = ({ description }: Field): string => (description.split(/\.(?:\s|$)/)[0] ?? '').replace(/^Whether /, '');

function ranked(mostOpenFirst: readonly string[], before: PlanValue, after: PlanValue): EffectKind {
  const [old, next] = [before, after].map((value) => mostOpenFirst.indexOf(value as string));
  if (old === undefined || next === undefined || old < 0 || next < 0) return isKnown(after) ? 'other' : 'opens';
  return next < old ? 'opens' : 'closes';
}
