import type { Field } from '../../define/shape';
import { clientConfigText } from './client-config';
import { describe, docComment } from './docs';
import type { Family } from './families';
import { capital } from './names';
import type { TypeNames } from './sharing';
import type { ClassSource } from './source';
import { attributesOf, attributeText, ownFields, settable, specText } from './spec-text';
import { properties, type Owner } from './struct-text';
import { inputType, reading, structOf } from './types';

/** What a class shares with the other classes of its provider. */
export interface SharedParts {
  readonly names: TypeNames;
  /** The declarations of types that only this class uses. */
  readonly types: readonly string[];
  readonly family: Family | undefined;
}

/** The declarations of a class: configuration, nested objects, the class. */
export function classText(source: ClassSource, { names, types, family }: SharedParts): string {
  const { className, kind } = source;
  const owner: Owner = { name: className, names };
  const fields = ownFields(source.fields, family);
  const config = properties(fields, owner);
  const parts = [head(source), ...fields.map((field) => members(field, kind, owner)), ...clientConfigText(source)];
  return [
    `const spec: TypeSpec = ${specText(source, family)};`,
    `/** Configuration of a \`${className}\`. */\nexport interface ${className}Config extends ${family ? `${family.className}Config` : parents[kind]} ${config === '' ? '{}' : `{\n${config}\n}`}`,
    ...types,
    `${docComment(classDoc(source))}\nexport class ${className} extends ${family?.className ?? bases[kind]} {\n${parts.join('\n\n')}\n}`,
  ].join('\n\n');
}

/** The declarations of the base of a family: its attributes, the configuration, the class. */
export function familyText(family: Family, names: TypeNames): string {
  const { className, fields } = family;
  const [{ className: name, kind }] = family.members as [ClassSource, ...ClassSource[]];
  const owner: Owner = { name, names };
  const all = family.members.map((member) => `\`${member.className}\``).join(', ');
  return [
    `/** The attributes of the base, for the classes that extend it. */\nexport const ${attributesOf(family)}: readonly AttributeSpec[] = [\n${settable(
      fields,
    )
      .map((field) => `  ${attributeText(field)},`)
      .join('\n')}\n];`,
    `/** The properties that the configurations of these classes share: ${all}. */\nexport interface ${className}Config extends ${parents[kind]} {\n${properties(fields, owner)}\n}`,
    `/** The base of ${all}. */\nexport abstract class ${className} extends ${bases[kind]} {\n${fields.map((field) => members(field, kind, owner)).join('\n\n')}\n}`,
  ].join('\n\n');
}

const bases = {
  resource: 'Resource',
  dataSource: 'DataSource',
  ephemeral: 'EphemeralResource',
  action: 'Action',
  provider: 'BundledProvider',
} as const;
const parents = {
  resource: 'TerraformMetaArguments',
  dataSource: 'TerraformMetaArguments',
  ephemeral: 'EphemeralMetaArguments',
  action: 'ActionMetaArguments',
  provider: 'BundledProviderConfig',
} as const;

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
  return `  /** Terraform's name of the type. */
  static readonly tfResourceType = '${type}';

  constructor(scope: Construct, id: string, config: ${className}Config${optional}) {
    super(scope, id, { ${options} });
  }`;
}

function members(field: Field, kind: ClassSource['kind'], owner: Owner): string {
  const { key, name, facts } = field;
  const place = owner.name + capital(key);
  const doc = docComment([describe(field.description), ...(facts.deprecated ? [`@deprecated ${describe(facts.deprecated)}`] : [])], '  ');
  const input = inputType(field.shape, owner.names.input(place));
  const settable = field.required || field.optional;
  const nested = structOf(field.shape) !== undefined;
  const lines: string[] = [doc];
  // Nothing of them can be read: what was given is all that there is.
  const unreadable = kind === 'provider' || kind === 'action';
  if (unreadable) lines.push(`  get ${key}(): ${input} | undefined { return this.inputOf('${key}'); }`);
  else if (!facts.writeOnly) {
    const read = reading(field.shape, name, owner.names.output(place));
    lines.push(`  get ${key}(): ${read.type} { return ${read.expression}; }`);
  }
  if (settable && nested && !unreadable) lines.push(`  put${capital(key)}(value: ${input}): void { this.putValue('${key}', value); }`);
  else if (settable) lines.push(`  set ${key}(value: ${input}${unreadable ? ' | undefined' : ''}) { this.putValue('${key}', value); }`);
  if (settable) lines.push(`  get ${key}Input(): ${input} | undefined { return this.inputOf('${key}'); }`);
  if (settable && field.optional) lines.push(`  reset${capital(key)}(): void { this.resetValue('${key}'); }`);
  return lines.join('\n');
}
