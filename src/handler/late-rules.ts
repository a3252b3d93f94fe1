import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { type Diagnostic, warning } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { isKnown, isList, isRecord, UNKNOWN, type Value, type ValueRecord } from '../common/value';
import { hasRule, type Field, type Shape } from '../schema/define/shape';
import { type Compiled, keyOf } from './compiled';

/** Warns of a replacement whose unknown values may turn out invalid after the old object was deleted. */
export function lateRules(compiled: Compiled<ResourceDefinition>, config: ValueRecord, prior: ValueRecord): Diagnostic[] {
  const { definition, fields } = compiled;
  const own = openIn(fields, config, []);
  const others = askedBy(definition, config).filter((name) => !own.some(([head]) => head === name));
  const asked = new Set([...own.map((path) => path.join('.')), ...others]);
  const id = idOf(keyOf(compiled, prior) ?? []);
  return [...asked].map((name) =>
    warning(
      'Value Not Known Before the Replacement',
      `${definition.type} "${id}" will be replaced, but "${name}" is not known yet. An invalid value would be detected only after the old object is deleted. First apply the resource that provides the value (-target), or set a value that is known during plan.`,
      [name.split('.')[0] ?? name],
    ),
  );
}

/** The unknown attributes that have rules of their own. */
function openIn(fields: readonly Field[], values: ValueRecord, path: readonly string[]): string[][] {
  return fields.flatMap((field) => {
    const value = values[field.name] ?? null;
    const at = [...path, field.name];
    if (value === UNKNOWN) return hasRule(field.type) || isPaired(field, fields, values) ? [at] : [];
    return isKnown(value) ? [] : openWithin(field.shape, value, at);
  });
}

function openWithin(shape: Shape, value: Value, at: string[]): string[][] {
  if (shape.kind === 'object') return isRecord(value) ? openIn(shape.fields, value, at) : [];
  if (!('element' in shape)) return [];
  const items = isList(value) ? value : isRecord(value) ? Object.values(value) : [];
  return items.flatMap((item) => {
    if (item === UNKNOWN) return hasRule(shape.elementType) ? [at] : [];
    return openWithin(shape.element, item, at);
  });
}

/** Whether a rule of an attribute that is set depends on whether another one is. */
function isPaired(field: Field, fields: readonly Field[], values: ValueRecord): boolean {
  const named = ({ facts }: Field): string[] => [...(facts.requires ?? []), ...(facts.conflicts ?? [])];
  return (
    named(field).length > 0 || fields.some((other) => named(other).includes(field.key) && (values[snakeCase(other.key)] ?? null) !== null)
  );
}

/** The unknown attributes that checks across attributes read. */
function askedBy({ checks = [] }: ResourceDefinition, config: ValueRecord): string[] {
  const asked = new Set<string>();
  const watched = new Proxy(config, {
    get(target, name) {
      const value = typeof name === 'string' ? target[name] : undefined;
      if (value !== undefined && !isKnown(value)) asked.add(String(name));
      return value;
    },
  });
  for (const check of checks) check(watched);
  return [...asked];
}
