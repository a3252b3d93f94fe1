import { providerClass, resourceClass } from '../../schema/derive/construct/names';
import { quote, templateText, typeScriptLiteral } from '../../schema/derive/literal';
import type { Group } from '../groups';
import { AppNames } from './app-names';
import { type Body, bodyOf } from './group-file';
import { importLine, secretsFile } from './parts';

/** The core that an app is written for. */
export interface Core {
  readonly name: 'cdktf' | 'cdktn';
  /** The module of the provider's constructs. */
  readonly module: string;
}

/** An app as source files. */
export interface AppSource {
  readonly provider: string;
  readonly groups: readonly Group[];
  readonly core: Core;
  readonly stack: string;
  /** The environment variable of the endpoint, and the endpoint that was read. */
  readonly endpoint: { readonly variable: string; readonly url: string };
  /** Whether it imports what is on the server instead of creating it. */
  readonly imports: boolean;
}

/** The files of the app, and the names of its secrets. */
export interface AppFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly secrets: readonly string[];
}

/** Writes the app: a construct for each group, a stack with all of them, and the import ids. */
export function appFiles(source: AppSource): AppFiles {
  const names = new AppNames(source.provider, source.groups);
  const bodies = new Map(source.groups.map((group) => [group, bodyOf(group, names)] as const));
  const [alone] = source.groups.length === 1 ? bodies.values() : [];
  const secrets = [...bodies.values()].flatMap((body) => body.secrets);
  const files = new Map([['main.ts', mainFile(source, names, alone ?? bodies)]]);
  if (!alone) for (const [group, body] of bodies) files.set(`${names.groupName(group).slug}.ts`, groupFile(source, names, { group, body }));
  if (secrets.length > 0) files.set('secrets.ts', secretsFile(source.core));
  if (source.imports) files.set('imports.ts', importsFile(source, names));
  return { files, secrets };
}

type Bodies = ReadonlyMap<Group, Body>;

function mainFile({ provider, core, endpoint, stack, imports }: AppSource, names: AppNames, content: Body | Bodies): string {
  const own = content instanceof Map ? undefined : (content as Body);
  const bodies: Bodies = content instanceof Map ? (content as Bodies) : new Map();
  const needed = new Set([...bodies.values()].flatMap((body) => body.needs));
  const constructs = [...bodies].map(([group, { needs }]) => {
    const { className, variable, slug } = names.groupName(group);
    const given = needs.length === 0 ? '' : `, { ${needs.map((one) => names.groupName(one).variable).join(', ')} }`;
    return `    ${needed.has(group) ? `const ${variable} = ` : ''}new ${className}(this, ${quote(slug)}${given});\n`;
  });
  const providerName = providerClass(provider);
  return `${importLine(['App', 'TerraformStack'], core.name)}
import type { Construct } from 'constructs';
${importLine([providerName, ...(own?.classes ?? [])].sort(), core.module)}
${imports ? `import { importExisting } from './imports';\n` : ''}${own?.secrets.length ? `import { secret } from './secrets';\n` : ''}${[
    ...bodies.keys(),
  ]
    .map((group) => `${importLine([names.groupName(group).className], `./${names.groupName(group).slug}`)}\n`)
    .join('')}
class Registry extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Credentials come from the environment.
    new ${providerName}(this, ${quote(provider)}, {
      endpoint: process.env.${endpoint.variable} ?? ${quote(templateText(endpoint.url))},
    });

${own?.text ?? constructs.join('')}${imports ? '\n    importExisting(this);\n' : ''}  }
}

const app = new App();
new Registry(app, ${quote(stack)});
app.synth();
`;
}

function groupFile(
  { core, provider }: AppSource,
  names: AppNames,
  { group, body }: { readonly group: Group; readonly body: Body },
): string {
  const { className } = names.groupName(group);
  const others = body.needs.map((one) => names.groupName(one));
  const fields = group.items
    .filter(({ object }) => names.shared.has(object))
    .map(({ object }) => `  readonly ${names.nameOf(object).variable}: ${resourceClass(provider, object.type)};\n`);
  const props = `/** The parts that it refers to. */
export interface ${className}Props {
${others.map((one) => `  readonly ${one.variable}: ${one.className};\n`).join('')}}

`;
  const parameter = others.length === 0 ? '' : `, { ${others.map(({ variable }) => variable).join(', ')} }: ${className}Props`;
  return `import { Construct } from 'constructs';
${importLine(body.classes, core.module)}
${others.map((one) => `import type { ${one.className} } from './${one.slug}';\n`).join('')}${body.secrets.length > 0 ? `import { secret } from './secrets';\n` : ''}
${others.length > 0 ? props : ''}/** Everything in ${JSON.stringify(group.name).replaceAll('*/', '*\\/')}. */
export class ${className} extends Construct {
${fields.length > 0 ? `${fields.join('')}\n` : ''}  constructor(scope: Construct, id: string${parameter}) {
    super(scope, id);
${body.text}  }
}
`;
}

function importsFile({ core }: AppSource, names: AppNames): string {
  const lines = names.groups.flatMap((group) =>
    group.items.map(({ object }) => {
      const path = [...(names.groups.length > 1 ? [names.groupName(group).slug] : []), names.nameOf(object).id].join('/');
      return [path, templateText(object.id)] as const;
    }),
  );
  return `import { TerraformResource, type TerraformStack } from '${core.name}';
import type { IConstruct } from 'constructs';

/** The import ids of what was on the server, by the paths of its constructs. Delete this file and its use in \`main.ts\` after the first deployment. */
const ids: Readonly<Record<string, string>> = ${typeScriptLiteral(Object.fromEntries(lines), { broken: true })};

/** Imports what was on the server instead of creating it. */
export function importExisting(stack: TerraformStack): void {
  for (const [path, id] of Object.entries(ids)) {
    let found: IConstruct | undefined = stack;
    for (const name of path.split('/')) found = found?.node.tryFindChild(name);
    if (!(found instanceof TerraformResource)) throw new Error(\`imports.ts: no resource is at "\${path}"\`);
    found.importFrom(id);
  }
}
`;
}
