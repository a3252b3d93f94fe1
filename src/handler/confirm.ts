import { idOf } from '../schema/define/definition';
import { type Diagnostic, error } from '../common/diagnostic';
import type { ValueRecord } from '../common/value';
import { type Field, isScalar } from '../schema/define/shape';
import { kindsApart, marksApart } from './apart';
import { inTime } from './deadline';
import { managed, valuesOf } from './read';
import type { Applying } from './settle';

/** The current state of an object that is about to be changed or deleted. */
export type Found = 'gone' | 'there' | Diagnostic;

/**
 * Checks that the object is the one that was read when the change was planned: of the same kind and, if the server returns a unique
 * id, the same object. A plan may be old, and another object may have taken the name. A list is enough if it was started in this apply.
 */
export async function confirm(applying: Applying, prior: ValueRecord, operation: 'update' | 'delete'): Promise<Found> {
  const { connection, compiled, key, remembered } = applying;
  const { binding, type } = compiled.definition;
  const needed = [...Object.keys(binding.constants ?? {}), ...Object.keys(remembered.marks)];
  const object = await inTime(connection.reader.read(binding, { key, hints: prior }, needed), prior, operation);
  if (!object) return 'gone';
  const another = (facts: readonly string[]): Diagnostic => anotherObject({ type, id: idOf(key), operation }, facts);
  const others = [...kindsApart(binding, object), ...marksApart(remembered.marks, object)];
  if (others.length > 0) return another(others);
  const observed = await valuesOf({ compiled, object: managed(binding, object, prior) ?? object, server: connection.client }, prior);
  if ('diagnostic' in observed) return observed.diagnostic;
  const remade = remadeWith(compiled.fields, prior, observed.values);
  return remade.length > 0 ? another(remade) : 'there';
}

/** Describes changes of immutable values: if one differs from what was read, the object has been recreated. */
function remadeWith(fields: readonly Field[], prior: ValueRecord, now: ValueRecord): string[] {
  const apart = fields.filter(({ name, api, facts, shape }) => {
    const [before, after] = [prior[name] ?? null, now[name] ?? null];
    return facts.forceNew && !facts.sensitive && api && isScalar(shape) && before !== null && after !== null && before !== after;
  });
  return apart.map(({ name }) => `${name} "${String(now[name])}" instead of "${String(prior[name])}"`);
}

function anotherObject({ type, id, operation }: { type: string; id: string; operation: string }, facts: readonly string[]): Diagnostic {
  const detail = `Cannot ${operation} ${type} "${id}": since the last refresh, another object has taken its name, one with ${facts.join(', ')}. Nothing was changed. Plan again to see what exists now.`;
  return error('Another Object on the Server', detail);
}
