import { pascalCase } from '../../src/common/names';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { classOf } from '../../src/schema/derive/example';
import type { ConstructDoc, MemberDoc } from './construct-reader';

/** The docs page of a hand-written construct. */
export function constructPage(
  doc: ConstructDoc,
  hcl: string,
  { provider, names }: { provider: ProviderDefinition; names: readonly string[] },
): string {
  const { name, kind, description, example } = doc;
  const [summary = ''] = description.split('\n\n');
  const used = names.filter((candidate) => new RegExp(`\\b${candidate}\\b`).test(example));
  const sections = [
    `---\npage_title: "${name} Construct - ${provider.name}"\ndescription: ${JSON.stringify(summary.replace(/\s+/g, ' '))}\n---`,
    `# ${name} (${kind === 'class' ? 'Construct' : 'Function of the Constructs'})`,
    description,
    '## Example Usage',
    'In TypeScript, in the constructor of a stack:',
    fence('typescript', `import { ${used.join(', ')} } from 'repoform/${provider.name}';\n\n${example}`),
    'The resulting HCL:',
    fence('hcl', hcl),
    '## Properties',
    ...optionSections(doc),
    ...(doc.members.length > 0 ? ['## Members', doc.members.map(memberLine).join('\n')] : []),
  ];
  return `${sections.join('\n\n')}\n`;
}

const fence = (language: string, code: string): string => `\`\`\`${language}\n${code}\`\`\``;

function optionSections({ options, metaArguments }: ConstructDoc): string[] {
  const [required, optional] = [options.filter((option) => !option.optional), options.filter((option) => option.optional)];
  const meta = "Terraform's meta-arguments, e.g. `dependsOn`, `lifecycle`, `forEach` and `provider`, are accepted as well.";
  return [
    ...(required.length > 0 ? [`### Required\n\n${required.map(memberLine).join('\n')}`] : []),
    ...(optional.length > 0 ? [`### Optional\n\n${optional.map(memberLine).join('\n')}`] : []),
    ...(metaArguments ? [meta] : []),
  ];
}

function memberLine({ name, type, description, fallback }: MemberDoc): string {
  const called = type.startsWith('(') ? `\`${name}${type}\`` : `\`${name}\` (\`${type}\`)`;
  const isCode = fallback !== undefined && /^(["[{\d]|true$|false$)/.test(fallback);
  return `- ${called} ${description}${fallback === undefined ? '' : ` Default: ${isCode ? `\`${fallback}\`` : fallback}.`}`;
}

interface Listed {
  readonly written: readonly ConstructDoc[];
  readonly generated: readonly string[];
}

/** The page that lists every construct of a provider, with where it is described. */
export function constructIndex({ written, generated }: Listed, provider: ProviderDefinition): string {
  const pages = pagesOfClasses(provider);
  const missing = generated.filter((name) => !pages.has(name));
  if (missing.length > 0) throw new Error(`no page describes the constructs ${missing.join(', ')}`);
  const rows = generated.flatMap((name) => {
    const page = pages.get(name);
    return page ? [`| [${name}](${page.path}) | ${page.description} |`] : [];
  });
  const own = written.map(
    ({ name, description }) => `| [${name}](${name}.md) | ${(description.split('\n\n')[0] ?? '').replace(/\s+/g, ' ')} |`,
  );
  return [
    `---\npage_title: "Constructs - ${provider.name}"\ndescription: "The TypeScript constructs for ${provider.name}."\n---`,
    `# Constructs of \`repoform/${provider.name}\``,
    'The same classes are exported for CDK Terrain as ' + `\`repoform/cdktn/${provider.name}\`.`,
    ...(own.length > 0 ? ['## Written by Hand', `| construct | what it is |\n| --- | --- |\n${own.join('\n')}`] : []),
    '## Generated',
    'One class for each resource, data source, ephemeral resource and action; the linked page has an example in TypeScript. Attribute names are in camelCase.',
    `| construct | what it is |\n| --- | --- |\n${rows.join('\n')}\n`,
  ].join('\n\n');
}

interface ClassPage {
  readonly path: string;
  readonly description: string;
}

/** Where the generated classes are described, by class. */
function pagesOfClasses({
  name,
  description,
  resources,
  dataSources,
  ephemerals = [],
  actions = [],
}: ProviderDefinition): ReadonlyMap<string, ClassPage> {
  type Typed = { readonly type: string; readonly description: string };
  const place = (keyword: 'resource' | 'data' | 'ephemeral' | 'action', folder: string) => (one: Typed) =>
    [
      classOf(one.type, name, keyword),
      { path: `../${folder}/${one.type.slice(name.length + 1)}.md`, description: one.description },
    ] as const;
  return new Map([
    [`${pascalCase(name)}Provider`, { path: '../index.md', description }],
    [`${pascalCase(name)}Functions`, { path: '../functions', description: 'The functions of the provider, as static methods.' }],
    ...resources.map(place('resource', 'resources')),
    ...dataSources.map(place('data', 'data-sources')),
    ...ephemerals.map(place('ephemeral', 'ephemeral-resources')),
    ...actions.map(place('action', 'actions')),
  ]);
}
