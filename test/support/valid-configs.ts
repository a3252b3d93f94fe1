import fc from 'fast-check';
import type { Value, ValueRecord } from '../../src/common/value';
import { configsOf } from './arbitraries';
import { outsideValues } from './hints';
import type { Subject } from './lifecycle';

/** Configurations that validation accepts, with the key of the example; what refers to other objects is as in the example, or empty. */
export function validConfigs(subject: Subject, example: ValueRecord): fc.Arbitrary<ValueRecord> {
  const referring = subject.referring().map((name): [string, fc.Arbitrary<Value>] => {
    const given = example[name] ?? null;
    return [name, Array.isArray(given) ? fc.constantFrom<Value>(given as Value, []) : fc.constant(given)];
  });
  const kinds =
    subject.referring().length > 0
      ? subject.fields
          .filter(({ shape }) => shape.kind === 'string' && shape.oneOf)
          .map(({ name }): [string, fc.Arbitrary<Value>] => [name, fc.constant(example[name] ?? null)])
      : [];
  const outside = subject.fields.flatMap(({ name }): [string, fc.Arbitrary<Value>][] => {
    const values = outsideValues(subject.type, name);
    return values ? [[name, fc.constantFrom(...values)]] : [];
  });
  const checks = subject.definition.checks ?? [];
  const key = Object.fromEntries(subject.keyNames().map((name) => [name, example[name] ?? subject.type]));
  return configsOf(subject.fields, Object.fromEntries([...referring, ...kinds, ...outside]))
    .filter((config) => checks.every((rule) => rule(config).every(({ severity }) => severity !== 'error')))
    .map((config) => ({ ...config, ...key }));
}
