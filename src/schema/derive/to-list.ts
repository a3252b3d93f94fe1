import * as z from 'zod';
import { attr, type Attributes } from '../define/attribute';
import type { ResourceDefinition } from '../define/definition';
import { type Field, fieldsOf } from '../define/shape';

/** The attribute of a list block that allows lists which make the server write something. */
export const ALLOW_WRITES = 'allow_writes';

/** How objects of a type are selected from its lists: the attributes of the `config` block. Nothing if there are no lists. */
export function listFields(definition: ResourceDefinition): readonly Field[] | undefined {
  const { list } = definition.binding;
  if (!list) return undefined;
  const known = made.get(definition.attributes);
  if (known) return known;
  const fields = fieldsOf({ ...filtersOf(definition), ...(list.writes !== undefined && { allowWrites: permission(list.writes) }) });
  made.set(definition.attributes, fields);
  return fields;
}

const made = new WeakMap<Attributes, readonly Field[]>();

/** What an object is known by, and what it can be one of few of. */
function filtersOf({ attributes, apiCase, key }: ResourceDefinition): Attributes {
  const fields = fieldsOf(attributes, apiCase);
  const parts = key.flatMap((name) => fields.filter((field) => field.key === name));
  const others = fields.filter((field) => !key.includes(field.key) && enumerated(field) && isTold(field));
  return Object.fromEntries(
    [...parts, ...others].map((field) => {
      const values = enumerated(field);
      const type = values ? z.enum(values) : z.string().min(1);
      const pattern = values ? '' : ' May be a pattern: `*` matches any text, `?` any character.';
      return [field.key, attr(type.optional(), `${field.description}${pattern}`)];
    }),
  );
}

function enumerated({ shape }: Field): readonly string[] | undefined {
  return shape.kind === 'string' ? shape.oneOf : undefined;
}

const isTold = ({ api, facts }: Field): boolean => api !== undefined && !facts.notReturned && !facts.writeOnly && !facts.createOnly;

const permission = (writes: string): Attributes[string] => attr(z.boolean().optional(), `Allows listing although it writes: ${writes}.`);
