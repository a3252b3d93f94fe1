import { camelCase, pascalCase, snakeCase } from '../common/names';
import { isJsonObject } from './json';
import type { ExampleConfig } from './resource';

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
  readonly keyword: 'resource' | 'data' | 'ephemeral';
  readonly type: string;
  readonly name: string;
  readonly config: ExampleConfig;
}

/** The block in HCL. */
export function toHcl({ keyword, type, name, config }: ExampleBlock): string {
  return `${keyword} "${type}" "${name}" {\n${hclArguments(config, '  ')}}\n`;
}

function hclArguments(config: ExampleConfig, indent: string): string {
  const entries = Object.entries(config);
  const width = Math.max(0, ...entries.map(([key]) => snakeCase(key).length));
  return entries.map(([key, value]) => `${indent}${snakeCase(key).padEnd(width)} = ${hclValue(value, indent)}\n`).join('');
}

function hclValue(value: unknown, indent: string): string {
  const reference = referenceOf(value);
  if (reference) return `${reference.type}.${reference.name}.${snakeCase(reference.attribute)}`;
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[${value.map((item) => hclValue(item, indent)).join(', ')}]`;
  if (isJsonObject(value)) return `{\n${hclArguments(value, `${indent}  `)}${indent}}`;
  return typeof value === 'string' ? JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{') : String(value);
}

/** The statement in TypeScript, in a stack's constructor. `prefix` is the provider's, e.g. `artifactapi`. */
export function toTypeScript({ keyword, type, name, config }: ExampleBlock, prefix: string): string {
  const variable = variableOf({ type, name });
  return `const ${variable} = new ${classOf(type, prefix, keyword)}(this, ${quote(snakeCase(variable).replaceAll('_', '-'))}, ${typeScriptValue(config, '')});\n`;
}

/** The class of a type: `artifactapi_remote_npm` is `RemoteNpm`, its data source `DataArtifactapiRemoteNpm`; so for ephemeral ones. */
export function classOf(type: string, prefix: string, keyword: ExampleBlock['keyword'] = 'resource'): string {
  return keyword === 'resource' ? pascalCase(type.slice(prefix.length + 1)) : pascalCase(`${keyword}_${type}`);
}

const variableOf = ({ type, name }: { readonly type: string; readonly name: string }): string =>
  camelCase(name === 'example' ? type.split('_').slice(1).join('_') : name);

function typeScriptValue(value: unknown, indent: string): string {
  const reference = referenceOf(value);
  if (reference) return `${variableOf(reference)}.${camelCase(reference.attribute)}`;
  if (Array.isArray(value)) return `[${value.map((item) => typeScriptValue(item, indent)).join(', ')}]`;
  if (!isJsonObject(value)) return typeof value === 'string' ? quote(value) : String(value);
  const inner = `${indent}  `;
  const lines = Object.entries(value).map(
    ([key, item]) => `${inner}${/^[a-zA-Z_]\w*$/.test(key) ? key : quote(key)}: ${typeScriptValue(item, inner)},\n`,
  );
  return `{\n${lines.join('')}${indent}}`;
}

const quote = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
