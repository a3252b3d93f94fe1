import { Decimal, UNKNOWN } from '../common/value';
import { isList, isRecord, type PlanValue, Secret } from '../plans/value';
import { isScalar, type Shape } from '../schema/define/shape';

/** A value as tests write it: what is not set is left out, objects have the names of TypeScript (`key`) or those of Terraform (`name`). */
export function plainValue(value: PlanValue | undefined, shape: Shape | undefined, names: 'key' | 'name'): unknown {
  if (value === null || value === undefined) return undefined;
  if (value === UNKNOWN) return '(known after apply)';
  if (value instanceof Secret) return String(value);
  if (value instanceof Decimal) return Number(value.text);
  if (typeof value === 'bigint') return Number(value);
  if (isList(value)) return value.map((item) => plainValue(item, shape && 'element' in shape ? shape.element : undefined, names));
  if (!isRecord(value)) return value;
  const members = Object.entries(value).map(([name, item]) => {
    if (shape === undefined || isScalar(shape)) return [name, plainValue(item, undefined, names)];
    if (shape.kind !== 'object') return [name, plainValue(item, shape.element, names)];
    const field = shape.fields.find((one) => one.name === name);
    return [field?.[names] ?? name, plainValue(item, field?.shape, names)];
  });
  return Object.fromEntries(members.filter(([, item]) => item !== undefined)) as unknown;
}
