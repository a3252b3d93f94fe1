import { Estate } from '../checks/model/estate';
import type { Resource } from '../checks/model/resource';
import { readStack } from '../checks/stacks';
import { nearest } from '../common/nearest';
import { KnownProviders, type KnownType } from '../plans/known';
import { valueAt } from '../plans/value';
import type { ProviderDefinition } from '../schema/define';
import { type Field, isScalar } from '../schema/define/shape';
import type { ExpectedRepository, MatcherResult, Utilities } from './engine';
import { plainValue } from './plain-value';

/** What a repository is said to be: its kind, its package type, and values. */
interface Wanted {
  readonly kind: string | undefined;
  readonly type: string | undefined;
  readonly values: readonly (readonly [string, unknown])[];
}

/** With what stacks are read and values compared. */
export interface Comparing extends Utilities {
  readonly providers: readonly ProviderDefinition[];
}

interface Difference {
  readonly name: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** Whether a stack has a repository as expected, of whatever backend. Throws for what is no stack, and for attributes that do not exist. */
export function findRepository(text: string, expected: ExpectedRepository, { providers, equals, print }: Comparing): MatcherResult {
  const known = new KnownProviders(providers);
  const parsed = readStack({ name: 'stack', text }, known);
  if ('problem' in parsed) throw new Error(`toHaveRepository needs a stack or what Testing.synth answers: ${parsed.problem}`);
  const { kind, type, ...values } = expected;
  const wanted = { kind, type, values: Object.entries(values) };
  refuseUnknown(wanted, repositoryTypes(providers, known));
  const repositories = new Estate([parsed.value.input]).resources.filter(({ repository }) => repository !== undefined);
  const compared = repositories.map((one) => ({ one, differences: differencesOf(one, wanted, equals) }));
  const found = compared.filter(({ differences }) => differences.length === 0);
  const what = `${whatText(wanted)}${wanted.values.length === 0 ? '' : ` with ${print(values)}`}`;
  if (found.length > 0)
    return {
      pass: true,
      message: () => `expected the stack to have no ${what}, but it has ${found.map(({ one }) => one.address).join(', ')}`,
    };
  return {
    pass: false,
    message: () => {
      if (repositories.length === 0) return `expected the stack to have a ${what}, but it has no repositories`;
      const list = repositories.map((one) => `  ${shown(one)}\n`).join('');
      // One of the name that is asked for is meant, whatever else differs.
      const far = ({ differences }: (typeof compared)[number]): number =>
        differences.length + (differences.some(({ name }) => name === 'name') ? 1.5 : 0);
      const near = compared.reduce((best, each) => (far(each) < far(best) ? each : best));
      const lines = near.differences.map(({ name, ...of }) => `  ${name}: expected ${print(of.expected)}, received ${print(of.actual)}\n`);
      return `expected the stack to have a ${what}\n\nIts repositories:\n${list}\nThe nearest, ${near.one.address}, differs:\n${lines.join('')}`;
    },
  };
}

const whatText = ({ kind, type }: Pick<Wanted, 'kind' | 'type'>): string =>
  [kind, type, 'repository'].filter((word) => word !== undefined).join(' ');

function shown({ repository, id, address }: Resource): string {
  const name = id === undefined || id === '' ? '(name not known)' : JSON.stringify(id);
  return `${[repository?.kind, repository?.packageType].join(' ').trim()} ${name}  ${address}`;
}

function differencesOf({ repository, declared }: Resource, { kind, type, values }: Wanted, equals: Utilities['equals']): Difference[] {
  const what = Object.entries({ kind, type }).flatMap(([name, expected]): Difference[] => {
    const actual = name === 'kind' ? repository?.kind : repository?.packageType;
    return expected === undefined || expected === actual ? [] : [{ name, expected, actual }];
  });
  const others = values.flatMap(([name, expected]): Difference[] => {
    const field = declared.known?.fields.find((one) => isNamed(one, name));
    const value = field && valueAt(declared.values, field.name);
    const written = (['key', 'name'] as const).map((names) => plainValue(value, field?.shape, names));
    return written.some((actual) => equals(actual, expected)) ? [] : [{ name, expected, actual: written[0] }];
  });
  return [...what, ...others];
}

const repositoryTypes = (providers: readonly ProviderDefinition[], known: KnownProviders): KnownType[] =>
  providers.flatMap(({ name, resources }) => resources.flatMap(({ type, clients }) => (clients && known.type(name, type)) ?? []));

const isNamed = (field: Field, name: string): boolean => field.key === name || field.name === name;

/** A misspelt name is an error also where a repository must not be there: that test could not fail. */
function refuseUnknown({ kind, type, values }: Wanted, types: readonly KnownType[]): void {
  oneOf(
    'kind',
    kind,
    types.map(({ definition }) => definition.clients?.kind ?? ''),
  );
  oneOf('package type', type, types.flatMap(packageTypesOf));
  const names = types.flatMap(({ fields }) => fields.flatMap(({ key, name }) => [key, name]));
  const wrong = values.find(([name]) => !names.includes(name))?.[0];
  if (wrong === undefined) return;
  const meant = nearest(wrong, names);
  throw new Error(`no repository has an attribute "${wrong}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
}

function oneOf(what: string, value: string | undefined, allowed: readonly string[]): void {
  if (value !== undefined && !allowed.includes(value))
    throw new Error(`unknown ${what} "${value}"; expected one of ${[...new Set(allowed)].sort().join(', ')}`);
}

function packageTypesOf({ definition, fields }: KnownType): readonly string[] {
  const { packageType } = definition.clients ?? {};
  if (packageType === undefined || typeof packageType === 'string') return packageType === undefined ? [] : [packageType];
  const shape = fields.find(({ key }) => key === packageType.attribute)?.shape;
  const values = shape && isScalar(shape) ? (shape.oneOf ?? []) : [];
  return values.map((value) => packageType.names?.[value] ?? value.toLowerCase());
}
