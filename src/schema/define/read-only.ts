import * as z from 'zod';
import type { Diagnostic } from '../../common/diagnostic';
import type { ApiClient } from './client';
import { patternMatches } from '../../common/re2';
import { snakeCase } from '../../common/names';
import { attr, type Attribute, type Attributes, factsOf, type Values } from './attribute';
import { defineDataSource } from './data-source';
import type { DataSourceDefinition, ExampleConfig, ResourceDefinition } from './definition';
import { dig, type JsonObject } from './json';
import { isWithin } from './needs';
import { nested, nestedAttributes } from './nested';
import type { Example } from './resource';
import { type Field, fieldsOf } from './shape';
import { timeouts } from './timeouts';
import { pattern } from './types';

/** Attributes of a data source, whose values only the server sets. */
export type Computed<A extends Attributes> = { readonly [K in keyof A]: Attribute<A[K]['type'], { readonly computed: true }> };

/** The attributes of a resource that a server returns, as attributes of a data source: all computed, including nested ones. */
export function computedAttributes<A extends Attributes>(attributes: A): Computed<A> {
  const returned = Object.entries(attributes).filter(([key, attribute]) => isReturned(attribute) && !Object.hasOwn(timeouts, key));
  return Object.fromEntries(returned.map(([key, attribute]) => [key, computed(attribute)])) as unknown as Computed<A>;
}

function isReturned(attribute: Attribute): boolean {
  const { sensitive, writeOnly, notReturned, api, derive } = factsOf(attribute);
  return !sensitive && !writeOnly && !notReturned && api !== false && (derive === undefined || api !== undefined);
}

const computed = ({ type, description, facts }: Attribute): Attribute =>
  attr(computedType(type), description, { ...(facts.api !== undefined && { api: facts.api }), computed: true });

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
}

/** The type without optional and default; nested attributes are computed too. */
function computedType(type: z.ZodType): z.ZodType {
  const { type: kind, innerType, element, valueType } = type._zod.def as unknown as Definition;
  const inner = (innerType ?? element ?? valueType) as z.ZodType;
  if (kind === 'optional' || kind === 'default') return computedType(inner);
  if (kind === 'array') return z.array(computedType(inner));
  if (kind === 'set') return z.set(computedType(inner));
  if (kind === 'record') return z.record(z.string(), computedType(inner));
  const attributes = nestedAttributes(type);
  if (attributes) return nested(computedAttributes(attributes));
  return kind === 'boolean' ? z.boolean() : kind === 'number' || kind === 'int' ? z.number() : z.string();
}

/** The type of a key part in a lookup. */
const asked = ({ type, description, facts }: Attribute): Attribute =>
  attr(type, description, facts.api === undefined ? {} : { api: facts.api });

/** A data source that reads one object of a resource type by its key. */
export function dataSourceOf<A extends Attributes>(definition: ResourceDefinition<A>, example: Example<A>): DataSourceDefinition {
  const { key, type } = definition;
  const attributes: Attributes = definition.attributes;
  const derived = Object.entries(attributes).filter(
    ([, attribute]) => factsOf(attribute).derive !== undefined && attribute.facts.api === undefined,
  );
  return defineDataSource<Attributes>({
    type,
    description: `One object of the type that the resource \`${type}\` manages, whether or not Terraform created it.`,
    ...(definition.apiCase && { apiCase: definition.apiCase }),
    attributes: {
      ...computedAttributes(attributes),
      ...Object.fromEntries(derived),
      ...Object.fromEntries(key.map((name) => [name, asked(attributes[name] as Attribute)])),
    },
    ...(definition.needs?.read && { needs: { read: definition.needs.read } }),
    read: ({ find, config }) => find(definition, textsOf(config, key)),
    example,
  });
}

const textsOf = (config: Values<Attributes>, names: readonly string[]): Record<string, string | undefined> =>
  Object.fromEntries(names.map((name) => [name, config[name] as string | undefined]));

/** The name of a list data source and how it is queried. */
export interface ListOptions {
  /** Terraform's name of the data source. */
  readonly type: string;
  readonly description: string;
  /** The camelCase attribute with the results. */
  readonly name: string;
  /** What to say of a list with nothing in it, such as that its parent does not exist, where the server does not. @default nothing */
  whenEmpty?(call: {
    readonly client: ApiClient;
    readonly key: Readonly<Record<string, string | undefined>>;
  }): Promise<readonly Diagnostic[]>;
  readonly example: ExampleConfig;
}

/** A data source that lists the objects of a resource type under all parts of the key but the last, optionally filtered by a pattern for the last. */
export function listDataSourceOf(definition: ResourceDefinition, options: ListOptions): DataSourceDefinition {
  const { attributes, key } = definition;
  const parents = key.slice(0, -1);
  const last = key.at(-1) as string;
  const wanted = `${last}Pattern`;
  return defineDataSource<Attributes>({
    type: options.type,
    description: options.description,
    ...(definition.apiCase && { apiCase: definition.apiCase }),
    attributes: {
      ...Object.fromEntries(parents.map((name) => [name, { ...asked(attributes[name] as Attribute), facts: { api: false as const } }])),
      [wanted]: attr(pattern.optional(), `Only objects whose \`${snakeCase(last)}\` matches this RE2 pattern anywhere.`, { api: false }),
      [options.name]: attr(z.array(nested(computedAttributes(attributes))), `The objects found, sorted by \`${snakeCase(last)}\`.`, {
        computed: true,
      }),
    },
    // A list shows what its reader may see; only what is above it can be refused.
    ...(definition.needs?.list && { needs: { read: definition.needs.list.filter((need) => isWithin(need, parents)) } }),
    async read({ client, list, config, tell }) {
      const field = fieldsOf(attributes, definition.apiCase).find(({ key: name }) => name === last) as Field;
      const name = (entry: JsonObject): string => String(dig(entry, field.api ?? []) ?? '');
      const { [wanted]: fits } = config as Record<string, string | undefined>;
      const key = textsOf(config, parents);
      const found = await list(definition, key);
      if (found.length === 0) (await options.whenEmpty?.({ client, key }))?.forEach(tell);
      const picked = found.filter((entry) => fits === undefined || patternMatches(fits, name(entry)));
      return { [options.name]: picked.sort((a, b) => (name(a) < name(b) ? -1 : 1)) };
    },
    example: options.example,
  });
}
