import { snakeCase } from '../common/names';
import { isRecord, sameValue, type Value, type ValueRecord } from '../common/value';
import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { planValues } from '../handler/plan-values';
import { type Field, isServers } from '../schema/define/shape';
import { hookValues } from '../schema/define/values';
import type { Json } from '../schema/define/json';
import { toJson } from '../schema/api/to-api';
import { agreeing, settable, twoValues } from './arbitraries';
import { isHinted, valuesHinted } from './hints';
import type { Applied, Core, Instance, Told } from './core';
import { type FreshPlan, problemsOfMessages } from './failures';
import { fieldsOfResource, referencesOf, toValue } from './examples';
import { resolvedExample } from './referred';
import type { Target } from './target';

/** What the contract suite does with one resource type, knowing only its definition. */
export class Subject {
  readonly fields: readonly Field[];

  constructor(
    readonly definition: ResourceDefinition,
    readonly target: Target,
  ) {
    this.fields = fieldsOfResource(definition);
  }

  get type(): string {
    return this.definition.type;
  }

  /** An example under a name of its own; what it refers to is made first. */
  async example(size: 'minimal' | 'full', suffix = ''): Promise<ValueRecord> {
    // What has no name of its own is told apart by what it refers to.
    const own = this.ownKeys().length === 0 ? suffix : '';
    const { definition } = this;
    const example = await resolvedExample(this.target, { definition, example: definition.example[size], suffix: own });
    return this.renamed({ ...this.keyDefaults(), ...example }, suffix);
  }

  /** The defaults of parts of the key, which an id has although a configuration leaves them out. */
  private keyDefaults(): ValueRecord {
    const parts = this.fields.filter(({ key }) => this.definition.key.includes(key));
    return Object.fromEntries(parts.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])));
  }

  /** Attributes that the server changes by itself. */
  unsteady(): string[] {
    return this.fields.filter(({ facts }) => facts.volatile || facts.mayChange).map(({ name }) => name);
  }

  /** Values without those that the server changes by itself. */
  steady(values: Value): Value {
    const unsteady = this.unsteady();
    return isRecord(values) ? Object.fromEntries(Object.entries(values).filter(([name]) => !unsteady.includes(name))) : values;
  }

  /** The configuration with another key. */
  renamed(config: ValueRecord, suffix: string): ValueRecord {
    const names = [...this.ownKeys(), ...this.unique()];
    return { ...config, ...Object.fromEntries(names.map((name) => [name, `${String(config[name])}${suffix}`])) };
  }

  /** Attributes besides the key that no two objects have alike. */
  unique(): string[] {
    return this.fields.map(({ name }) => name).filter((name) => isHinted(this.target.hints.unique, this.type, name));
  }

  /** Whether an attribute cannot be unset once it is set. */
  isLasting({ name }: Field): boolean {
    return isHinted(this.target.hints.lasting, this.type, name);
  }

  /** Whether a create refuses a configuration, although it is valid. */
  refuses(config: ValueRecord): boolean {
    return this.target.hints.refuses?.(this.type, hookValues(this.fields, config)) ?? false;
  }

  /** Two values for an attribute that has to agree with more than its definition says; nothing for all others. */
  hinted(field: Field): readonly [Value, Value] | undefined {
    const hint = valuesHinted(this.target.hints, this.type, field.name);
    return hint && [toValue(field.shape, hint[0], String), toValue(field.shape, hint[1], String)];
  }

  /** Whether it can have a name that nothing else has. */
  hasOwnName(): boolean {
    return this.ownKeys().length > 0;
  }

  /** Parts of the key that can be any text. */
  private ownKeys(): string[] {
    const referring = this.referring();
    const free = ({ name, shape, required }: Field): boolean =>
      required && !referring.includes(name) && !(shape.kind === 'string' && shape.oneOf !== undefined);
    return this.keyNames().filter((name) => this.fields.some((field) => field.name === name && free(field)));
  }

  /** Attributes that name other objects, as the examples show. */
  referring(): string[] {
    return [...new Set(referencesOf(this.definition.example.full).map(({ key }) => snakeCase(key)))];
  }

  keyNames(): string[] {
    return this.definition.key.map(snakeCase);
  }

  id(config: Value): string {
    return idOf(this.keyNames().map((name) => (isRecord(config) ? (config[name] ?? '') : '')));
  }

  /** Attributes that change in the plan when `field` does: itself, what is derived, and the counter of a secret. */
  follows(field: Field): string[] {
    const revision = field.facts.rotation?.revision;
    return [...(field.facts.writeOnly ? [] : [field.name]), ...(revision ? [snakeCase(revision)] : [])];
  }

  /** Attributes whose value follows from others. */
  derived(): string[] {
    return this.fields.filter(({ facts }) => facts.derive).map(({ name }) => name);
  }

  /** Whether changing an attribute forces replacement, by itself or by what is derived from it. */
  replaces(field: Field, changes: readonly string[]): boolean {
    const derived = this.fields.filter(({ facts, name }) => facts.derive && facts.forceNew && changes.includes(name));
    return field.facts.forceNew === true || derived.length > 0;
  }

  /** Attributes that one update brings after an import, because the server does not tell them. */
  untold(): string[] {
    const counters = this.fields.flatMap(({ facts }) =>
      facts.rotation ? [snakeCase(facts.rotation.revision), snakeCase(facts.rotation.version)] : [],
    );
    return [
      ...this.fields
        .filter(({ facts, api }) => facts.notReturned || facts.createOnly || (api === undefined && !facts.derive))
        .map(({ name }) => name),
      ...counters,
      ...this.unsteady(),
    ];
  }

  /** Attributes that the server alone sets and has to return, also those that it returns only once. */
  returned(): string[] {
    const fields = this.fields.filter((field) => isServers(field) && field.api && !field.facts.derive && !field.facts.notReturned);
    return fields.map(({ name }) => name).filter((name) => !isHinted(this.target.hints.omitted, this.type, name));
  }

  /** Two agreeing configurations that differ in one attribute only. */
  pair(config: ValueRecord, field: Field): readonly [ValueRecord, ValueRecord] {
    const [one, other] = this.valuesFor(field, config);
    const conflicts = this.fields
      .filter(({ key, facts }) => facts.conflicts?.includes(field.key) || field.facts.conflicts?.includes(key))
      .map(({ name }) => name);
    const companions = this.companions(field).map(
      (needed) => [needed.name, config[needed.name] ?? this.valuesFor(needed, config)[0]] as const,
    );
    // What an object refers to may have to agree with what kind it is; without it any kind will do.
    const lists = this.referring().filter((name) => Array.isArray(config[name]));
    const alone = field.shape.kind === 'string' && field.shape.oneOf ? lists.map((name) => [name, []] as const) : [];
    const base = {
      ...config,
      ...Object.fromEntries(alone),
      ...Object.fromEntries(conflicts.map((name) => [name, null])),
      ...Object.fromEntries(companions),
    };
    return [agreeing(this.fields, { ...base, [field.name]: one }), agreeing(this.fields, { ...base, [field.name]: other })];
  }

  /** Puts another value of a field on the server, behind the provider's back; the value, as Terraform would see it. */
  async changeOutside(state: ValueRecord, field: Field): Promise<Value> {
    const { binding } = this.definition;
    const client = await this.target.client();
    const key = this.keyNames().map((name) => String(state[name] ?? ''));
    const [one, another] = this.valuesFor(field, state);
    const chosen = sameValue(another, state[field.name] ?? null) ? one : another;
    // As a plan has it: members that are left out have their defaults.
    const other = planValues([field], { [field.name]: chosen }, undefined)[field.name] ?? null;
    const body = structuredClone(await binding.read(client, key, state)) as Record<string, Json>;
    set(body, field.api ?? [], toJson(field.shape, other));
    await binding.update(client, { key, body, values: { ...state, [field.name]: other }, prior: state });
    await client.close();
    return other;
  }

  /** Attributes that a user can change and that are not the key. */
  changeable(): Field[] {
    const fixed = ({ name }: Field): boolean => isHinted(this.target.hints.fixed, this.type, name);
    return this.fields.filter((field) => settable(field) && !this.definition.key.includes(field.key) && !fixed(field));
  }

  /** Attributes that the server tells. */
  readable(): Field[] {
    return this.changeable().filter(({ api, facts }) => api && !facts.notReturned && !facts.writeOnly);
  }

  private valuesFor(field: Field, config: ValueRecord): readonly [Value, Value] {
    const hint = this.hinted(field);
    if (hint) return hint;
    const given = config[field.name];
    if (referencesOf(this.definition.example.full).some(({ key }) => key === field.key) && Array.isArray(given))
      return [given as Value, []];
    return twoValues(field);
  }

  private companions(field: Field): Field[] {
    const needed = (field.facts.requires ?? []).flatMap((key) => this.fields.filter((candidate) => candidate.key === key));
    return [...needed, ...needed.flatMap((inner) => this.companions(inner))];
  }
}

function set(body: Record<string, unknown>, [head, ...rest]: readonly string[], value: unknown): void {
  if (head === undefined) return;
  if (rest.length === 0) body[head] = value;
  else set((body[head] ??= {}) as Record<string, unknown>, rest, value);
}

/** The errors among diagnostics. */
export const errors = (diagnostics: readonly Told[]): readonly Told[] => diagnostics.filter(({ severity }) => severity === 'error');

/** The instance that an apply made; throws when it met an error. */
export function done({ instance, diagnostics }: Applied): Instance {
  if (errors(diagnostics).length === 0 && instance) return instance;
  throw new Error(problemsOfMessages(diagnostics).join('\n') || 'there is no object, and no error says why');
}

/** Refreshes and plans in a provider process of its own, as `terraform plan` does. */
export async function freshPlan(core: Core, config: ValueRecord, instance: Instance): Promise<FreshPlan> {
  const { instance: read, drift, diagnostics } = await core.refresh(instance);
  const plan = await core.plan(instance.type, config, read);
  return { ...plan, before: instance.state, drift, told: [...diagnostics, ...plan.diagnostics] };
}
