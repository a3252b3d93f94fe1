import type { Attributes } from './attribute';
import type { ExampleConfig, OtherForm } from './definition';
import { at, fieldProblems, inputOf } from './field-problems';
import { isJsonObject } from './json';
import { type Needs, needsProblems } from './needs';
import { type ApiCase, type Field, fieldsOf, isHidden, isServers } from './shape';

/** The parts of a definition that are validated when it is declared. */
export interface Declared {
  /** Terraform's name of the type, or of the provider. */
  readonly type: string;
  /** @default 'type' */
  readonly kind?: 'provider' | 'type';
  readonly attributes: Attributes;
  readonly apiCase?: ApiCase;
  /** The camelCase attributes of the key. @default no key */
  readonly key?: readonly string[];
  /** camelCase attributes that must be booleans, by what refers to them. */
  readonly switches?: Readonly<Record<string, string | undefined>>;
  /** @default none */
  readonly forms?: readonly OtherForm[] | undefined;
  /** Whether configurations may have write-only attributes. @default false */
  readonly writable?: boolean;
  readonly examples?: readonly ExampleConfig[];
  /** @default not stated */
  readonly needs?: Needs;
}

/** The problems of a definition, each with the attribute and the remedy. */
export function problemsOf(declared: Declared): string[] {
  const { type, kind = 'type', attributes, apiCase } = declared;
  const named =
    kind === 'provider' || /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(type)
      ? []
      : [`the type "${type}" is not a snake_case name with the prefix of a provider; name it like acme_team`];
  let fields: readonly Field[];
  try {
    fields = fieldsOf(attributes, apiCase);
  } catch (thrown) {
    return [...named, thrown instanceof Error ? thrown.message : String(thrown)];
  }
  const reserved = fields
    .filter(({ name }) => taken[kind].has(name))
    .map(({ key }) => at([key], `Terraform reserves this name; choose another`));
  const problems = [
    ...named,
    ...reserved,
    ...keyProblems(declared, fields),
    ...switchProblems(declared, fields),
    ...formProblems(declared, fields),
    ...fieldProblems(fields, declared.writable ?? false),
    ...needsProblems(declared.needs ?? {}, attributes),
  ];
  return problems.length > 0 ? problems : [...new Set((declared.examples ?? []).flatMap((example) => exampleProblems(fields, example)))];
}

declare const DEFINITIONS_ARE_CHECKED: true | undefined;

/**
 * Throws for an invalid definition, with all its problems. Building an executable loads and validates its definitions, so
 * the executable does not repeat that at startup.
 */
export function refuseProblems(declared: Declared): void {
  if (typeof DEFINITIONS_ARE_CHECKED !== 'undefined') return;
  const problems = problemsOf(declared);
  if (problems.length > 0) throw new Error(problems.map((problem) => `${declared.type}: ${problem}`).join('\n'));
}

const taken = {
  type: new Set(['connection', 'count', 'depends_on', 'for_each', 'lifecycle', 'provider', 'provisioner']),
  provider: new Set(['alias', 'count', 'depends_on', 'for_each', 'lifecycle', 'source', 'version']),
};

function keyProblems({ key, attributes }: Declared, fields: readonly Field[]): string[] {
  if (!key) return [];
  if (key.length === 0) return ['the key is empty; name the attributes that identify an object'];
  return key.flatMap((name, index) => {
    const field = fields.find((one) => one.key === name);
    if (!field) return [`the key "${name}" is not one of its attributes; it has ${Object.keys(attributes).join(', ')}`];
    if (key.indexOf(name) !== index) return [at([name], 'it is in the key twice; name it once')];
    if (field.shape.kind !== 'string') return [at([name], 'it is in the key but is not a string; make it one')];
    if (isHidden(field)) return [at([name], 'it is in the key, which appears in ids and messages; do not make it sensitive or write-only')];
    if (isServers(field) && !field.facts.derive)
      return [at([name], 'it is in the key but only the server sets it; use the attribute by which users name the object')];
    if (field.optional && field.default === undefined && index < key.length - 1)
      return [at([name], 'it is in the key but is optional; only the last part of a key may be optional')];
    return [];
  });
}

function formProblems({ forms = [], attributes }: Declared, fields: readonly Field[]): string[] {
  const names = forms.flatMap(({ type, paths, fixed = {} }) => [...Object.keys(paths), ...Object.keys(fixed)].map((name) => [type, name]));
  return names
    .filter(([, name]) => !fields.some(({ key }) => key === name))
    .map(
      ([type, name]) =>
        `its form "${type}" has "${name}", which is not one of its attributes; it has ${Object.keys(attributes).join(', ')}`,
    );
}

function switchProblems({ switches = {} }: Declared, fields: readonly Field[]): string[] {
  return Object.entries(switches).flatMap(([what, name]) => {
    if (name === undefined) return [];
    const field = fields.find(({ key }) => key === name);
    if (!field) return [`${what} names "${name}", which is not one of its attributes; add it, or correct the name`];
    return field.shape.kind === 'bool' ? [] : [at([name], `${what} names it, but it is not a boolean; make it one`)];
  });
}

/** The problems of an example against the schema; references count as unknown values. */
function exampleProblems(fields: readonly Field[], example: ExampleConfig): string[] {
  const lost = fields.filter(({ required, key }) => required && !Object.hasOwn(example, key)).map(({ key }) => key);
  return [
    ...lost.map((key) => `the example lacks "${key}", which is required; add it`),
    ...Object.entries(example).flatMap(([key, value]) => {
      const field = fields.find((one) => one.key === key);
      if (!field) return [`the example has "${key}", which is not one of the attributes; correct the name`];
      if (isServers(field)) return [`the example has "${key}", which only the server sets; leave it out`];
      if (holdsReference(value)) return [];
      const parsed = field.type.safeParse(inputOf(field.shape, value));
      return parsed.success
        ? []
        : [
            `the example has a value for "${key}" that its type refuses (${parsed.error.issues.map(({ message }) => message).join('; ')}); correct it`,
          ];
    }),
  ];
}

const holdsReference = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(holdsReference)
    : isJsonObject(value) && (typeof value['ref'] === 'string' || Object.values(value).some(holdsReference));
