import type { ActionDefinition, DataSourceDefinition, EphemeralDefinition, ResourceDefinition } from '../schema/define/definition';
import type { Value, ValueRecord } from '../common/value';
import type { ProviderDefinition } from '../schema/define/provider';
import { type Field, fieldsOf } from '../schema/define/shape';
import { listFields } from '../schema/derive/to-list';
import { guardedAction, guardedDataSource, guardedEphemeral, guardedFields, guardedResource } from './guarded';
import { type FaultLog, HookGuard } from './hook-guard';

/** A definition with its fields, compiled when first used. */
export interface Compiled<D> {
  readonly definition: D;
  readonly fields: readonly Field[];
  /** Names (snake_case) of the attributes that make up the key. */
  readonly key: readonly string[];
}

/** All definitions of a provider, by type name. */
export class Catalog {
  private readonly resources: ReadonlyMap<string, ResourceDefinition>;
  private readonly dataSources: ReadonlyMap<string, DataSourceDefinition>;
  private readonly ephemerals: ReadonlyMap<string, EphemeralDefinition>;
  private readonly actions: ReadonlyMap<string, ActionDefinition>;
  private readonly compiledResources = new Map<string, Compiled<ResourceDefinition>>();
  private readonly compiledDataSources = new Map<string, Compiled<DataSourceDefinition>>();
  private readonly compiledEphemerals = new Map<string, Compiled<EphemeralDefinition>>();
  private readonly compiledActions = new Map<string, Compiled<ActionDefinition>>();

  /** Where hooks that fail by themselves are told of, and what is secret in what hooks say. @default nowhere and nothing */
  output: FaultLog = { clean: (text) => text, log: () => {} };
  /** Calls the hooks of the provider. */
  readonly guard = new HookGuard({ clean: (text) => this.output.clean(text), log: (...line) => this.output.log(...line) });

  constructor(readonly provider: ProviderDefinition) {
    this.resources = new Map(provider.resources.map((definition) => [definition.type, definition]));
    this.dataSources = new Map(provider.dataSources.map((definition) => [definition.type, definition]));
    this.ephemerals = new Map(provider.ephemerals?.map((definition) => [definition.type, definition]));
    this.actions = new Map(provider.actions?.map((definition) => [definition.type, definition]));
  }

  /** The resource type; throws `UnknownType` for one that does not exist. */
  resource(type: string): Compiled<ResourceDefinition> {
    return cached(this.compiledResources, type, () => {
      const definition = this.resources.get(type) ?? unknownType('resource', type, this.provider);
      const fields = guardedFields(this.guard, type, fieldsOf(definition.attributes, definition.apiCase));
      const key = definition.key.map((name) => fields.find((field) => field.key === name)?.name ?? name);
      return { definition: guardedResource(this.guard, definition), fields, key };
    });
  }

  /** The list resource of a type; throws `UnknownType` for a type that does not exist or cannot be listed. */
  list(type: string): Compiled<ResourceDefinition> {
    const known = this.resources.get(type);
    const fields = (known && listFields(known)) ?? unknownType('list resource', type, this.provider);
    return { ...this.resource(type), fields };
  }

  /** The data source type; throws `UnknownType` for one that does not exist. */
  dataSource(type: string): Compiled<DataSourceDefinition> {
    return cached(this.compiledDataSources, type, () => {
      const definition = this.dataSources.get(type) ?? unknownType('data source', type, this.provider);
      const fields = guardedFields(this.guard, `data source ${type}`, fieldsOf(definition.attributes, definition.apiCase));
      return { definition: guardedDataSource(this.guard, definition), fields, key: [] };
    });
  }

  /** The ephemeral resource type; throws `UnknownType` for one that does not exist. */
  ephemeral(type: string): Compiled<EphemeralDefinition> {
    return cached(this.compiledEphemerals, type, () => {
      const definition = this.ephemerals.get(type) ?? unknownType('ephemeral resource', type, this.provider);
      const fields = guardedFields(this.guard, `ephemeral ${type}`, fieldsOf(definition.attributes, definition.apiCase));
      return { definition: guardedEphemeral(this.guard, definition), fields, key: [] };
    });
  }

  /** The action type; throws `UnknownType` for one that does not exist. */
  action(type: string): Compiled<ActionDefinition> {
    return cached(this.compiledActions, type, () => {
      const definition = this.actions.get(type) ?? unknownType('action', type, this.provider);
      const fields = fieldsOf(definition.attributes, definition.apiCase);
      return { definition: guardedAction(this.guard, definition), fields, key: [] };
    });
  }
}

/** A request named a type that the provider does not have. */
export class UnknownType extends Error {}

function unknownType(kind: string, type: string, provider: ProviderDefinition): never {
  throw new UnknownType(`the provider "${provider.name}" has no ${kind} "${type}"`);
}

function cached<T>(cache: Map<string, T>, name: string, make: () => T): T {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const made = make();
  cache.set(name, made);
  return made;
}

/** The key of an object if every part is a known string; an optional part that is not set is empty. */
export function keyOf(compiled: Compiled<ResourceDefinition>, values: ValueRecord): string[] | undefined {
  const key = compiled.key.map((name): Value => values[name] ?? (isOptional(compiled, name) ? '' : null));
  return key.every((part) => typeof part === 'string') ? key : undefined;
}

/** Whether a part of the key may be left out. */
export const isOptional = ({ fields }: Compiled<ResourceDefinition>, name: string): boolean =>
  fields.some((field) => field.name === name && field.optional);

/** The identity of an object, as core stores it. */
export function identityOf(compiled: Compiled<ResourceDefinition>, values: ValueRecord): ValueRecord {
  return Object.fromEntries(compiled.key.map((name) => [name, values[name] ?? null]));
}
