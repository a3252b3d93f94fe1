import type { IConstruct } from 'constructs';
import type { AttributeSpec, AttributeType, TypeSpec } from './attribute';
import type { AttributeValues } from './attribute-values';
import { isReported } from './suppress';
import { addWarning, atSynthesis } from './synthesis';
import { isPlainObject, isToken } from './token';

/** Warns at synthesis about secrets that are literals in TypeScript. */
export function warnOfLiteralSecrets(construct: IConstruct, spec: TypeSpec, values: AttributeValues): void {
  if (secretsOf(spec).length === 0) return;
  atSynthesis(construct, () => addSecretWarnings(construct, values));
}

/** Adds the warnings now. */
export function addSecretWarnings(construct: IConstruct, values: AttributeValues): void {
  for (const spec of secretsOf(values.spec)) {
    const value = values.get(spec.key);
    for (const path of value === undefined ? [] : literalSecrets(spec, value)) {
      if (isReported(construct, 'literal-secret')) return;
      const better = spec.writeOnlyForm ? ` Pass it to ${spec.writeOnlyForm} to keep it out of the state, too.` : '';
      addWarning(construct, `${literalSecretText(path, 'secretVariable(scope, id)')}${better}`);
    }
  }
}

/** The warning about a secret that is a literal. */
export const literalSecretText = (path: string, instead: string): string =>
  `the secret "${path}" is a literal and would be readable in the synthesized file; use ${instead} and set it when you deploy (TF_VAR_...).`;

const nestedSpecs = (type: AttributeType): readonly AttributeSpec[] => {
  if (typeof type === 'string') return [];
  if ('object' in type) return type.object;
  return nestedSpecs('map' in type ? type.map : 'list' in type ? type.list : type.set);
};

const known = new WeakMap<TypeSpec, readonly AttributeSpec[]>();

/** The attributes that are or contain secrets. */
function secretsOf(spec: TypeSpec): readonly AttributeSpec[] {
  const answer = known.get(spec) ?? spec.attributes.filter(holdsSecrets);
  known.set(spec, answer);
  return answer;
}

const holdsSecrets = (spec: AttributeSpec): boolean => spec.secret === true || nestedSpecs(spec.type).some(holdsSecrets);

function literalSecrets(spec: AttributeSpec, value: unknown, path: string = spec.key): string[] {
  if (isToken(value)) return [];
  if (typeof value === 'string') return spec.secret && value !== '' ? [path] : [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => literalSecrets(spec, item, `${path}[${index}]`));
  if (!isPlainObject(value)) return [];
  const inner = nestedSpecs(spec.type);
  return Object.entries(value).flatMap(([key, item]) => {
    const member = inner.find((candidate) => candidate.key === key);
    return literalSecrets(member ?? spec, item, `${path}.${key}`);
  });
}
