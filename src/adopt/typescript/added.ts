import { providerClass } from '../../schema/derive/construct/names';
import { quote, templateText, typeScriptLiteral } from '../../schema/derive/literal';
import type { Item } from '../groups';
import { groupsOf } from '../groups';
import { Names } from '../names';
import type { AppFiles, AppSource } from './app';
import { AppNames } from './app-names';
import { bodyOf } from './group-file';
import { importLine, secretsFile } from './parts';

/** A file for what an app does not manage yet, and the lines that use it. */
export interface AddedFiles extends AppFiles {
  readonly use: Use;
}

/** The lines to add to `main.ts`: its imports, and the statements in the constructor of the stack. */
export interface Use {
  readonly imported: readonly string[];
  readonly made: readonly string[];
}

/** What a folder has that new files stand beside. */
export interface Existing {
  /** Names of files. */
  readonly files: readonly string[];
  /** Whether its `secrets.ts` has the function that makes variables for secrets. */
  readonly hasSecret: boolean;
  /** Names of Terraform variables. */
  readonly variables: readonly string[];
  /** Whether a stack has a block of the provider. */
  readonly hasProvider: boolean;
}

/** Writes one construct with what is new, beside files that stay as they are. */
export function addedFiles(source: Omit<AppSource, 'groups'>, items: readonly Item[], existing: Existing): AddedFiles {
  const { provider, core, imports } = source;
  const { files: taken, hasSecret, variables, hasProvider } = existing;
  const number = new Names(taken.map((name) => name.replace(/\.ts$/, ''))).take('added').slice('added'.length);
  const [className, slug] = [`Added${number}`, `added${number}`];
  const groups = groupsOf(items, 'none');
  const names = new AppNames(provider, groups, variables);
  const bodies = groups.map((group) => bodyOf(group, names));
  const secrets = bodies.flatMap((body) => body.secrets);
  const module = hasSecret ? 'secrets' : new Names(taken.map((name) => name.replace(/\.ts$/, ''))).take('secrets');
  const ids = Object.fromEntries(
    groups.flatMap((group) => group.items.map(({ object }) => [names.nameOf(object).id, templateText(object.id)])),
  );
  const text = `${imports ? `${importLine(['TerraformResource'], core.name)}\n` : ''}import { Construct } from 'constructs';
${importLine([...new Set(bodies.flatMap(({ classes }) => classes))].sort(), core.module)}
${secrets.length > 0 ? `import { secret } from './${module}';\n` : ''}${imports ? idsText(ids) : ''}
${aboutText(secrets)}
export class ${className} extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
${bodies.map((body) => body.text).join('\n')}${imports ? importing : ''}  }
}
`;
  const files = new Map([[`${slug}.ts`, text]]);
  if (secrets.length > 0 && !hasSecret) files.set(`${module}.ts`, secretsFile(core));
  const uses = [...(hasProvider ? [] : [providerUse(source)]), useOf(className)];
  return { files, secrets, use: { imported: uses.flatMap((use) => use.imported), made: uses.flatMap((use) => use.made) } };
}

/** The lines that use the class of an added file. */
export function useOf(className: string): Use {
  const slug = className.toLowerCase();
  return { imported: [importLine([className], `./${slug}`)], made: [`new ${className}(this, ${quote(slug)});`] };
}

/** The lines that configure the provider, for an app that has been without it. */
function providerUse({ provider, core, endpoint }: Omit<AppSource, 'groups'>): Use {
  const className = providerClass(provider);
  const url = `process.env.${endpoint.variable} ?? ${quote(templateText(endpoint.url))}`;
  return { imported: [importLine([className], core.module)], made: [`new ${className}(this, ${quote(provider)}, { endpoint: ${url} });`] };
}

const aboutText = (secrets: readonly string[]): string =>
  secrets.length === 0
    ? '/** What was on the server and not managed yet. */'
    : `/**
 * What was on the server and not managed yet. Its secrets are set by variables when you deploy:
${secrets.map((name) => ` * - \`TF_VAR_${name}\`\n`).join('')} */`;

const idsText = (ids: Readonly<Record<string, string>>): string => `
/** The import ids of what was on the server. Delete them, and what uses them, after the next deployment. */
const ids: Readonly<Record<string, string>> = ${typeScriptLiteral(ids, { broken: true })};
`;

const importing = `
    for (const [name, importId] of Object.entries(ids)) {
      (this.node.findChild(name) as TerraformResource).importFrom(importId);
    }
`;
