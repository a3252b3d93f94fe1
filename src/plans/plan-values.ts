import { UNKNOWN } from '../common/value';
import { type Field, isHidden, type Shape } from '../schema/define/shape';
import { type PlanRecord, type PlanValue, Secret } from './value';

/** Which parts of a value a plan marks: `true` for all of it, or the marks of its parts. */
interface Marks {
  readonly unknown: unknown;
  readonly sensitive: unknown;
}

/** The values of an object in a plan; nothing if it has none. What the plan or the definition calls sensitive is a `Secret`. */
export function planRecord(json: unknown, marks: Marks, fields: readonly Field[]): PlanRecord | undefined {
  if (marks.sensitive === true) return secretRecord(json, fields);
  const value = planValue(json, marks, { kind: 'object', fields });
  return typeof value === 'object' && value !== null && value !== UNKNOWN ? (value as PlanRecord) : undefined;
}

/** An object that is sensitive as a whole. */
function secretRecord(json: unknown, fields: readonly Field[]): PlanRecord | undefined {
  if (!isObject(json)) return undefined;
  return planRecord(json, { unknown: false, sensitive: Object.fromEntries(fields.map(({ name }) => [name, true])) }, fields);
}

function planValue(json: unknown, marks: Marks, shape: Shape | undefined): PlanValue {
  const { unknown, sensitive } = marks;
  if (unknown === true || (sensitive === true && anyTrue(unknown))) return UNKNOWN;
  if (json === null || json === undefined) return anyTrue(unknown) ? UNKNOWN : null;
  if (sensitive === true) return new Secret(json);
  if (Array.isArray(json)) {
    const element = shape && 'element' in shape ? shape.element : undefined;
    return json.map((item: unknown, index) => planValue(item, partOf(marks, index), element));
  }
  if (!isObject(json)) return json as PlanValue;
  const names = [...new Set([...Object.keys(json), ...Object.keys(isObject(unknown) ? unknown : {})])];
  return Object.fromEntries(
    names.map((name) => {
      const field = shape?.kind === 'object' ? shape.fields.find((one) => one.name === name) : undefined;
      const part = partOf(marks, name);
      const inner = field ? field.shape : shape && 'element' in shape ? shape.element : undefined;
      return [name, planValue(json[name], field && isHidden(field) ? { ...part, sensitive: true } : part, inner)];
    }),
  );
}

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  typeof json === 'object' &&
  json !== null &&
  !Array.isArray(json) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(json) as object);

function partOf({ unknown, sensitive }: Marks, at: string | number): Marks {
  return { unknown: memberOf(unknown, at), sensitive: memberOf(sensitive, at) };
}

const memberOf = (marks: unknown, at: string | number): unknown =>
  typeof marks === 'object' && marks !== null && Object.hasOwn(marks, at)
    ? (marks as Readonly<Record<string | number, unknown>>)[at]
    : false;

function anyTrue(marks: unknown): boolean {
  if (typeof marks !== 'object' || marks === null) return marks === true;
  return Object.values(marks).some(anyTrue);
}
