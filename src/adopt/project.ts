import { devDependencies } from '../../package.json';
import { version } from '../common/version';
import type { ProviderDefinition } from '../schema/define/provider';
import { WIDTH } from '../schema/derive/literal';
import type { LeftOut } from './estate';
import type { Core } from './typescript/app';

/** What the files around the source are written from. */
export interface ProjectSource {
  readonly provider: ProviderDefinition;
  readonly format: 'typescript' | 'hcl';
  readonly core: Core;
  readonly stack: string;
  readonly endpoint: { readonly variable: string; readonly url: string };
  readonly secrets: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly count: number;
}

/** The files that make a folder of sources a project. */
export function projectFiles(source: ProjectSource): ReadonlyMap<string, string> {
  const ignored = ['.gitignore', `${isHcl(source) ? '.terraform' : 'node_modules\ncdktf.out\n.repoform'}\nterraform.*tfstate*\n`] as const;
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

function manifest({ stack, core, provider }: ProjectSource): object {
  const [own] = core.module.split('/');
  const isOurs = own === 'repoform';
  return {
    name: stack,
    private: true,
    description: `What ${provider.title} has, in TypeScript.`,
    scripts: { typecheck: 'tsc --noEmit', diff: `${core.name} diff`, deploy: `${core.name} deploy` },
    dependencies: {
      [core.name]: devDependencies[core.name],
      [`${core.name}-cli`]: devDependencies[core.name],
      // npm refuses newer ones beside the optional peers of the cores.
      constructs: core.name === 'cdktn' ? '~10.6.0' : devDependencies.constructs,
      ...(isOurs && { repoform: `^${version}` }),
    },
    prettier: { singleQuote: true, printWidth: WIDTH },
    devDependencies: { '@types/node': devDependencies['@types/node'], tsx: devDependencies.tsx, typescript: devDependencies.typescript },
  };
}

function readme(source: ProjectSource): string {
  const { provider, core, stack, endpoint, secrets, leftOut, count } = source;
  const isTerraform = isHcl(source);
  const command = isTerraform ? 'terraform' : `npx ${core.name}`;
  const imports = isTerraform ? '`imports.tf`' : '`imports.ts` and its use in `main.ts`';
  return `# ${stack}

What ${provider.title} has at ${endpoint.url}: ${count === 1 ? 'one object' : `${count} objects`}, in ${isTerraform ? 'HCL' : 'TypeScript'}.

## First

\`\`\`sh
${isTerraform ? `npx repoform provider install --dir ./mirror   # once; it prints what Terraform needs to find it\nterraform init\nterraform apply` : `npm install\nnpm run typecheck\n${command} deploy`}
\`\`\`

The plan imports ${count === 1 ? 'it' : `all ${count}`} and adds, changes and destroys nothing. Approve it, then delete ${imports}.
From then on, this code decides what the server has; \`${command} ${isTerraform ? 'plan' : 'diff'}\` shows what an edit changes.
${isTerraform ? '' : `\n\`${endpoint.variable}\` sets another endpoint.\n`}${secretsText(secrets)}${leftOutText(leftOut)}`;
}

function secretsText(secrets: readonly string[]): string {
  if (secrets.length === 0) return '';
  return `
## Secrets

No server tells them. Each has a variable; while it is not set, the server keeps the secret it has. Setting one is one announced update.

${secrets.map((name) => `- \`TF_VAR_${name}\``).join('\n')}
`;
}

function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut.length === 0 ? '' : `\n## Not Adopted\n\n${leftOut.map(({ what, why }) => `- ${what}: ${why}.`).join('\n')}\n`;
}
