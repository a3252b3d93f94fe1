import fc from 'fast-check';
import type { Value, ValueRecord } from '../common/value';
import { configsOf } from './arbitraries';
import type { Subject } from './subject';

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
  const outside = subject.fields.flatMap((field): [string, fc.Arbitrary<Value>][] => {
    const values = subject.hinted(field);
    return values ? [[field.name, fc.constantFrom(...values)]] : [];
  });
  const checks = subject.definition.checks ?? [];
  const key = Object.fromEntries(subject.keyNames().map((name) => [name, example[name] ?? subject.type]));
  return configsOf(subject.fields, Object.fromEntries([...referring, ...kinds, ...outside]))
    .filter((config) => checks.every((rule) => rule(config).every(({ severity }) => severity !== 'error')))
    .filter((config) => !subject.refuses(config))
    .map((config) => ({ ...config, ...key }));
}
