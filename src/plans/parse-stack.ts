import { type AttributePath, attributeName } from '../common/diagnostic';
import { parseJson } from '../common/exact-json';
import { UNKNOWN, type Value } from '../common/value';
import { isJsonObject, type Json, type JsonObject, listOf, textOf } from '../schema/define/json';
import { type Field, fieldsOf, isHidden, isServers, type Shape } from '../schema/define/shape';
import { depthProblem } from './depth';
import { hasExpression } from './expression';
import type { KnownProviders, KnownType } from './known';
import { asOwn, formOf } from './other-form';
import type { Parsed } from './parse-plan';
import type { Declared, ProviderBlock, Stack, Written } from './plan';
import { isRecord, type PlanRecord, type PlanValue, Secret, valueAt } from './value';

/** Reads a stack as a CDK core synthesized it: Terraform's JSON configuration. References between its resources are followed as far as values are known. */
export function parseStack(text: string, name: string, known: KnownProviders): Parsed<Stack> {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return { problem: 'it is not JSON, or it was cut off; synthesize the app again' };
  }
  const deep = depthProblem(json);
  if (deep !== undefined) return { problem: deep };
  if (!isJsonObject(json)) return { problem: 'it is not an object, as a synthesized stack is; synthesize the app again' };
  const settings = isJsonObject(json.terraform) ? json.terraform : {};
  const requirements = isJsonObject(settings.required_providers) ? settings.required_providers : {};
  const sources = new Sources(requirements);
  const blocks = [...blocksIn(json.resource, 'managed'), ...blocksIn(json.data, 'data')];
  const [backend] = isJsonObject(settings.backend) ? Object.keys(settings.backend) : isJsonObject(settings.cloud) ? ['cloud'] : [];
  return {
    value: {
      name,
      ...(backend !== undefined && { backend }),
      objects: declaredIn(blocks, sources, known),
      providers: Object.entries(isJsonObject(json.provider) ? json.provider : {}).flatMap(([provider, written]) =>
        (Array.isArray(written) ? listOf(written as Json) : isJsonObject(written) ? [written] : []).map((one) =>
          providerOf(one, { name: provider, source: sources.of(provider) }, known),
        ),
      ),
    },
  };
}

interface Block {
  readonly mode: Declared['mode'];
  readonly type: string;
  readonly name: string;
  readonly body: JsonObject;
}

function blocksIn(json: Json | undefined, mode: Declared['mode']): Block[] {
  if (!isJsonObject(json)) return [];
  return Object.entries(json).flatMap(([type, named]) =>
    isJsonObject(named) ? Object.entries(named).flatMap(([name, body]) => (isJsonObject(body) ? [{ mode, type, name, body }] : [])) : [],
  );
}

/** Where the providers of a stack come from. */
class Sources {
  constructor(private readonly requirements: JsonObject) {}

  /** The source address of a provider by its name in the stack; the name alone if the stack does not say where it comes from, as in tests of constructs. */
  of(name: string): string {
    const required = Object.hasOwn(this.requirements, name) ? this.requirements[name] : undefined;
    return (isJsonObject(required) ? textOf(required.source) : undefined) ?? name;
  }

  /** That of a resource: the provider that it names, e.g. `artifactapi.east`, or else the one that its type begins with. */
  ofResource({ type, body }: Block): string {
    const named = (textOf(body.provider) ?? '').replace(/^\$\{(.*)\}$/, '$1');
    return this.of(named === '' ? (type.split('_')[0] ?? type) : (named.split('.')[0] ?? named));
  }
}

/** A block with what the definitions say of it; one of another provider has the attributes of ours. */
interface DescribedBlock extends Block {
  readonly known?: KnownType | undefined;
  readonly isForm?: boolean;
}

function described(block: Block, sources: Sources, known: KnownProviders): DescribedBlock {
  if (block.mode !== 'managed') return block;
  const { type, body } = block;
  const source = sources.ofResource(block);
  const form = formOf(body, known.forms(source, type));
  if (!form) return { ...block, known: known.type(source, type) };
  const comment = body['//'];
  return { ...block, known: form.known, isForm: true, body: { ...asOwn(body, form), ...(comment !== undefined && { '//': comment }) } };
}

function declaredIn(written: readonly Block[], sources: Sources, known: KnownProviders): Declared[] {
  const sourceOf = new Map(written.map((block) => [addressOf(block), sources.ofResource(block)]));
  const blocks = written.map((block) => described(block, sources, known));
  const byAddress = new Map(blocks.map((block) => [addressOf(block), block]));
  const made = new Map<string, PlanRecord>();
  const open = new Set<string>();
  const valuesAt: Lookup = (address) => {
    const block = byAddress.get(address);
    const type = block?.known;
    const values = made.get(address);
    // A stack with a cycle is refused by the core; here it must only not hang.
    if (!block || !type || values || open.has(address)) return values;
    open.add(address);
    const completed = completeRecord(block.body, type.fields, valuesAt);
    open.delete(address);
    made.set(address, completed);
    return completed;
  };
  return blocks.map((block) => {
    const [address, type, construct] = [addressOf(block), block.known, constructOf(block.body)];
    return {
      address,
      mode: block.mode,
      type: type?.definition.type ?? block.type,
      ...(block.isForm && { declaredAs: block.type }),
      name: block.name,
      source: sourceOf.get(address) ?? '',
      ...(type && { known: type }),
      values: valuesAt(address) ?? {},
      written: writtenIn(block.body, new Set(type?.fields.map((field) => field.name))),
      references: new Map(type ? referencesIn(block.body, []) : []),
      ...(construct !== undefined && { construct }),
    };
  });
}

const addressOf = ({ mode, type, name }: Block): string => `${mode === 'data' ? 'data.' : ''}${type}.${name}`;

function constructOf(body: JsonObject): string | undefined {
  const comment = body['//'];
  const metadata = isJsonObject(comment) ? comment.metadata : undefined;
  return isJsonObject(metadata) ? textOf(metadata.path) : undefined;
}

function writtenIn(body: JsonObject, names: ReadonlySet<string>): Declared['written'] {
  const set = Object.entries(body).filter(([name, value]) => names.has(name) && value !== null && value !== undefined);
  return new Map(set.map(([name, value]): [string, Written] => [name, hasExpression(value) ? 'expression' : 'literal']));
}

function providerOf(body: JsonObject, { name, source }: Pick<ProviderBlock, 'name' | 'source'>, known: KnownProviders): ProviderBlock {
  const provider = known.provider(source);
  const fields = fieldsOf(provider?.attributes ?? {});
  const alias = textOf(body.alias);
  return {
    name,
    ...(alias !== undefined && { alias }),
    source,
    ...(provider && { known: provider }),
    values: Object.fromEntries(
      fields.flatMap((field) => (body[field.name] == null ? [] : [[field.name, fieldValue(body[field.name], field, () => undefined)]])),
    ),
    written: writtenIn(body, new Set(fields.map((field) => field.name))),
  };
}

/** The values of a resource by its address, as far as they are known; nothing for one that is not described. */
type Lookup = (address: string) => PlanRecord | undefined;

function completeRecord(body: JsonObject, fields: readonly Field[], at: Lookup): PlanRecord {
  return Object.fromEntries(
    fields.map((field): [string, PlanValue] => {
      const given = Object.hasOwn(body, field.name) ? body[field.name] : undefined;
      return [field.name, given === undefined || given === null ? unsetValue(field) : fieldValue(given, field, at)];
    }),
  );
}

/** The value of an attribute that is not written. */
function unsetValue(field: Field): PlanValue {
  if (field.default !== undefined) return field.default as Exclude<Value, object>;
  return field.computed || isServers(field) ? UNKNOWN : null;
}

function fieldValue(json: Json | undefined, field: Field, at: Lookup): PlanValue {
  const value = valueOf(json ?? null, field.shape, at);
  return !isHidden(field) || value === null || value === UNKNOWN ? value : hasExpression(json) ? UNKNOWN : new Secret(json);
}

function valueOf(json: Json, shape: Shape, at: Lookup): PlanValue {
  if (typeof json === 'string') return textValue(json, at);
  if (Array.isArray(json)) {
    const element = 'element' in shape ? shape.element : shape;
    return (json as readonly Json[]).map((item) => valueOf(item, element, at));
  }
  if (!isJsonObject(json)) return json as Exclude<typeof json, readonly Json[]>;
  if (shape.kind === 'object') return completeRecord(json, shape.fields, at);
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, valueOf(item ?? null, 'element' in shape ? shape.element : shape, at)]),
  );
}

/** `${type.name.attribute}`, and nothing else. */
const reference = /^\$\{([a-z][a-z0-9_]*\.[\w-]+)\.([a-z][a-z0-9_]*)\}$/;

/** The addresses of what attributes refer to, by their paths. */
function referencesIn(json: Json | undefined, path: AttributePath): [string, readonly string[]][] {
  if (Array.isArray(json)) return (json as readonly Json[]).flatMap((item, index) => referencesIn(item, [...path, index]));
  if (isJsonObject(json))
    return Object.entries(json).flatMap(([name, value]) => (name === '//' ? [] : referencesIn(value, [...path, name])));
  const [, address] = typeof json === 'string' ? (reference.exec(json) ?? []) : [];
  return address === undefined ? [] : [[attributeName(path), [address]]];
}

/** What a text stands for: itself, or the value that it refers to; otherwise it is not known yet. */
function textValue(text: string, at: Lookup): PlanValue {
  if (!hasExpression(text)) return text.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');
  const [, address, name] = reference.exec(text) ?? [];
  const values = address === undefined ? undefined : at(address);
  const value = values && name !== undefined && Object.hasOwn(values, name) ? valueAt(values, name) : UNKNOWN;
  // A null may be what the server decides.
  return value === null || isRecord(value) ? UNKNOWN : value;
}
