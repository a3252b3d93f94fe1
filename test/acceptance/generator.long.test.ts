import { readdirSync, readFileSync } from 'node:fs';
import { version } from '../../package.json';
import { schemasOf } from '../../src/handler/schemas';
import { providers } from '../../src/resources';
import { expectStatus } from './support/command';
import { machineCore } from './support/core-binary';
import { inProject, installPacked, type Modules, type Project } from './support/project';

const TIMEOUT = 300_000;
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

/** An app on the generated classes alone. */
const main = `import { App, TerraformStack } from 'cdktf';
import { LocalGeneric } from './.gen/providers/artifactapi/local-generic';
import { ArtifactapiProvider } from './.gen/providers/artifactapi/provider';
import { Project } from './.gen/providers/bkrepo/project';
import { BkrepoProvider } from './.gen/providers/bkrepo/provider';
const app = new App();
const stack = new TerraformStack(app, 'generated');
new ArtifactapiProvider(stack, 'artifactapi', {});
new LocalGeneric(stack, 'files', { name: 'files' });
new BkrepoProvider(new TerraformStack(app, 'typed'), 'bkrepo', { endpoint: 'http://127.0.0.1:1' });
export const projectType = Project.tfResourceType;
app.synth();
`;

/** The folders that the generator makes of a provider: one for each resource and data source. */
function foldersOf(provider: (typeof providers)[number]): string[] {
  const { resources, dataSources } = schemasOf(provider);
  const kebab = (name: string): string => name.replaceAll('_', '-');
  const own = [...Object.keys(resources)].map((name) => kebab(name.slice(provider.name.length + 1)));
  return [...own, ...[...Object.keys(dataSources)].map((name) => kebab(`data_${name}`)), 'provider'].sort();
}

/** Names of the schema that the generator cannot give to a property, since a language of its has them for itself. */
function renamedIn(project: Project, provider: string): string[] {
  const place = project.path('.gen/providers', provider);
  const texts = readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(`${place}/${path}`, 'utf8'));
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/^ {2}readonly (\w+)(?:Attribute|Resource)\??:/gm)].map(([, name = '']) => name))),
  ];
}

test(
  'the official generator makes typed classes of all providers from a mirror, and an app on them deploys',
  () =>
    inProject({ modules: modules(), main, core: machineCore() }, async (project) => {
      const mirror = project.path('home/mirror');
      project.write('cli.tfrc', `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
      const env = { TF_CLI_CONFIG_FILE: project.path('cli.tfrc') };
      const terraformProviders = providers.map(({ name }) => `registry.terraform.io/repoform/${name}@${version}`);
      project.write('cdktf.json', JSON.stringify({ language: 'typescript', app: 'npx tsx main.ts', terraformProviders }));
      const repoform = 'node_modules/repoform/dist/repoform.js';
      expectStatus(await project.run(process.execPath, [repoform, 'provider', 'install', '--dir', mirror]), 0);
      await project.must(['get'], env);
      for (const provider of providers) {
        const made = readdirSync(project.path('.gen/providers', provider.name)).filter((name) => !name.endsWith('.ts'));
        expect(made.sort()).toEqual(foldersOf(provider));
      }
      expect(providers.map(({ name }) => renamedIn(project, name))).toEqual([[], ['system'], []]);
      const compilerOptions = {
        target: 'ES2022',
        module: 'node16',
        moduleResolution: 'node16',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: ['node'],
      };
      project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['main.ts', '.gen/**/*.ts'] }));
      expect(await project.run('node_modules/.bin/tsc', ['-p', '.'])).toMatchObject({ status: 0, text: '' });
      expectStatus(await project.run('node_modules/.bin/tsx', ['main.ts']), 0);
      for (const args of [
        ['init', '-input=false'],
        ['apply', '-auto-approve', '-input=false'],
        ['plan', '-detailed-exitcode', '-input=false'],
      ])
        expectStatus(await project.run(project.core.path, ['-chdir=cdktf.out/stacks/generated', ...args], env), 0);
      expect(await project.repositories()).toEqual(['files']);
    }),
  TIMEOUT,
);
