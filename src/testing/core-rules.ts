import { isKnown, isList, isRecord, sameValue, UNKNOWN, type Value } from '../common/value';
import type { TerraformAttribute, TypeConstraint } from '../schema/derive/terraform';

/** The rules that Terraform core enforces on what a provider plans and returns; each answers what is broken. */

const memberOf = (value: Value | undefined, name: string): Value => (isRecord(value) ? (value[name] ?? null) : null);

/** What core proposes: the configuration, with the prior state where only the provider decides. */
export function proposedNew(attributes: readonly TerraformAttribute[], prior: Value, config: Value): Value {
  if (!isRecord(config)) return config;
  return Object.fromEntries(
    attributes.map((attribute) => {
      const [before, given] = [memberOf(prior, attribute.name), memberOf(config, attribute.name)];
      if (attribute.writeOnly) return [attribute.name, null];
      if (attribute.computed && given === null) return [attribute.name, before];
      return [attribute.name, attribute.nestedType ? proposedNested(attribute, before, given) : given];
    }),
  );
}

function proposedNested({ nestedType }: TerraformAttribute, before: Value, given: Value): Value {
  const inner = nestedType?.attributes ?? [];
  if (nestedType?.nesting === 'single') return proposedNew(inner, before, given);
  if (isList(given))
    return given.map((item, i) => proposedNew(inner, nestedType?.nesting === 'list' && isList(before) ? (before[i] ?? null) : null, item));
  if (isRecord(given))
    return Object.fromEntries(Object.entries(given).map(([key, item]) => [key, proposedNew(inner, memberOf(before, key), item)]));
  return given;
}

/** Core's AssertPlanValid. */
export function planProblems(
  attributes: readonly TerraformAttribute[],
  { prior, config, planned, path = '' }: { prior: Value; config: Value; planned: Value; path?: string },
): string[] {
  if (!isRecord(planned)) return [`${path || 'the plan'} is no object`];
  return attributes.flatMap((attribute) => {
    const at = path + attribute.name;
    if (!Object.hasOwn(planned, attribute.name)) return [`${at} is missing`];
    const [before, given, after] = [memberOf(prior, attribute.name), memberOf(config, attribute.name), memberOf(planned, attribute.name)];
    if (attribute.writeOnly) return after === null ? [] : [`${at} is write-only and must be planned as null`];
    const hidden = hiddenNames([attribute]);
    const text = (value: Value): string => show(value, { path: attribute.name, hidden });
    if (sameValue(after, given)) return [];
    if (given === null) return attribute.computed ? [] : [`${at} is neither configured nor computed but planned as ${text(after)}`];
    if (before !== null && sameValue(after, before)) return [];
    if (attribute.nestedType) return nestedPlanProblems(attribute, { prior: before, config: given, planned: after, path: at });
    return [`${at} is configured as ${text(given)} but planned as ${text(after)}`];
  });
}

function nestedPlanProblems(
  { nestedType }: TerraformAttribute,
  { prior, config, planned, path }: { prior: Value; config: Value; planned: Value; path: string },
): string[] {
  const inner = nestedType?.attributes ?? [];
  if (nestedType?.nesting === 'single') return planProblems(inner, { prior, config, planned, path: `${path}.` });
  if (isList(config) && isList(planned)) {
    if (config.length !== planned.length) return [`${path} has ${config.length} elements but ${planned.length} are planned`];
    return config.flatMap((item, i) =>
      planProblems(inner, {
        prior: isList(prior) ? (prior[i] ?? null) : null,
        config: item,
        planned: planned[i] ?? null,
        path: `${path}[${i}].`,
      }),
    );
  }
  if (isRecord(config) && isRecord(planned)) {
    const keys = Object.keys(config);
    if (keys.length !== Object.keys(planned).length) return [`${path} is planned with other keys`];
    return keys.flatMap((key) =>
      planProblems(inner, {
        prior: memberOf(prior, key),
        config: memberOf(config, key),
        planned: memberOf(planned, key),
        path: `${path}.${key}.`,
      }),
    );
  }
  return [`${path} is configured as ${show(config)} but planned as ${show(planned)}`];
}

/** Core's AssertObjectCompatible: what was planned and known must come out as it was planned. */
export function resultProblems(planned: Value, actual: Value, { path = '', hidden = new Set() }: Showing = {}): string[] {
  if (planned === UNKNOWN) return [];
  if (isList(planned) && isList(actual) && planned.length === actual.length)
    return planned.flatMap((item, i) => resultProblems(item, actual[i] ?? null, { path: `${path}[${i}]`, hidden }));
  if (isRecord(planned) && isRecord(actual)) {
    const keys = new Set([...Object.keys(planned), ...Object.keys(actual)]);
    return [...keys].flatMap((key) =>
      resultProblems(planned[key] ?? null, actual[key] ?? null, { path: path === '' ? key : `${path}.${key}`, hidden }),
    );
  }
  return sameValue(planned, actual)
    ? []
    : [`${path || 'the object'} was planned as ${show(planned, { path, hidden })} but is ${show(actual, { path, hidden })}`];
}

/** What is wrong with a new state: unknown values, missing or foreign attributes, write-only values, wrong types. */
export function stateProblems(attributes: readonly TerraformAttribute[], state: Value, path = ''): string[] {
  if (state === null) return [];
  if (!isKnown(state)) return [`${path || 'the state'} holds an unknown value: ${show(state)}`];
  if (!isRecord(state)) return [`${path || 'the state'} is no object`];
  const names = new Set(attributes.map(({ name }) => name));
  const foreign = Object.keys(state).filter((name) => !names.has(name));
  return [
    ...foreign.map((name) => `${path}${name} is not in the schema`),
    ...attributes.flatMap((attribute) => {
      const at = path + attribute.name;
      const value = state[attribute.name];
      if (value === undefined) return [`${at} is missing`];
      if (attribute.writeOnly && value !== null) return [`${at} is write-only but in the state`];
      if (value === null) return attribute.required ? [] : [];
      return attribute.nestedType ? nestedStateProblems(attribute, value, at) : typeProblems(attribute.type as TypeConstraint, value, at);
    }),
  ];
}

function nestedStateProblems({ nestedType }: TerraformAttribute, value: Value, path: string): string[] {
  const inner = nestedType?.attributes ?? [];
  if (nestedType?.nesting === 'single') return stateProblems(inner, value, `${path}.`);
  const items = isList(value) ? value : isRecord(value) ? Object.values(value) : undefined;
  return items ? items.flatMap((item, i) => stateProblems(inner, item, `${path}[${i}].`)) : [`${path} is no collection`];
}

function typeProblems(type: TypeConstraint, value: Value, path: string): string[] {
  if (value === null) return [];
  if (type === 'string' || type === 'bool')
    return typeof value === (type === 'bool' ? 'boolean' : 'string') ? [] : [`${path} is ${show(value)}, not a ${type}`];
  if (type === 'number') return typeof value === 'number' || typeof value === 'bigint' ? [] : [`${path} is ${show(value)}, not a number`];
  if (type === 'dynamic') return [];
  const [kind, element] = type;
  if (kind === 'list' || kind === 'set')
    return isList(value) ? value.flatMap((item, i) => typeProblems(element, item, `${path}[${i}]`)) : [`${path} is no ${kind}`];
  return isRecord(value) ? [] : [`${path} is no ${kind}`];
}

/** Where a value is, and the names of sensitive attributes. */
export interface Showing {
  readonly path?: string;
  readonly hidden?: ReadonlySet<string>;
}

/** A value for a message; what is sensitive is not in it. */
export function show(value: Value, { path = '', hidden = new Set() }: Showing = {}): string {
  const isHidden = (name: string): boolean => hidden.has(name);
  if (value !== null && path.split(/[.[\]]/).some(isHidden)) return '(sensitive value)';
  return JSON.stringify(value, (name, item: unknown) =>
    isHidden(name) && item !== null ? '(sensitive value)' : typeof item === 'bigint' ? String(item) : item,
  );
}

/** Names of the sensitive attributes, nested ones too. */
export function hiddenNames(attributes: readonly TerraformAttribute[]): ReadonlySet<string> {
  return new Set(
    attributes.flatMap(({ name, sensitive, writeOnly, nestedType }) => [
      ...(sensitive || writeOnly ? [name] : []),
      ...hiddenNames(nestedType?.attributes ?? []),
    ]),
  );
}
