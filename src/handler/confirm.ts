import { idOf } from '../schema/define/definition';
import { type Diagnostic, error } from '../common/diagnostic';
import type { ValueRecord } from '../common/value';
import { type Field, isScalar } from '../schema/define/shape';
import { kindsApart, marksApart } from './apart';
import { inTime } from './deadline';
import { managed, valuesOf } from './read';
import type { Applying } from './settle';

/** What is there now for an object that is to be changed or removed. */
export type Found = 'gone' | 'there' | Diagnostic;

/**
 * Looks whether what is there is what was read when the change was planned: of the same kind and, where the server tells it, the same
 * object. A plan may be old, and somebody else's object may have the name by now. A list serves, one that was begun in this apply.
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

/** What nobody can change in an object, as words: where it is another than it was read, the object has been made anew. */
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
