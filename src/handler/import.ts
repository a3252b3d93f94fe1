import { idOf, type ResourceDefinition } from '../schema/define/definition';
import { error } from '../common/diagnostic';
import type { ValueRecord } from '../common/value';
import { type Compiled, identityOf, isOptional, keyOf } from './compiled';
import type { ImportAnswer, ImportRequest } from './provider';
import { managed, valuesOf } from './read';
import type { Session } from './session';

/** Imports an existing object into the state, by id or by identity. */
export async function importState(session: Session, request: ImportRequest): Promise<ImportAnswer> {
  const compiled = session.catalog.resource(request.type);
  const { binding } = compiled.definition;
  const key = request.identity
    ? keyOfIdentity(compiled, request.identity)
    : ((await binding.importKey?.(session.connected().client, request.id)) ?? parseId(compiled, request.id));
  if (!key || !fits(compiled, key))
    return request.identity
      ? refused('Invalid Import Identity', wrongIdentity(compiled, request.identity))
      : refused('Invalid Import Id', wrongId(compiled, request));
  const { client, reader } = session.connected();
  const object = managed(binding, await reader.single(binding, { key }), {});
  if (!object)
    return refused(
      'Nothing to Import',
      `The server has no ${request.type} "${idOf(key)}". Check the name and the endpoint (${client.endpoint}).`,
    );
  const start = Object.fromEntries(
    compiled.fields.flatMap(({ name }) => (compiled.key.includes(name) ? [[name, key[compiled.key.indexOf(name)] || null]] : [])),
  );
  const observed = await valuesOf({ compiled, object, server: client }, start);
  if ('diagnostic' in observed) return { imported: [], diagnostics: [observed.diagnostic] };
  return { imported: [{ type: request.type, state: observed.values, identity: identityOf(compiled, observed.values) }], diagnostics: [] };
}

/** The parts of an id; the last one may contain slashes, or be omitted where it is optional. */
function parseId(compiled: Compiled<ResourceDefinition>, id: string): string[] | undefined {
  const { key } = compiled;
  const parts = id.split('/');
  if (parts.length === key.length - 1 && isOptional(compiled, key.at(-1) ?? ''))
    return parts.every((part) => part !== '') ? [...parts, ''] : undefined;
  const head = parts.slice(0, key.length - 1);
  const all = [...head, parts.slice(key.length - 1).join('/')];
  return all.length === key.length ? all : undefined;
}

/** A key that could not be configured cannot be imported; a path with `..` would address another object. */
function fits(compiled: Compiled<ResourceDefinition>, parts: readonly string[]): boolean {
  const { key, fields } = compiled;
  return key.every((name, index) => {
    const field = fields.find((one) => one.name === name);
    if (parts[index] === '' && isOptional(compiled, name)) return true;
    // Nothing is not a name; where there is a default, a configuration may say so, such as that a repository is in no workspace.
    return (parts[index] !== '' || field?.default !== undefined) && field?.type.safeParse(parts[index]).success === true;
  });
}

function keyOfIdentity(compiled: Compiled<ResourceDefinition>, identity: ValueRecord): string[] | undefined {
  const key = keyOf(compiled, identity);
  return key?.every((part, index) => part !== '' || isOptional(compiled, compiled.key[index] ?? '')) ? key : undefined;
}

function wrongId(compiled: Compiled<ResourceDefinition>, { id }: ImportRequest): string {
  const { key, definition } = compiled;
  const last = key.length - 1;
  const form = key
    .map((name, index) => (index === last && isOptional(compiled, name) ? `[/<${name}>]` : `${index > 0 ? '/' : ''}<${name}>`))
    .join('');
  return `"${id}" is not an import id of ${definition.type}; its format is ${form}, e.g. terraform import ${definition.type}.example '${key.map((name) => `my-${name}`).join('/')}'.`;
}

function wrongIdentity(compiled: Compiled<ResourceDefinition>, identity: ValueRecord): string {
  const { key, definition } = compiled;
  const wanted = key.map((name) => `${name}${isOptional(compiled, name) ? ' (optional)' : ''}`).join(', ');
  const example = key.map((name) => `${name} = "my-${name}"`).join(', ');
  return `${identityText(identity)} is not an identity of ${definition.type}, which has the attributes ${wanted}, e.g. identity = { ${example} } in an import block.`;
}

/** An identity as written in an import block. */
function identityText(identity: ValueRecord): string {
  const parts = Object.entries(identity).map(([name, value]) => `${name} = ${typeof value === 'string' ? JSON.stringify(value) : 'null'}`);
  return `{ ${parts.join(', ')} }`;
}

/** The id or identity of an import, for messages. */
export const wantedBy = ({ id, identity }: ImportRequest): string => (identity ? identityText(identity) : `"${id}"`);

const refused = (summary: string, detail: string): ImportAnswer => ({ imported: [], diagnostics: [error(summary, detail)] });
