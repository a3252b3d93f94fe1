import { isList, isRecord, sameValue, type Value, type ValueRecord } from '../../common/value';
import { type Field, isServers, type Shape } from '../define/shape';

/** A configuration of an object that states only what has to be said: `null` where it is unset, a default, secret, or the server's own. */
export function configurationOf(fields: readonly Field[], values: ValueRecord): ValueRecord {
  return Object.fromEntries(
    fields.map((field) => {
      const value = values[field.name] ?? null;
      return [field.name, isSaid(field, value) ? membersOf(field.shape, value) : null];
    }),
  );
}

function isSaid(field: Field, value: Value): boolean {
  if (value === null || isServers(field) || field.facts.writeOnly) return false;
  if (field.default !== undefined && isSame(field, field.default, value)) return false;
  return field.required || !isEmpty(value);
}

const isSame = ({ facts, shape }: Field, a: Value, b: Value): boolean =>
  facts.semanticEquals?.(a, b) ?? (sameValue(a, b) || (shape.kind === 'set' && isEmpty(a) && isEmpty(b)));

/** A list or map without elements says nothing where the server decides. */
function isEmpty(value: Value): boolean {
  return isList(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0;
}

function membersOf(shape: Shape, value: Value): Value {
  if (shape.kind === 'object') return isRecord(value) ? configurationOf(shape.fields, value) : value;
  if (!('element' in shape)) return value;
  if (isList(value)) return value.map((item) => membersOf(shape.element, item));
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, membersOf(shape.element, item)])) : value;
}
