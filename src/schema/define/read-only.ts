import * as z from 'zod';
import { patternMatches } from '../../common/re2';
import { snakeCase } from '../../common/names';
import { attr, type Attribute, type Attributes } from './attribute';
import { type DataSourceDefinition, defineDataSource } from './data-source';
import { dig, type JsonObject } from './json';
import { nested, nestedAttributes } from './nested';
import type { ExampleConfig, ResourceDefinition } from './resource';
import { fieldsOf } from './shape';
import { timeouts } from './timeouts';
import { pattern } from './types';

/** The attributes of a resource that a server tells, as a data source has them: all computed, nested ones too. */
export function computedAttributes(attributes: Attributes): Attributes {
  const told = Object.entries(attributes).filter(([key, attribute]) => isTold(attribute) && !Object.hasOwn(timeouts, key));
  return Object.fromEntries(told.map(([key, attribute]) => [key, computed(attribute)]));
}

const isTold = ({ facts }: Attribute): boolean =>
  !facts.sensitive &&
  !facts.writeOnly &&
  !facts.notReturned &&
  facts.api !== false &&
  (facts.derive === undefined || facts.api !== undefined);

const computed = ({ type, description, facts }: Attribute): Attribute =>
  attr(computedType(type), description, { ...(facts.api !== undefined && { api: facts.api }), computed: true });

/** The type without what a user may leave out; what is nested in it is computed too. */
function computedType(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodOptional || type instanceof z.ZodDefault) return computedType(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodArray) return z.array(computedType(type.element as z.ZodType));
  if (type instanceof z.ZodSet) return z.set(computedType(type.def.valueType as z.ZodType));
  if (type instanceof z.ZodRecord) return z.record(z.string(), computedType(type.valueType as z.ZodType));
  const inner = nestedAttributes(type);
  if (inner) return nested(computedAttributes(inner));
  return type instanceof z.ZodBoolean ? z.boolean() : type instanceof z.ZodNumber ? z.number() : z.string();
}

/** The type of a part of the key, as somebody writes it who looks for the object. */
const asked = ({ type, description, facts }: Attribute): Attribute =>
  attr(type, description, facts.api === undefined ? {} : { api: facts.api });

/** A data source that reads one object of a resource type by its key. */
export function dataSourceOf(definition: ResourceDefinition, example: ExampleConfig): DataSourceDefinition {
  const { attributes, key, binding, type } = definition;
  const derived = Object.entries(attributes).filter(([, { facts }]) => facts.derive !== undefined && facts.api === undefined);
  return defineDataSource({
    type,
    description: `One object of the kind that the resource \`${type}\` manages, whoever made it.`,
    ...(definition.apiCase && { apiCase: definition.apiCase }),
    attributes: {
      ...computedAttributes(attributes),
      ...Object.fromEntries(derived),
      ...Object.fromEntries(key.map((name) => [name, asked(attributes[name] as Attribute)])),
    },
    read: ({ find }, config) =>
      find(
        binding,
        key.map((name) => String(config[snakeCase(name)] ?? '')),
      ),
    example,
  });
}

/** What a list is called and how it is asked for. */
export interface ListOptions {
  /** Terraform's name of the data source. */
  readonly type: string;
  readonly description: string;
  /** The camelCase attribute that holds what was found. */
  readonly name: string;
  readonly example: ExampleConfig;
}

/** A data source that lists the objects of a resource type: by the parts of the key but the last, whose names a pattern may pick. */
export function listDataSourceOf(definition: ResourceDefinition, options: ListOptions): DataSourceDefinition {
  const { attributes, key, binding } = definition;
  const parents = key.slice(0, -1);
  const last = key.at(-1) as string;
  return defineDataSource({
    type: options.type,
    description: options.description,
    ...(definition.apiCase && { apiCase: definition.apiCase }),
    attributes: {
      ...Object.fromEntries(parents.map((name) => [name, { ...asked(attributes[name] as Attribute), facts: { api: false as const } }])),
      [`${last}Pattern`]: attr(pattern.optional(), `Only those whose \`${snakeCase(last)}\` this RE2 pattern matches anywhere.`, {
        api: false,
      }),
      [options.name]: attr(z.array(nested(computedAttributes(attributes))), `What was found, in the order of \`${snakeCase(last)}\`.`, {
        computed: true,
      }),
    },
    async read({ list }, config) {
      const wanted = config[snakeCase(`${last}Pattern`)];
      const found = await list(
        binding,
        parents.map((name) => String(config[snakeCase(name)])),
      );
      const path = fieldsOf(attributes, definition.apiCase).find((field) => field.key === last)?.api ?? [];
      const names = (entry: JsonObject): string => String(dig(entry, path));
      const picked = found.filter((entry) => typeof wanted !== 'string' || patternMatches(wanted, names(entry)));
      return { [options.name]: [...picked].sort((a, b) => (names(a) < names(b) ? -1 : 1)) };
    },
    example: options.example,
  });
}
