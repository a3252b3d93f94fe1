import { UNKNOWN } from '../common/value';
import { fieldsOf, isHidden } from '../schema/define/shape';
import { isJsonObject, type JsonObject, listOf, textOf, textsOf } from '../schema/define/json';
import type { KnownProviders } from './known';
import type { Declared, ProviderBlock, Written } from './plan';
import { type PlanRecord, type PlanValue, Secret } from './value';

/** What a block says of its attributes. */
export type ConfiguredBlock = Pick<Declared, 'written' | 'references'>;

const absent: ConfiguredBlock = { written: new Map(), references: new Map() };

/** What the configuration in a plan says of resources and provider blocks. */
export interface Configuration {
  readonly providers: readonly ProviderBlock[];
  /** What the block of a resource sets; nothing for a resource that is no longer there. */
  blockAt(address: string): ConfiguredBlock;
}

/** Reads the `configuration` of a plan in JSON. What is not there, or not as expected, is left out. */
export function configurationOf(json: unknown, known: KnownProviders): Configuration {
  const root = isJsonObject(json) ? json : {};
  const blocks = new Map<string, ConfiguredBlock>();
  collect(root.root_module, '', blocks);
  const providers = isJsonObject(root.provider_config) ? Object.values(root.provider_config).filter(isJsonObject) : [];
  return {
    providers: providers.map((one) => providerOf(one, known)),
    blockAt: (address) => blocks.get(withoutKeys(address)) ?? absent,
  };
}

/** An address without the keys of instances: all of them have one block. */
const withoutKeys = (address: string): string => address.replace(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, '');

function collect(module: unknown, prefix: string, blocks: Map<string, ConfiguredBlock>): void {
  if (!isJsonObject(module)) return;
  for (const resource of listOf(module.resources)) {
    const address = textOf(resource.address);
    if (address !== undefined)
      blocks.set(prefix + address, { written: writtenIn(resource.expressions), references: referencesIn(resource.expressions, prefix) });
  }
  const calls = isJsonObject(module.module_calls) ? Object.entries(module.module_calls) : [];
  for (const [name, call] of calls) if (isJsonObject(call)) collect(call.module, `${prefix}module.${name}.`, blocks);
}

function writtenIn(expressions: unknown): Declared['written'] {
  if (!isJsonObject(expressions)) return new Map();
  return new Map(
    Object.entries(expressions).map(([name, expression]): [string, Written] => [name, hasReference(expression) ? 'expression' : 'literal']),
  );
}

function hasReference(expression: unknown): boolean {
  if (Array.isArray(expression)) return expression.some(hasReference);
  if (!isJsonObject(expression) || Object.hasOwn(expression, 'constant_value')) return false;
  return Object.hasOwn(expression, 'references') || Object.values(expression).some(hasReference) || Object.keys(expression).length === 0;
}

/** A plan names what is referred to as `type.name.attribute`, followed by `type.name`. */
function referencesIn(expressions: unknown, prefix: string): Declared['references'] {
  if (!isJsonObject(expressions)) return new Map();
  return new Map(
    Object.entries(expressions).map(([name, expression]) => {
      const addresses = namedIn(expression).filter(
        (one) => /^[a-z][a-z0-9_]*\.[\w-]+(?:\[[^\]]*\])?$/.test(one) && !/^(?:var|local|module|data|each|count|path)\./.test(one),
      );
      return [name, [...new Set(addresses.map((one) => prefix + one))]];
    }),
  );
}

function namedIn(expression: unknown): string[] {
  if (Array.isArray(expression)) return expression.flatMap(namedIn);
  if (!isJsonObject(expression) || Object.hasOwn(expression, 'constant_value')) return [];
  return Object.entries(expression).flatMap(([name, value]) => (name === 'references' ? [...textsOf(value)] : namedIn(value)));
}

function providerOf(json: JsonObject, known: KnownProviders): ProviderBlock {
  const source = textOf(json.full_name) ?? '';
  const provider = known.provider(source);
  const alias = textOf(json.alias);
  const expressions = isJsonObject(json.expressions) ? json.expressions : {};
  const values = (): PlanRecord =>
    Object.fromEntries(
      fieldsOf(provider?.attributes ?? {}).flatMap((field): [string, PlanValue][] => {
        const expression = expressions[field.name];
        if (!isJsonObject(expression)) return [];
        if (!Object.hasOwn(expression, 'constant_value')) return [[field.name, UNKNOWN]];
        const constant = expression.constant_value ?? null;
        return [[field.name, constant !== null && isHidden(field) ? new Secret(constant) : (constant as PlanValue)]];
      }),
    );
  return {
    name: textOf(json.name) ?? '',
    ...(alias !== undefined && { alias }),
    source,
    ...(provider && { known: provider }),
    values: provider ? values() : {},
    written: writtenIn(expressions),
  };
}
