import * as z from 'zod';
import { matchesAny, patternError } from '../../../proxy/patterns';
import { problem } from '../problem';

const OPERATIONS = [
  ...['EQ', 'NE', 'LT', 'LTE', 'GT', 'GTE', 'BEFORE', 'AFTER', 'IN', 'NIN', 'PREFIX', 'SUFFIX', 'CONTAINS'],
  ...['MATCH', 'MATCH_I', 'REGEX', 'REGEX_I', 'NULL', 'NOT_NULL'],
] as const;

/** What a search asks: rules within rules, or one about a field. */
export type Rule =
  | { readonly relation: 'AND' | 'OR' | 'NOR'; readonly rules: readonly Rule[] }
  | { readonly field: string; readonly value: unknown; readonly operation: string };

const nested = z.object({
  relation: z.enum(['AND', 'OR', 'NOR']).default('AND'),
  get rules(): z.ZodArray<z.ZodType<Rule>> {
    return z.array(ruleSchema);
  },
});
const single = z.object({
  field: z.string(),
  value: z.unknown(),
  operation: z.enum(OPERATIONS as unknown as [string, ...string[]]).default('EQ'),
});
const ruleSchema: z.ZodType<Rule> = z.lazy(() => z.union([nested, single]));

/** The body of a search. */
export const queryModel = z.object({
  select: z.array(z.string()).nullish(),
  page: z.object({ pageNumber: z.number().int().default(1), pageSize: z.number().int().default(20) }).nullish(),
  sort: z.object({ properties: z.array(z.string()), direction: z.enum(['ASC', 'DESC']).default('ASC') }).nullish(),
  rule: ruleSchema,
});
/** A search. */
export type QueryModel = z.infer<typeof queryModel>;

/** A thing that is searched among. */
export type Candidate = Readonly<Record<string, unknown>>;

/** The rules that hold for all results of a search; one whose outermost relation is not AND is refused. */
export function demands(rule: Rule): readonly Rule[] {
  if (!('rules' in rule) || rule.relation !== 'AND') throw problem('PARAMETER_INVALID', 'Parameter relation is invalid');
  return rule.rules;
}

/** The values that a field must have one of, as far as the outermost rules say so. */
export function valuesOf(rule: Rule, field: string): { operation: string; values: readonly string[] } | undefined {
  const found = demands(rule).find((each) => 'field' in each && each.field === field);
  if (!found || !('field' in found)) return undefined;
  return { operation: found.operation, values: [found.value].flat().map(String) };
}

/** The project that a search must name. */
export function projectOf(rule: Rule): string {
  const found = valuesOf(rule, 'projectId');
  const [project] = found?.values ?? [];
  if (found?.operation !== 'EQ' || project === undefined) throw problem('PARAMETER_INVALID', 'Parameter projectId is invalid');
  return project;
}

/** A search that asks nothing about some fields; its outermost relation must be AND all the same. */
export function without(rule: Rule, fields: readonly string[]): Rule {
  const rules = demands(rule).flatMap((each) => {
    if ('field' in each) return fields.includes(each.field) ? [] : [each];
    return each.relation === 'AND' ? [without(each, fields)] : [each];
  });
  return { relation: 'AND', rules };
}

/** Whether an item matches a search. */
export function matches(rule: Rule, candidate: Candidate): boolean {
  if ('field' in rule) return holds(rule.operation, valueAt(candidate, rule.field), rule.value);
  if (rule.relation === 'AND') return rule.rules.every((each) => matches(each, candidate));
  const some = rule.rules.some((each) => matches(each, candidate));
  return rule.relation === 'OR' ? some : !some;
}

/** The order a search asks for, as `Array.sort` takes it. */
export function orderOf(sort: NonNullable<QueryModel['sort']>): (a: Candidate, b: Candidate) => number {
  const sign = sort.direction === 'DESC' ? -1 : 1;
  return (a, b) => {
    for (const property of sort.properties) {
      const order = compare(valueAt(a, property), valueAt(b, property));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

/** The fields of a result that a search selects. */
export function selected(result: Candidate, select: QueryModel['select']): Candidate {
  if (!select?.length) return result;
  const fields = select.flatMap((field) => (field === 'metadata' ? ['metadata', 'nodeMetadata'] : [field]));
  return Object.fromEntries(fields.filter((field) => field in result).map((field) => [field, result[field]]));
}

function valueAt(candidate: Candidate, field: string): unknown {
  if (!field.startsWith('metadata.')) return candidate[field];
  return (candidate['metadata'] as Candidate | undefined)?.[field.slice('metadata.'.length)];
}

const CHECKS: Readonly<Record<string, (actual: unknown, wanted: unknown) => boolean>> = {
  EQ: same,
  NE: (actual, wanted) => !same(actual, wanted),
  LT: (actual, wanted) => isKnown(actual) && compare(actual, wanted) < 0,
  LTE: (actual, wanted) => isKnown(actual) && compare(actual, wanted) <= 0,
  GT: (actual, wanted) => isKnown(actual) && compare(actual, wanted) > 0,
  GTE: (actual, wanted) => isKnown(actual) && compare(actual, wanted) >= 0,
  BEFORE: (actual, wanted) => isKnown(actual) && time(actual) < time(wanted),
  AFTER: (actual, wanted) => isKnown(actual) && time(actual) > time(wanted),
  IN: (actual, wanted) => [wanted].flat().some((each) => same(actual, each)),
  NIN: (actual, wanted) => ![wanted].flat().some((each) => same(actual, each)),
  PREFIX: (actual, wanted) => isKnown(actual) && String(actual).startsWith(String(wanted)),
  SUFFIX: (actual, wanted) => isKnown(actual) && String(actual).endsWith(String(wanted)),
  CONTAINS: (actual, wanted) => isKnown(actual) && String(actual).includes(String(wanted)),
  MATCH: (actual, wanted) => found(actual, wildcard(wanted)),
  MATCH_I: (actual, wanted) => found(actual, `(?i)${wildcard(wanted)}`),
  REGEX: (actual, wanted) => found(actual, String(wanted)),
  REGEX_I: (actual, wanted) => found(actual, `(?i)${String(wanted)}`),
  NULL: (actual) => !isKnown(actual),
  NOT_NULL: isKnown,
};

function holds(operation: string, actual: unknown, wanted: unknown): boolean {
  return CHECKS[operation]?.(actual, wanted) ?? false;
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function same(actual: unknown, wanted: unknown): boolean {
  return isKnown(actual) && (actual === wanted || String(actual) === String(wanted));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && Number.isFinite(Number(b))) return a - Number(b);
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Times are in UTC, with or without their zone. */
function time(value: unknown): number {
  const text = String(value);
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}

function wildcard(pattern: unknown): string {
  return `^${String(pattern)
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '(?s:.*)')}$`;
}

function found(actual: unknown, pattern: string): boolean {
  if (patternError(pattern) !== undefined) throw problem('PARAMETER_INVALID', 'Parameter value is not a regular expression');
  return isKnown(actual) && matchesAny([pattern], String(actual));
}
