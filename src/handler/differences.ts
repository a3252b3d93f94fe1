import { type AttributePath, attributeName, type Diagnostic, warning } from '../common/diagnostic';
import { writeJson } from '../common/exact-json';
import { isKnown, isList, isRecord, sameValue, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import type { ResourceDefinition } from '../schema/define/definition';
import { type Field, isHidden, isScalar, isServers, type Shape } from '../schema/define/shape';
import type { Compiled } from './compiled';

/** Tells where the server keeps something else than it was sent; without that the next plan would show a change nobody made. */
export function differences(compiled: Compiled<ResourceDefinition>, planned: ValueRecord, actual: ValueRecord): Diagnostic[] {
  return apartIn(compiled.fields, planned, actual, { path: [], hidden: false }).map(({ path, sent, kept, hidden }) => {
    const name = attributeName(path);
    const values = hidden ? '' : ` It was sent ${writeJson(sent)} and keeps ${writeJson(kept)}.`;
    return warning(
      'Value Not Applied',
      `The server did not take "${name}" of ${compiled.definition.type} as it was sent.${values} The next plan will show the difference; write what the server keeps to end it.`,
      path,
    );
  });
}

interface Place {
  readonly path: AttributePath;
  readonly hidden: boolean;
}

interface Apart extends Place {
  readonly sent: Value;
  readonly kept: Value;
}

function apartIn(fields: readonly Field[], planned: ValueRecord, actual: ValueRecord, place: Place): Apart[] {
  return fields.flatMap((field) => {
    const [sent, kept] = [planned[field.name] ?? null, actual[field.name] ?? null];
    if (!isSent(field) || sent === UNKNOWN || sameValue(sent, kept)) return [];
    return apart(field.shape, sent, kept, { path: [...place.path, field.name], hidden: place.hidden || isHidden(field) });
  });
}

/** Whether what the server keeps can be held against what was planned. */
const isSent = (field: Field): boolean => field.api !== undefined && !isServers(field) && !field.facts.writeOnly;

/** Where two values of one shape differ: inside them, as far as they can be laid side by side. */
function apart(shape: Shape, sent: Value, kept: Value, place: Place): Apart[] {
  if (sent === UNKNOWN || sameValue(sent, kept)) return [];
  const within = (step: AttributePath[number]): Place => ({ ...place, path: [...place.path, step] });
  if (shape.kind === 'object' && isRecord(sent) && isRecord(kept)) return apartIn(shape.fields, sent, kept, place);
  if ('element' in shape && !isScalar(shape.element)) {
    if (shape.kind === 'list' && isList(sent) && isList(kept) && sent.length === kept.length)
      return sent.flatMap((item, i) => apart(shape.element, item, kept[i] ?? null, within(i)));
    if (shape.kind === 'map' && isRecord(sent) && isRecord(kept) && sameKeys(sent, kept))
      return Object.keys(sent).flatMap((key) => apart(shape.element, sent[key] ?? null, kept[key] ?? null, within({ key })));
  }
  const [one, other] = [comparable(shape, sent, false), comparable(shape, kept, false)];
  if (!isComplete(shape, sent) || alike(shape, one, other)) return [];
  return [{ ...place, sent: comparable(shape, sent, true), kept: comparable(shape, kept, true) }];
}

const sameKeys = (a: ValueRecord, b: ValueRecord): boolean => sameValue(Object.keys(a).sort(), Object.keys(b).sort());

const alike = ({ kind }: Shape, a: Value, b: Value): boolean =>
  kind === 'set' && isList(a) && isList(b)
    ? a.length === b.length && a.every((item) => b.some((other) => sameValue(item, other)))
    : sameValue(a, b);

/** A value with what was sent of it; `shown` without what must not show. */
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

/** Whether all that was sent of a value was known when it was planned. */
const isComplete = (shape: Shape, value: Value): boolean => isKnown(comparable(shape, value, false));
