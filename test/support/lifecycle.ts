import { snakeCase } from '../../src/common/names';
import { isRecord, type Value, type ValueRecord } from '../../src/common/value';
import { idOf, type ResourceDefinition } from '../../src/schema/resource';
import type { Field } from '../../src/schema/shape';
import { toJson } from '../../src/schema/to-api';
import { agreeing, settable, twoValues } from './arbitraries';
import { outsideValues } from './hints';
import type { Applied, Core, Instance, Planned, Told } from './core';
import { exampleConfig, fieldsOfResource, referencesOf } from './examples';
import type { Target } from './target';

/** What the contract suite does with one resource type, knowing only its definition. */
export class Subject {
  readonly fields: readonly Field[];
  private readonly made = new Map<string, Value>();

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
    const example = this.definition.example[size];
    for (const { ref } of referencesOf(example)) if (!this.made.has(ref)) this.made.set(ref, await this.make(ref));
    return this.renamed(
      exampleConfig(this.definition, example, (ref) => this.made.get(ref) ?? null),
      suffix,
    );
  }

  /** The configuration with another key. */
  renamed(config: ValueRecord, suffix: string): ValueRecord {
    const referring = this.referring();
    const own = this.keyNames().filter((name) => !referring.includes(name));
    return { ...config, ...Object.fromEntries(own.map((name) => [name, `${String(config[name])}${suffix}`])) };
  }

  /** Attributes that name other objects, as the examples show. */
  referring(): string[] {
    return [...new Set(referencesOf(this.definition.example.full).map(({ key }) => snakeCase(key)))];
  }

  keyNames(): string[] {
    return this.definition.key.map(snakeCase);
  }

  id(config: Value): string {
    return idOf(this.keyNames().map((name) => (isRecord(config) ? (config[name] ?? null) : null)));
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

  /** Whether changing an attribute makes a new object, by itself or by what is derived from it. */
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
      ...this.fields.filter(({ facts, api }) => facts.unreadable || (api === undefined && !facts.derive)).map(({ name }) => name),
      ...counters,
    ];
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
    const alone = field.shape.kind === 'string' && field.shape.oneOf ? this.referring().map((name) => [name, []] as const) : [];
    const base = {
      ...config,
      ...Object.fromEntries(alone),
      ...Object.fromEntries(conflicts.map((name) => [name, null])),
      ...Object.fromEntries(companions),
    };
    return [agreeing(this.fields, { ...base, [field.name]: one }), agreeing(this.fields, { ...base, [field.name]: other })];
  }

  /** Puts another value of a field on the server, behind the provider's back; the value, as Terraform would see it. */
  async changeOutside(config: ValueRecord, field: Field): Promise<Value> {
    const path = this.path(config);
    const { json } = await this.target.outside('GET', path);
    const [, other] = this.valuesFor(field, config);
    const body = structuredClone(json) as Record<string, unknown>;
    set(body, field.api ?? [], toJson(field.shape, other));
    const { status } = await this.target.outside('PUT', path, body);
    if (status >= 300) throw new Error(`the server does not let ${field.name} be changed: ${status}`);
    return other;
  }

  /** Where the object is on the server. */
  path(config: ValueRecord): string {
    const key = this.keyNames().map((name) => String(config[name]));
    return `${this.definition.binding.list?.scope(key) ?? ''}/${key.map(encodeURIComponent).join('/')}`;
  }

  /** Attributes that a user can change and that are not the key. */
  changeable(): Field[] {
    return this.fields.filter((field) => settable(field) && !this.definition.key.includes(field.key));
  }

  /** Attributes that the server tells. */
  readable(): Field[] {
    return this.changeable().filter(({ api, facts }) => api && !facts.unreadable && !facts.writeOnly);
  }

  private valuesFor(field: Field, config: ValueRecord): readonly [Value, Value] {
    const given = config[field.name];
    if (referencesOf(this.definition.example.full).some(({ key }) => key === field.key) && Array.isArray(given))
      return [given as Value, []];
    return outsideValues(this.type, field.name) ?? twoValues(field);
  }

  private companions(field: Field): Field[] {
    const needed = (field.facts.requires ?? []).flatMap((key) => this.fields.filter((candidate) => candidate.key === key));
    return [...needed, ...needed.flatMap((inner) => this.companions(inner))];
  }

  private async make(ref: string): Promise<Value> {
    const [type = '', , attribute = ''] = ref.split('.');
    const definition = this.target.provider.resources.find((candidate) => candidate.type === type);
    if (!definition) throw new Error(`the example of ${this.type} refers to ${type}, which there is not`);
    const other = new Subject(definition, this.target);
    const config = other.renamed(await other.example('minimal'), `-of-${this.type.replaceAll('_', '-')}`);
    const { instance, diagnostics } = await (await this.target.core()).ensure(type, config);
    if (!isRecord(instance?.state ?? null)) throw new Error(JSON.stringify(diagnostics));
    return (instance?.state as ValueRecord)[attribute] ?? null;
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
  if (errors(diagnostics).length > 0 || !instance) throw new Error(JSON.stringify(diagnostics));
  return instance;
}

/** Refreshes and plans in a provider process of its own, as `terraform plan` does. */
export async function freshPlan(
  core: Core,
  config: ValueRecord,
  instance: Instance,
): Promise<Planned & { drift: readonly string[]; told: readonly Told[] }> {
  const { instance: read, drift, diagnostics } = await core.refresh(instance);
  const plan = await core.plan(instance.type, config, read);
  return { ...plan, drift, told: [...diagnostics, ...plan.diagnostics] };
}
