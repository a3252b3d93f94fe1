import { type AttributePath, attributeName, type Diagnostic, type PathStep, warning } from '../common/diagnostic';
import { writeJson } from '../common/exact-json';
import { isKnown, isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { ResourceDefinition } from '../schema/define/definition';
import { type Field, isHidden, isScalar, isServers, type Shape } from '../schema/define/shape';
import type { Compiled } from './compiled';

/** Warns where the server stored a value other than the one sent; otherwise the next plan would show an unexplained change. */
export function differences(compiled: Compiled<ResourceDefinition>, planned: ValueRecord, actual: ValueRecord): Diagnostic[] {
  return apartIn(compiled.fields, { sent: planned, kept: actual, path: [], hidden: false }).map(({ path, sent, kept, hidden }) => {
    const name = attributeName(path);
    const values = hidden ? '' : ` It was sent ${writeJson(sent)} and stored ${writeJson(kept)}.`;
    return warning(
      'Value Not Applied',
      `The server did not store "${name}" of ${compiled.definition.type} as sent.${values} The next plan will show the difference; to avoid that, configure the value that the server stores.`,
      path,
    );
  });
}

/** The planned and the stored value at one path. */
interface Apart {
  readonly sent: Value;
  readonly kept: Value;
  readonly path: AttributePath;
  /** Whether the values are sensitive. */
  readonly hidden: boolean;
}

function apartIn(fields: readonly Field[], { sent, kept, path, hidden }: Apart): Apart[] {
  if (!isRecord(sent) || !isRecord(kept)) return [];
  return fields.filter(isSent).flatMap((field) =>
    apart(field.shape, {
      sent: sent[field.name] ?? null,
      kept: kept[field.name] ?? null,
      path: [...path, field.name],
      hidden: hidden || isHidden(field),
    }),
  );
}

/** Whether the stored value can be compared with the planned one. */
const isSent = (field: Field): boolean => field.api !== undefined && !isServers(field) && !field.facts.writeOnly;

/** Where two values of one shape differ, as deep as their elements can be matched. */
function apart(shape: Shape, pair: Apart): Apart[] {
  const { sent, kept } = pair;
  if (sent === UNKNOWN || sameValue(sent, kept)) return [];
  if (shape.kind === 'object' && isRecord(sent) && isRecord(kept)) return apartIn(shape.fields, pair);
  if ('element' in shape && !isScalar(shape.element)) {
    const within = (step: PathStep, one: Value, other: Value): Apart[] =>
      apart(shape.element, { ...pair, sent: one, kept: other, path: [...pair.path, step] });
    if (shape.kind === 'list' && isList(sent) && isList(kept) && sent.length === kept.length)
      return sent.flatMap((item, i) => within(i, item, kept[i] ?? null));
    if (shape.kind === 'map' && isRecord(sent) && isRecord(kept) && sameKeys(sent, kept))
      return Object.keys(sent).flatMap((key) => within({ key }, sent[key] ?? null, kept[key] ?? null));
  }
  const [one, other] = [comparable(shape, sent, false), comparable(shape, kept, false)];
  if (!isKnown(one) || alike(shape, one, other)) return [];
  return [{ ...pair, sent: comparable(shape, sent, true), kept: comparable(shape, kept, true) }];
}

const sameKeys = (a: ValueRecord, b: ValueRecord): boolean => sameValue(Object.keys(a).sort(), Object.keys(b).sort());

const alike = ({ kind }: Shape, a: Value, b: Value): boolean =>
  kind === 'set' && isList(a) && isList(b)
    ? a.length === b.length && a.every((item) => b.some((other) => sameValue(item, other)))
    : sameValue(a, b);

/** The part of a value that was sent; with `shown`, sensitive values are masked. */
function comparable(shape: Shape, value: Value, shown: boolean): Value {
  if (shape.kind === 'object' && isRecord(value))
    return Object.fromEntries(
      shape.fields
        .filter(isSent)
        .map((field) => [field.name, shown && isHidden(field) ? '(sensitive)' : comparable(field.shape, value[field.name] ?? null, shown)]),
    );
  if (!('element' in shape)) return value;
  if (isList(value)) return value.map((item) => comparable(shape.element, item, shown));
  return isRecord(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(shape.element, item, shown)]))
    : value;
}
