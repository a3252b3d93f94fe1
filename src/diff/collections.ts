import type { CollectionShape, Shape } from '../schema/define/shape';
import { isList, isRecord, type PlanValue, sameValue, valueAt } from '../plans/value';
import { type Differing, type Effect, effect, type EffectKind, fromTo } from './effect';
import { effectsOf } from './effects';
import { code, listWords, plainText, valueWords, type Wording } from './wording';

interface Item {
  /** What says which element it is. */
  readonly label: string;
  readonly value: PlanValue;
}

/** What becomes of a list, set or map. */
export function collectionEffects(differing: Differing & { readonly shape: CollectionShape }): Effect[] {
  const { shape, before, after, path } = differing;
  const [old, next] = [itemsOf(shape, before), itemsOf(shape, after)];
  const added = next.filter(({ label }) => !has(old, label));
  const removed = old.filter(({ label }) => !has(next, label));
  const kept = next.flatMap((item) =>
    old
      .filter(({ label }) => label === item.label)
      .slice(0, 1)
      .map((was) => [was, item] as const),
  );
  const inside = kept
    .filter(([was, is]) => !sameValue(was.value, is.value))
    .flatMap(([was, is]): Effect[] => {
      const at = { path: [...path, { key: is.label }], before: was.value, after: is.value };
      if (shape.element.kind === 'object' && isRecord(was.value) && isRecord(is.value))
        return effectsOf({ fields: shape.element.fields, before: was.value, after: is.value, path: at.path });
      return [effect('other', at, fromTo(was.value, is.value))];
    });
  const order = isReordered(old, next);
  if (added.length === 0 && removed.length === 0 && (!order || shape.kind !== 'list')) return inside;
  return [...membership({ differing, old, next, added, removed, order }), ...inside];
}

interface Membership {
  readonly differing: Differing;
  readonly old: readonly Item[];
  readonly next: readonly Item[];
  readonly added: readonly Item[];
  readonly removed: readonly Item[];
  readonly order: boolean;
}

function membership({ differing, old, next, added, removed, order }: Membership): Effect[] {
  const { impact } = differing.field.facts;
  const of = (kind: EffectKind, words: Wording): Effect => effect(kind, differing, words);
  if (impact === 'order') {
    const words = old.length === 0 ? names(next) : [...orderWords({ added, removed, order }), ...names(old), ' → ', ...names(next)];
    return [of('order', words)];
  }
  if (impact === 'limits') return limits({ old, next, added, removed }, of);
  const [more, less] =
    ({ grants: ['opens', 'closes'], denies: ['closes', 'opens'] } as const)[impact as string] ?? (['other', 'other'] as const);
  const [adds, removes] = impact === 'denies' ? ['also refuses ', 'no longer refuses '] : ['adds ', 'removes '];
  return [
    ...(added.length > 0 ? [of(more, [adds, ...names(added)])] : []),
    ...(removed.length > 0 ? [of(less, [removes, ...names(removed)])] : []),
    ...(added.length === 0 && removed.length === 0 ? [of('other', ['changes the order: ', ...names(old), ' → ', ...names(next)])] : []),
  ];
}

function orderWords({ added, removed, order }: Pick<Membership, 'added' | 'removed' | 'order'>): Wording {
  const parts = [
    ...(added.length > 0 ? [['adds ', ...names(added)]] : []),
    ...(removed.length > 0 ? [['removes ', ...names(removed)]] : []),
    ...(order ? [['changes the order']] : []),
  ];
  return [...listWords(parts), ': '];
}

function limits(
  { old, next, added, removed }: Omit<Membership, 'differing' | 'order'>,
  of: (kind: EffectKind, words: Wording) => Effect,
): Effect[] {
  if (next.length === 0) return [of('opens', ['is empty now, which allows everything; before, it allowed only ', ...names(old)])];
  if (old.length === 0) return [of('closes', ['now allows only ', ...names(next), '; before, everything was allowed'])];
  return [
    ...(added.length > 0 ? [of('opens', ['also allows ', ...names(added)])] : []),
    ...(removed.length > 0 ? [of('closes', ['no longer allows ', ...names(removed)])] : []),
    ...(added.length === 0 && removed.length === 0 ? [of('other', ['changes the order'])] : []),
  ];
}

/** More of them than fit in a line are counted; JSON has all. */
const most = 10;

function names(items: readonly Item[]): Wording {
  const shown = listWords(
    items
      .slice(0, most)
      .map(({ label, value }) =>
        typeof value === 'object' && value !== null && !isRecord(value) && !isList(value) ? valueWords(value) : [code(label)],
      ),
  );
  if (items.length === 0) return ['nothing'];
  return items.length > most ? [...shown, ` and ${items.length - most} more`] : shown;
}

const has = (items: readonly Item[], label: string): boolean => items.some((item) => item.label === label);

/** Whether what is in both stands in another order. */
function isReordered(old: readonly Item[], next: readonly Item[]): boolean {
  const order = (items: readonly Item[], others: readonly Item[]): string =>
    JSON.stringify(items.flatMap(({ label }) => (has(others, label) ? [label] : [])));
  return order(old, next) !== order(next, old);
}

function itemsOf({ element, elementKey }: CollectionShape, value: PlanValue): Item[] {
  if (isList(value)) return value.map((item) => ({ label: labelOf(element, item, elementKey), value: item }));
  return isRecord(value) ? Object.entries(value).map(([label, item]) => ({ label, value: item })) : [];
}

/** What an element is called: an object by the member that identifies it, by the names of what it refers to, or by what it is required to have. */
function labelOf(shape: Shape, value: PlanValue, elementKey: string | undefined): string {
  if (shape.kind !== 'object' || !isRecord(value)) return plainText(value);
  const { fields } = shape;
  const names = elementKey !== undefined ? [elementKey] : fields.filter(({ facts }) => facts.refersTo).map(({ name }) => name);
  const first = fields.filter(({ required, shape: inner }) => required && inner.kind === 'string').slice(0, 1);
  const named = names.length > 0 ? names : first.map(({ name }) => name);
  return named.length === 0 ? plainText(value) : named.map((name) => plainText(valueAt(value, name))).join('/');
}
