import { camelCase, snakeCase } from '../common/names';
import type { Value, ValueRecord } from '../common/value';
import { pack, unpack } from '../protocol/msgpack';
import type { DataSourceDefinition } from '../schema/define/definition';
import type { ProviderDefinition } from '../schema/define/provider';
import { complete, type Core } from './core';
import { referencesOf } from './examples';

/** What a data source answered core. */
export interface Answered {
  readonly state: Value;
  /** `Summary: detail` of each error. */
  readonly errors: readonly string[];
  /** The same of each warning. */
  readonly warnings: readonly string[];
}

/** Reads a data source as core does. */
export async function readData(core: Core, type: string, config: ValueRecord): Promise<Answered> {
  const attributes = core.provider.schema().dataSources[type]?.block.attributes ?? [];
  const answer = await core.client.call('ReadDataSource', { typeName: type, config: { msgpack: pack(complete(attributes, config)) } });
  const state = answer.state && answer.state.msgpack.length > 0 ? unpack(answer.state.msgpack) : null;
  const told = (wanted: number): string[] =>
    answer.diagnostics.filter(({ severity }) => severity === wanted).map(({ summary, detail }) => `${summary}: ${detail}`);
  return { state, errors: told(1), warnings: told(2) };
}

/** The example of a data source as a configuration; what it refers to is taken from the minimal example of that resource. */
export function dataExample(definition: DataSourceDefinition, provider: ProviderDefinition): ValueRecord {
  return Object.fromEntries(
    Object.entries(definition.example).map(([key, item]) => {
      const [reference] = referencesOf({ [key]: item });
      return [snakeCase(key), reference ? referred(reference.ref, provider) : (item as Value)];
    }),
  );
}

function referred(ref: string, provider: ProviderDefinition): Value {
  const [type = '', , attribute = ''] = ref.split('.');
  const value = provider.resources.find((candidate) => candidate.type === type)?.example.minimal[camelCase(attribute)];
  if (value === undefined) throw new Error(`an example refers to ${ref}, which no example says`);
  return value as Value;
}

/** The arguments of a function's example; what is written in HCL there is JSON as well. */
export function exampleArguments({ example }: ProviderDefinition['functions'][number]): Value[] {
  return JSON.parse(`[${example.call.slice(example.call.indexOf('(') + 1, example.call.lastIndexOf(')'))}]`) as Value[];
}
