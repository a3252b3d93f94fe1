import { isRecord, type Value, type ValueRecord } from '../common/value';
import { type Described, exampleConfig, referencesOf } from './examples';
import { Subject } from './subject';
import type { Target } from './target';

/** What examples refer to on each server; it is made once. */
const made = new WeakMap<Target, Map<string, Promise<ValueRecord>>>();

/** `type.name` of `type.name.attribute`. */
const objectOf = (ref: string): string => ref.split('.').slice(0, 2).join('.');
const attributeOf = (ref: string): string => ref.split('.')[2] ?? '';

/** An example as a configuration, after what it refers to was made, under names with `suffix`. */
export async function resolvedExample(target: Target, { definition, example, suffix = '' }: Example): Promise<ValueRecord> {
  const states = new Map<string, ValueRecord>();
  for (const { ref } of referencesOf(example)) states.set(objectOf(ref), await referred(target, ref, suffix));
  const resolve = (ref: string): Value => states.get(objectOf(ref))?.[attributeOf(ref)] ?? null;
  return exampleConfig(definition, example, resolve);
}

interface Example {
  readonly definition: Described;
  readonly example: Readonly<Record<string, unknown>>;
  /** @default none */
  readonly suffix?: string;
}

function referred(target: Target, ref: string, suffix: string): Promise<ValueRecord> {
  const objects = made.get(target) ?? new Map<string, Promise<ValueRecord>>();
  made.set(target, objects);
  const object = objectOf(ref) + suffix;
  const making = objects.get(object) ?? make(target, ref, suffix);
  objects.set(object, making);
  return making;
}

async function make(target: Target, ref: string, suffix: string): Promise<ValueRecord> {
  const [type = ''] = ref.split('.');
  const definition = target.provider.resources.find((candidate) => candidate.type === type);
  if (!definition) throw new Error(`an example refers to ${type}, which there is not`);
  const config = await new Subject(definition, target).example('minimal', `-referred${suffix}`);
  const { instance, diagnostics } = await (await target.core()).ensure(type, config);
  if (!isRecord(instance?.state ?? null)) throw new Error(JSON.stringify(diagnostics));
  return instance?.state as ValueRecord;
}
