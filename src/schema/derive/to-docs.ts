import {
  type ActionDefinition,
  type DataSourceDefinition,
  type EphemeralDefinition,
  type FunctionDefinition,
  type ExampleConfig,
  idOf,
  type ResourceDefinition,
} from '../define/definition';
import { camelCase, snakeCase } from '../../common/names';
import { type Attribute, versionsText } from '../define/attribute';
import { classOf, type ExampleBlock, hasSecret, referencesIn, secretHcl, toHcl, toTypeScript } from './example';
import type { ProviderDefinition } from '../define/provider';
import { needsSection, permissionsPage, type SentRequest } from './permissions';
import { ALLOW_WRITES, listFields } from './to-list';
import { type Field, fieldsOf, type Shape } from '../define/shape';

/** A provider with the module that its constructs are imported from. */
export interface Documented extends ProviderDefinition {
  /** @default `repoform/` and the name of the provider */
  readonly module?: string;
}

/**
 * All pages of a provider by their paths, without extension.
 *
 * @param requests those that it sends, for the page of permissions
 */
export function docsPages(provider: Documented, requests: readonly SentRequest[] = []): [path: string, page: string][] {
  const short = (type: string): string => shortOf(type, provider);
  const permissions = permissionsPage(provider, requests);
  return [
    ['index', providerPage(provider)],
    ...(permissions === undefined ? [] : [['permissions', permissions] as [string, string]]),
    ...provider.resources.map((one): [string, string] => [`resources/${short(one.type)}`, resourcePage(one, provider)]),
    ...provider.dataSources.map((one): [string, string] => [`data-sources/${short(one.type)}`, dataSourcePage(one, provider)]),
    ...provider.resources
      .filter(({ binding }) => binding.list)
      .map((one): [string, string] => [`list-resources/${short(one.type)}`, listPage(one, provider)]),
    ...(provider.ephemerals ?? []).map((one): [string, string] => [`ephemeral-resources/${short(one.type)}`, ephemeralPage(one, provider)]),
    ...(provider.actions ?? []).map((one): [string, string] => [`actions/${short(one.type)}`, actionPage(one, provider)]),
    ...provider.functions.map((one): [string, string] => [`functions/${one.name}`, functionPage(one, provider)]),
  ];
}

const shortOf = (type: string, { name }: ProviderDefinition): string => type.slice(name.length + 1);

/** The docs page of a resource, in the layout of the Terraform registry. */
export function resourcePage(definition: ResourceDefinition, provider: Documented): string {
  const fields = fieldsOf(definition.attributes, definition.apiCase);
  const blocks = [
    ...needed(definition.example.full, provider),
    { ...definition, keyword: 'resource', name: 'example', config: definition.example.full } as const,
  ];
  const id = idOf(definition.key.map((key) => exampleText(definition, key, provider)));
  return [
    head({ ...definition, kind: 'Resource' }, provider),
    definition.deprecated ? `!> **Deprecated.** ${definition.deprecated}` : '',
    exampleSection(blocks, provider),
    attributeSections(fields),
    provider.access === undefined ? '' : needsSection(definition),
    ...(definition.sections ?? []).map(({ title, text }) => `## ${title}\n\n${text}`),
    importSection(definition, id, provider),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

/** The value of an attribute in an example; a reference is followed to the example of the other resource. */
function exampleText(definition: ResourceDefinition, key: string, provider: ProviderDefinition): string {
  const { minimal, full } = definition.example;
  // Only the last part of an id can be left out; others have a default.
  const value = minimal[key] ?? (definition.key.at(-1) === key ? undefined : full[key]);
  const [reference] = referencesIn({ value });
  const other = reference && provider.resources.find(({ type }) => type === reference.type);
  if (!other) return value === undefined ? '' : String(value);
  const attribute = camelCase(reference.attribute);
  // A value that the server or the definition derives from the name is shown as the name.
  return exampleText(other, Object.hasOwn(other.example.minimal, attribute) ? attribute : (other.key[0] ?? ''), provider);
}

/** The docs page of a data source. */
export function dataSourcePage(definition: DataSourceDefinition, provider: Documented): string {
  const block = { ...definition, keyword: 'data', name: 'example', config: definition.example } as const;
  return [
    head({ ...definition, kind: 'Data Source' }, provider),
    exampleSection([...needed(definition.example, provider), block], provider),
    attributeSections(fieldsOf(definition.attributes, definition.apiCase)),
    ...(provider.access === undefined ? [] : [needsSection(definition)]),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

/** The docs page of a list resource. */
export function listPage(definition: ResourceDefinition, provider: ProviderDefinition): string {
  const { type, binding, key, attributes } = definition;
  const { omits, except, writes } = binding.list ?? {};
  const limits = [
    ...(omits === undefined ? [] : [`The server's lists leave out ${omits}.`]),
    ...(except === undefined ? [] : [`${except.why.charAt(0).toUpperCase()}${except.why.slice(1)}.`]),
  ];
  const identity = key.map((name) => `- \`${snakeCase(name)}\` (string) ${attributes[name]?.description ?? ''}`);
  const fields = listFields(definition) ?? [];
  return [
    head(
      { type, kind: 'List Resource', description: `Finds existing [${type}](../resources/${shortOf(type, provider)}.md) objects.` },
      provider,
    ),
    ...(limits.length > 0 ? [limits.join(' ')] : []),
    'A `list` block belongs in a file named `*.tfquery.hcl`. `terraform query` runs it, and with `-generate-config-out=FILE` also writes the configuration and the import blocks. Requires Terraform 1.14.',
    '## Example Usage',
    fence('hcl', listHcl(definition, provider)),
    '## Schema',
    'All arguments of the `config` block are optional; each narrows the result.',
    ...(writes === undefined ? [] : [`~> **Listing writes to the server:** ${writes}. \`${ALLOW_WRITES}\` must be \`true\`.`]),
    `### Optional\n\n${fields.map((field) => attributeLine(field, '')).join('\n')}`,
    `### Identity\n\n${identity.join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** A list, narrowed by what the objects are in, or else by their name. */
function listHcl(definition: ResourceDefinition, provider: ProviderDefinition): string {
  const [first = '', ...rest] = definition.key;
  const text = exampleText(definition, first, provider);
  const settings = [
    [snakeCase(first), JSON.stringify(rest.length === 0 ? `${text.slice(0, 3)}*` : text)],
    ...(definition.binding.list?.writes === undefined ? [] : [[ALLOW_WRITES, 'true']]),
  ] as const;
  const width = Math.max(...settings.map(([name = '']) => name.length));
  const config = settings.map(([name = '', value = '']) => `    ${name.padEnd(width)} = ${value}\n`).join('');
  return `list "${definition.type}" "example" {\n  provider = ${provider.name}\n\n  config {\n${config}  }\n}\n`;
}

/** The docs page of an ephemeral resource. */
export function ephemeralPage(definition: EphemeralDefinition, provider: Documented): string {
  const block = { ...definition, keyword: 'ephemeral', name: 'example', config: definition.example } as const;
  return [
    head({ ...definition, kind: 'Ephemeral Resource' }, provider),
    `Each plan and each apply opens its own; its values are stored in neither plan nor state, so they can be used only in write-only attributes, provider blocks and other ephemeral contexts. ${life(definition)} Requires Terraform 1.10 or OpenTofu 1.11.`,
    exampleSection([...needed(definition.example, provider), block], provider),
    attributeSections(fieldsOf(definition.attributes, definition.apiCase)),
    ...(provider.access === undefined ? [] : [needsSection(definition)]),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

const life = ({ renew, close }: EphemeralDefinition): string =>
  `${renew ? 'It is renewed as long as the run lasts' : 'It is not renewed during the run'}${close ? ', and is removed from the server when the run ends.' : ', and expires by itself.'}`;

/** The docs page of an action. */
export function actionPage(definition: ActionDefinition, provider: Documented): string {
  const { type } = definition;
  const block = { ...definition, keyword: 'action', name: 'example', config: definition.example } as const;
  const word = type.slice(provider.name.length + 1).replaceAll('_', '-');
  const blocks = [...needed(definition.example, provider), block];
  const [subject] = blocks;
  const trigger = subject === undefined || subject.keyword === 'action' ? undefined : subject;
  return [
    head({ ...definition, kind: 'Action' }, provider),
    `Requires Terraform 1.14. For OpenTofu and older versions of Terraform, \`repoform run\` does the same.`,
    exampleSection(blocks, provider),
    '## Invocation',
    `By hand, whenever it is needed:\n\n${fence('shell', `terraform apply -invoke=action.${type}.example\n`)}`,
    ...(trigger
      ? [`Whenever a resource changes, in the \`lifecycle\` block of the resource:\n\n${fence('hcl', triggerHcl(trigger, type))}`]
      : []),
    ...(trigger ? [`In TypeScript: \`.triggerOn(resource, { events: ['after_create', 'after_update'] })\` on the construct.`] : []),
    `Without Terraform; see \`repoform run ${provider.name} ${word} --help\` for the options:\n\n${fence('shell', `npx repoform run ${provider.name} ${word} ...\n`)}`,
    attributeSections(fieldsOf(definition.attributes, definition.apiCase)),
    ...(provider.access === undefined ? [] : [needsSection(definition)]),
  ]
    .filter((section) => section !== '')
    .join('\n\n')
    .concat('\n');
}

const triggerHcl = ({ type, name }: ExampleBlock, action: string): string =>
  `resource "${type}" "${name}" {\n  # ...\n  lifecycle {\n    action_trigger {\n      events  = [after_create, after_update]\n      actions = [action.${action}.example]\n    }\n  }\n}\n`;

/** The docs page of a function. */
export function functionPage(definition: FunctionDefinition, provider: ProviderDefinition): string {
  const { name, summary, description, parameters, returns, example } = definition;
  const signature = `${name}(${parameters.map((parameter) => `${parameter.name} ${typeText(parameter.shape)}`).join(', ')}) ${typeText(returns)}`;
  const lines = parameters.map(
    (parameter, index) => `${index + 1}. \`${parameter.name}\` (${typeText(parameter.shape)}) ${parameter.description}`,
  );
  return [
    `---\npage_title: "${name} Function - ${provider.name}"\ndescription: ${JSON.stringify(summary)}\n---`,
    `# ${name} (Function)`,
    description,
    '## Example Usage',
    fence('hcl', `output "example" {\n  value = ${example.call}\n}\n`),
    'Result:',
    fence('text', example.gives.endsWith('\n') ? example.gives : `${example.gives}\n`),
    `## Signature\n\n${fence('text', `${signature}\n`)}`,
    `## Arguments\n\n${lines.join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** The docs page of the provider block. */
export function providerPage(provider: ProviderDefinition): string {
  const fields = fieldsOf(provider.attributes);
  const isSecret = (key: string): boolean => provider.attributes[key]?.facts.sensitive === true;
  const variables = Object.keys(provider.example).filter(isSecret).map(secretHcl).join('');
  const hcl = `terraform {\n  required_providers {\n    ${provider.name} = {\n      source = "${provider.source ?? `registry.terraform.io/repoform/${provider.name}`}"\n    }\n  }\n}\n\n${variables}provider "${provider.name}" {\n${Object.entries(
    provider.example,
  )
    .map(([key, value]) => `  ${key} = ${isSecret(key) ? `var.${key}` : JSON.stringify(value)}\n`)
    .join('')}}\n`;
  const environment = fields.map((field) => `| \`${field.name}\` | \`${provider.name.toUpperCase()}_${field.name.toUpperCase()}\` |`);
  return [
    `---\npage_title: "${provider.name} Provider"\ndescription: ${JSON.stringify(provider.description)}\n---`,
    `# ${provider.name} Provider`,
    provider.description,
    '## Example Usage',
    fence('hcl', hcl),
    attributeSections(fields),
    `## Environment\n\nEach attribute can be set by an environment variable instead; the provider block takes precedence. Headers are lines of the form \`Name: value\`.\n\n| attribute | variable |\n| --- | --- |\n${environment.join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** The resources that an example refers to, in their minimal form, after those that they refer to themselves. */
export function needed(example: ExampleConfig, provider: ProviderDefinition): ExampleBlock[] {
  const blocks = referencesIn(example).flatMap(({ type, name }): ExampleBlock[] => {
    const other = provider.resources.find((candidate) => candidate.type === type);
    if (!other) throw new Error(`an example refers to ${type}, which the provider does not have`);
    const block = { ...other, keyword: 'resource', name, config: other.example.minimal } as const;
    return [...needed(other.example.minimal, provider), block];
  });
  return blocks.filter((block, index) => blocks.findIndex(({ type, name }) => type === block.type && name === block.name) === index);
}

interface Page {
  readonly type: string;
  readonly kind: 'Resource' | 'Data Source' | 'List Resource' | 'Ephemeral Resource' | 'Action';
  readonly description: string;
}

function head({ type, kind, description }: Page, provider: ProviderDefinition): string {
  return [
    `---\npage_title: "${type} ${kind} - ${provider.name}"\ndescription: ${JSON.stringify(description)}\n---`,
    `# ${type} (${kind})`,
    description,
  ].join('\n\n');
}

function exampleSection(blocks: readonly ExampleBlock[], provider: Documented): string {
  const { module } = provider;
  const hasSecrets = blocks.some(hasSecret);
  const classes = [...new Set(blocks.map(({ type, keyword }) => classOf(type, provider.name, keyword)))].sort();
  const names = hasSecrets && module === undefined ? [...classes, 'secretVariable'] : classes;
  const imports = [
    `import { ${names.join(', ')} } from '${module ?? `repoform/${provider.name}`}';\n`,
    hasSecrets && module !== undefined ? `import { secretVariable } from 'repoform/constructs';\n` : '',
  ].join('');
  const typeScript = `${imports}\n${blocks.map((block) => toTypeScript(block, provider.name)).join('')}`;
  return [
    '## Example Usage',
    'In TypeScript, in the constructor of a stack:',
    fence('typescript', typeScript),
    'In HCL:',
    fence('hcl', blocks.map(toHcl).join('\n')),
  ].join('\n\n');
}

const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\`\`\``;

function attributeSections(fields: readonly Field[]): string {
  const sections = [
    ['Required', fields.filter(({ required }) => required)],
    ['Optional', fields.filter(({ optional }) => optional)],
    ['Read-Only', fields.filter(({ required, optional }) => !required && !optional)],
  ] as const;
  const texts = sections
    .filter(([, some]) => some.length > 0)
    .map(([title, some]) => `### ${title}\n\n${some.map((field) => attributeLine(field, '')).join('\n')}`);
  return ['## Schema', ...texts].join('\n\n');
}

function attributeLine(field: Field, indent: string): string {
  const facts = [
    field.facts.deprecated ? `**Deprecated: ${field.facts.deprecated}**` : '',
    field.description,
    field.default === undefined ? '' : `Default: \`${JSON.stringify(field.default)}\`.`,
    field.shape.kind === 'string' && field.shape.oneOf ? `One of ${field.shape.oneOf.map((value) => `\`${value}\``).join(', ')}.` : '',
    field.facts.forceNew ? 'Changing this forces replacement.' : '',
    versionsText(field.facts) ?? '',
  ].filter((fact) => fact !== '');
  const members = membersOf(field.shape).map((member) => `\n${attributeLine(member, `${indent}  `)}`);
  return `${indent}- \`${field.name}\` (${typeText(field.shape)}${field.facts.sensitive ? ', sensitive' : ''}${field.facts.writeOnly ? ', write-only' : ''}) ${facts.join(' ')}${members.join('')}`;
}

const membersOf = (shape: Shape): readonly Field[] =>
  shape.kind === 'object' ? shape.fields : 'element' in shape ? membersOf(shape.element) : [];

function typeText(shape: Shape): string {
  if (shape.kind === 'object') return 'object';
  return 'element' in shape ? `${shape.kind} of ${typeText(shape.element)}` : shape.kind;
}

const isOptional = (type: Attribute['type']): boolean => type.safeParse(undefined).success;

function importSection({ type, key, attributes }: ResourceDefinition, id: string, provider: ProviderDefinition): string {
  const form = key.map((name, index) => {
    const part = `/<${snakeCase(name)}>`;
    return index === key.length - 1 && attributes[name] && isOptional(attributes[name].type) ? `[${part}]` : part;
  });
  return `## Import\n\nThe import id is \`${form.join('').slice(1)}\`:\n\n${fence('shell', `terraform import ${type}.example '${id}'\n`)}\n\nIn TypeScript: \`${classOf(type, provider.name)}.generateConfigForImport(this, 'example', '${id}')\`, or \`.importFrom('${id}')\` on the construct.`;
}
