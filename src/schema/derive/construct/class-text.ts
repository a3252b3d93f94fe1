import type { ClientUse } from '../../define/resource';
import type { Field } from '../../define/shape';
import { clientConfigText } from './client-config';
import { describe, docComment } from './docs';
import { capital } from './names';
import { properties, structs } from './struct-text';
import { inputType, reading, structOf } from './types';
import { specText } from './spec-text';

/** What a class is generated from. */
export interface ClassSource {
  readonly className: string;
  readonly kind: 'resource' | 'dataSource' | 'ephemeral' | 'provider';
  /** Terraform's name of the type; of a provider, its own. */
  readonly type: string;
  /** Terraform's name of the provider. */
  readonly provider: string;
  readonly description: string;
  readonly fields: readonly Field[];
  readonly deprecated?: string;
  /** Set when clients fetch packages from it. */
  readonly clients?: ClientUse;
  /** What the constructs need to warn of repositories that a server may not serve. */
  readonly serving?: ClientUse & { readonly server: string };
}

/** The declarations of a class: configuration, nested objects, the class. */
export function classText(source: ClassSource): string {
  const { className, fields, kind } = source;
  const configOnly = kind === 'provider';
  return [
    `const spec: TypeSpec = ${specText(source.type, fields, source.serving)};`,
    configText(source),
    ...structs(fields, className, !configOnly),
    `${docComment(classDoc(source))}\nexport class ${className} extends ${bases[kind]} {\n${body(source)}\n}`,
  ].join('\n\n');
}

function body(source: ClassSource): string {
  return [head(source), ...source.fields.map((field) => members(field, source)), ...clientConfigText(source)].join('\n\n');
}

const bases = { resource: 'Resource', dataSource: 'DataSource', ephemeral: 'EphemeralResource', provider: 'BundledProvider' } as const;
const parents = {
  resource: 'TerraformMetaArguments',
  dataSource: 'TerraformMetaArguments',
  ephemeral: 'EphemeralMetaArguments',
  provider: 'BundledProviderConfig',
} as const;

function configText({ className, kind, fields }: ClassSource): string {
  return `/** Configuration of a \`${className}\`. */\nexport interface ${className}Config extends ${parents[kind]} {\n${properties(fields, className)}\n}`;
}

function classDoc({ description, type, deprecated }: ClassSource): string[] {
  return [
    ...describe(description).split('\n'),
    '',
    `Terraform: \`${type}\`.`,
    ...(deprecated ? [`@deprecated ${describe(deprecated)}`] : []),
  ];
}

function head({ className, kind, type, fields }: ClassSource): string {
  const optional = fields.some((field) => field.required) ? '' : ' = {}';
  const options =
    kind === 'provider' ? 'spec, config, from: providerPackage' : 'spec, config, metadata: generatorMetadata(providerPackage)';
  const lines = [`  /** Terraform's name of the type. */\n  static readonly tfResourceType = '${type}';`];
  if (kind === 'resource' || kind === 'dataSource') {
    lines.push(`  /** Makes an import block; \`cdktf plan\` prints the configuration of what is imported. */
  static generateConfigForImport(scope: Construct, importToId: string, importFromId: string, provider?: TerraformProvider): ImportableResource {
    return importable({ scope, id: importToId, type: spec.type, importId: importFromId, provider });
  }`);
  }
  lines.push(`  constructor(scope: Construct, id: string, config: ${className}Config${optional}) {
    super(scope, id, { ${options} });
  }`);
  return lines.join('\n\n');
}

function members(field: Field, { className, kind }: ClassSource): string {
  const { key, name, facts } = field;
  const struct = className + capital(key);
  const doc = docComment([describe(field.description), ...(facts.deprecated ? [`@deprecated ${describe(facts.deprecated)}`] : [])], '  ');
  const input = inputType(field.shape, struct);
  const settable = field.required || field.optional;
  const nested = structOf(field.shape) !== undefined;
  const lines: string[] = [doc];
  if (kind === 'provider') lines.push(`  get ${key}(): ${input} | undefined { return this.inputOf('${key}'); }`);
  else if (!facts.writeOnly) {
    const read = reading(field.shape, name, struct);
    lines.push(`  get ${key}(): ${read.type} { return ${read.expression}; }`);
  }
  if (settable && nested && kind !== 'provider')
    lines.push(`  put${capital(key)}(value: ${input}): void { this.putValue('${key}', value); }`);
  else if (settable)
    lines.push(`  set ${key}(value: ${input}${kind === 'provider' ? ' | undefined' : ''}) { this.putValue('${key}', value); }`);
  if (settable) lines.push(`  get ${key}Input(): ${input} | undefined { return this.inputOf('${key}'); }`);
  if (settable && field.optional) lines.push(`  reset${capital(key)}(): void { this.resetValue('${key}'); }`);
  return lines.join('\n');
}
