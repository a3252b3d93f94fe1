import type { ExampleConfig } from '../define/definition';
import { camelCase, snakeCase } from '../../common/names';
import type { Attributes } from '../define/attribute';
import { isJsonObject } from '../define/json';
import { fieldsOf, type Shape } from '../define/shape';
import { actionClass, dataSourceClass, ephemeralClass, resourceClass } from './construct/names';
import { Expression, hclArguments, quote, typeScriptLiteral } from './literal';

/** A reference in an example: `{ ref: 'artifactapi_remote_helm.example.name' }`. */
export interface ExampleReference {
  readonly type: string;
  readonly name: string;
  readonly attribute: string;
}

/** The reference that a value of an example is, if it is one. */
export function referenceOf(value: unknown): ExampleReference | undefined {
  if (!isJsonObject(value) || typeof value['ref'] !== 'string') return undefined;
  const [type = '', name = '', attribute = ''] = value['ref'].split('.');
  return { type, name, attribute };
}

/** All references in an example, each once. */
export function referencesIn(value: unknown): ExampleReference[] {
  const reference = referenceOf(value);
  if (reference) return [reference];
  const inner = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  const found = inner.flatMap(referencesIn);
  return found.filter((one, index) => found.findIndex(({ type, name }) => type === one.type && name === one.name) === index);
}

/** One block of an example. */
export interface ExampleBlock {
  readonly keyword: 'resource' | 'data' | 'ephemeral' | 'action';
  readonly type: string;
  readonly name: string;
  readonly config: ExampleConfig;
  /** Those of its definition. */
  readonly attributes: Attributes;
}

/** A write-only value of an example. A literal would teach readers to write secrets into files, so it is shown as a variable. */
class SecretVariable extends Expression {
  constructor(readonly name: string) {
    super(`${camelCase(name)}.stringValue`, `var.${name}`);
  }
}

/** The configuration of a block, with variables as its write-only values and expressions as its references. */
const shown = ({ config, attributes }: ExampleBlock): ExampleConfig =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      attributes[key]?.facts.writeOnly ? new SecretVariable(snakeCase(key).replace(/_wo$/, '')) : withReferences(value),
    ]),
  );

function withReferences(value: unknown): unknown {
  const reference = referenceOf(value);
  if (reference) {
    const { type, name, attribute } = reference;
    return new Expression(`${variableOf(reference)}.${camelCase(attribute)}`, `${type}.${name}.${snakeCase(attribute)}`);
  }
  if (Array.isArray(value)) return value.map(withReferences);
  return isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item)])) : value;
}

/** Whether the TypeScript form of a block makes a `secretVariable`. */
export const hasSecret = (block: ExampleBlock): boolean => secretsOf(block).length > 0;

const secretsOf = (block: ExampleBlock): SecretVariable[] => Object.values(shown(block)).filter((value) => value instanceof SecretVariable);

/** The block of a variable for a secret, in HCL. */
export const secretHcl = (name: string): string =>
  `variable "${name}" {\n  type      = string\n  sensitive = true\n  ephemeral = true\n}\n\n`;

/** The block in HCL. */
export function toHcl(block: ExampleBlock): string {
  const { keyword, type, name, attributes } = block;
  const shape: Shape = { kind: 'object', fields: fieldsOf(attributes) };
  const variables = secretsOf(block).map((variable) => secretHcl(variable.name));
  const written = (indent: string): string => hclArguments(shown(block), { shape, indent });
  const body = keyword === 'action' ? `  config {\n${written('    ')}  }\n` : written('  ');
  return `${variables.join('')}${keyword} "${type}" "${name}" {\n${body}}\n`;
}

/** The statement in TypeScript, in a stack's constructor. `prefix` is the provider's, e.g. `artifactapi`. */
export function toTypeScript(block: ExampleBlock, prefix: string): string {
  const { keyword, type, name } = block;
  const variable = variableOf({ type, name });
  const secrets = secretsOf(block).map((secret) => `const ${camelCase(secret.name)} = secretVariable(this, ${quote(secret.name)});\n`);
  return `${secrets.join('')}const ${variable} = new ${classOf(type, prefix, keyword)}(this, ${quote(snakeCase(variable).replaceAll('_', '-'))}, ${typeScriptLiteral(shown(block), { broken: true })});\n`;
}

/** The class of a type: `artifactapi_remote_npm` is `RemoteNpm`, its data source `DataArtifactapiRemoteNpm`; so for ephemeral ones. That of an action is named like that of a resource. */
export function classOf(type: string, prefix: string, keyword: ExampleBlock['keyword'] = 'resource'): string {
  const classes = {
    resource: () => resourceClass(prefix, type),
    data: () => dataSourceClass(type),
    ephemeral: () => ephemeralClass(type),
    action: () => actionClass(prefix, type),
  };
  return classes[keyword]();
}

const variableOf = ({ type, name }: { readonly type: string; readonly name: string }): string =>
  camelCase(name === 'example' ? type.split('_').slice(1).join('_') : name);
