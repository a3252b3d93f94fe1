import { devDependencies } from '../../package.json';
import type { ProviderDefinition } from '../schema/define/provider';
import { WIDTH } from '../schema/derive/literal';
import { amountText } from './copy/amount';
import type { Unmoved } from './copy/unmoved';
import { isLost, type LeftOut, leftOutByReason } from './estate';
import type { Core } from './typescript/app';

/** What the files around the source are written from. */
export interface ProjectSource {
  readonly provider: ProviderDefinition;
  readonly format: 'typescript' | 'hcl';
  readonly core: Core;
  /** The npm packages of the constructs, by name. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** What `repoform provider install` needs to find the provider. */
  readonly installOption: string;
  readonly stack: string;
  readonly endpoint: { readonly variable: string; readonly url: string };
  readonly secrets: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly count: number;
  /** Where the objects come from that the app creates at another server. @default it imports them where they are */
  readonly move?: { readonly from: string; readonly unmoved: readonly Unmoved[] };
}

/** The files that make a folder of sources a project. */
export function projectFiles(source: ProjectSource): ReadonlyMap<string, string> {
  const ignored = [
    '.gitignore',
    `${isHcl(source) ? '.terraform\nmirror' : 'node_modules\ncdktf.out\n.repoform'}\nterraform.*tfstate*\n`,
  ] as const;
  if (isHcl(source)) return new Map([ignored, ['README.md', readme(source)]]);
  return new Map([
    ['package.json', json(manifest(source))],
    ['cdktf.json', json({ language: 'typescript', app: 'npx tsx main.ts', sendCrashReports: 'false' })],
    ['tsconfig.json', json(tsconfig).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]')],
    ignored,
    ['README.md', readme(source)],
  ]);
}

const isHcl = ({ format }: ProjectSource): boolean => format === 'hcl';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const tsconfig = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['*.ts'],
};

function manifest({ stack, core, provider, dependencies }: ProjectSource): object {
  return {
    name: stack,
    private: true,
    description: `The objects of ${provider.title}, in TypeScript.`,
    scripts: { typecheck: 'tsc --noEmit', diff: `${core.name} diff`, deploy: `${core.name} deploy` },
    dependencies: {
      [core.name]: devDependencies[core.name],
      [`${core.name}-cli`]: devDependencies[core.name],
      // npm refuses newer ones beside the optional peers of the cores.
      constructs: core.name === 'cdktn' ? '~10.6.0' : devDependencies.constructs,
      ...dependencies,
    },
    prettier: { singleQuote: true, printWidth: WIDTH },
    devDependencies: { '@types/node': devDependencies['@types/node'], tsx: devDependencies.tsx, typescript: devDependencies.typescript },
  };
}

function readme(source: ProjectSource): string {
  const { provider, core, stack, endpoint, leftOut, count, installOption, move } = source;
  const isTerraform = isHcl(source);
  const command = isTerraform ? 'terraform' : `npx ${core.name}`;
  const imports = isTerraform ? '`imports.tf`' : '`imports.ts` and its use in `main.ts`';
  const plan = move
    ? `The plan adds ${count === 1 ? 'it' : `all ${count}`} to ${endpoint.url} and imports, changes and destroys nothing. Objects that the server already has are errors, which\nshow the commands that import them.`
    : `The plan imports ${count === 1 ? 'it' : `all ${count}`} and adds, changes and destroys nothing. Approve it, then delete ${imports}.`;
  return `# ${stack}

${count === 1 ? 'One object' : `${count} objects`} of ${provider.title} at ${move ? `${move.from}, to be created at ${endpoint.url}` : endpoint.url}, in ${isTerraform ? 'HCL' : 'TypeScript'}.

## First deployment

\`\`\`sh
${isTerraform ? `npx repoform provider install${installOption} --dir ./mirror   # once; it prints the CLI configuration that Terraform needs\nterraform init\nterraform apply` : `npm install\nnpm run typecheck\n${command} deploy`}
\`\`\`

${plan}
From then on, change the code and deploy; \`${command} ${isTerraform ? 'plan' : 'diff'}\` shows the effect first.
${isTerraform ? '' : `\n\`${endpoint.variable}\` overrides the endpoint.\n`}${secretsText(source)}${move ? unmovedText(source, move) : ''}${leftOutText(leftOut)}`;
}

function secretsText({ secrets, move }: ProjectSource): string {
  if (secrets.length === 0) return '';
  return `
## Secrets

Servers never return secrets, so each has a variable. ${move ? 'Set all of them before the first deployment: the new server has none.' : 'While it is not set, the server keeps its secret; once it is set, the plan shows one update.'}

${secrets.map((name) => `- \`TF_VAR_${name}\``).join('\n')}
`;
}

/** What the app does not move: files. */
function unmovedText({ provider, endpoint }: ProjectSource, { from, unmoved }: NonNullable<ProjectSource['move']>): string {
  if (unmoved.length === 0) return '';
  return `
## Files

The app does not move the files in these repositories:

${unmoved.map(({ id, uncopied, ...amount }) => `- ${proseOf(id)}: ${amountText(amount)}${uncopied === undefined ? '' : `; not copied, because ${uncopied}`}`).join('\n')}

Copy them after the deployment. The command can be repeated; it skips what is already there.

\`\`\`sh
npx repoform copy-files ${provider.name} --from ${from} --to ${endpoint.url}
\`\`\`
`;
}

/** A text of a server as one line of Markdown that is neither markup nor a link. */
const proseOf = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .replace(/[&<]/g, (sign) => (sign === '&' ? '&amp;' : '&lt;'))
    .replace(/[`[\]]/g, '\\$&');

function leftOutText(leftOut: readonly LeftOut[]): string {
  const section = (title: string, lines: readonly Pick<LeftOut, 'what' | 'why'>[]): string =>
    lines.length === 0
      ? ''
      : `\n## ${title}\n\n${lines.map(({ what, why }) => `- ${proseOf(`${what}: ${why.replace(/\.$/, '')}.`)}`).join('\n')}\n`;
  const never = leftOutByReason(leftOut, 'type');
  return (
    section('Not adopted', [...leftOut.filter(isLost), ...never]) + section('May be incomplete', leftOutByReason(leftOut, 'incomplete'))
  );
}
