import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../src/registry/server';
import { startCrew } from '../../examples/custom-provider/server';
import { expectStatus, run, type Run } from './support/command';
import { tlsFront } from '../support/tls-front';
import { cleanEnvironment, root } from './support/environment';
import { addPacked, installPacked, type Modules } from './support/project';

const minutes = 60_000;
let modules: Modules;
let top: string;
beforeAll(async () => {
  modules = installPacked(['esbuild', 'jest', 'ts-jest']);
  top = mkdtempSync(join(tmpdir(), 'repoform-own-'));
  const folder = folderOf('crew', 'custom-provider');
  await must(folder, [join(modules.folder, 'repoform/dist/repoform.js'), 'provider', 'build']);
  addPacked(modules.folder, folder);
}, 2 * minutes);
afterAll(() => {
  modules.remove();
  rmSync(top, { recursive: true, force: true });
});

/** A folder of its own for a copy of an example, or of a part of it, with nothing but what is installed. */
function folderOf(name: string, example: string): string {
  const folder = join(top, name);
  cpSync(join(root, 'examples', example), folder, { recursive: true, filter: (path) => !/cdktf\.out|\.terraform|tfstate/.test(path) });
  symlinkSync(modules.folder, join(folder, 'node_modules'));
  return folder;
}

async function must(cwd: string, [command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  return expectStatus(await run(command, args, { cwd, env: cleanEnvironment(top, { CI: '1', ...env }) }), 0);
}

const cdktf = (cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
  must(cwd, ['node_modules/.bin/cdktf', ...args], env);

const text = (...path: string[]): string => readFileSync(join(top, ...path), 'utf8');

describe('the language of definitions, in a project without zod', () => {
  const definition = `import { attr, connection, defineProvider, defineResource, rest, z } from 'repoform/provider';
const example = { minimal: { name: 'a' }, full: { name: 'a' } };
const attributes = { name: attr(z.string().min(1), 'Name.') };
const thing = defineResource({ type: 'a_b', description: 'B.', attributes, key: ['name'], ...rest({ path: '/b' }), example });
export const provider = defineProvider({ name: 'a', title: 'A', description: 'A.', attributes: connection('A'), resources: [thing], example: {} });
// @ts-expect-error there is no such attribute
const wrong = (): unknown => defineResource({ type: 'a_b', description: 'B.', attributes, key: ['nam'], ...rest({ path: '/b' }), example });
console.log(provider.resources.map(({ type }) => type), z.string().safeParse(1).success, typeof wrong);
`;

  test.each([
    ['node16', 'node16'],
    ['preserve', 'bundler'],
  ])('type-checks as %s with the resolution %s, and runs as CommonJS and as ESM', async (module, moduleResolution) => {
    const folder = mkdtempSync(join(top, 'language-'));
    symlinkSync(modules.folder, join(folder, 'node_modules'));
    for (const name of ['one.cts', 'other.mts']) writeFileSync(join(folder, name), definition);
    const compilerOptions = { strict: true, target: 'es2022', module, moduleResolution, types: ['node'], noEmit: true };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['one.cts', 'other.mts'] }));
    await must(folder, ['node_modules/.bin/tsc', '-p', '.']);
    for (const name of ['one.cts', 'other.mts'])
      expect((await must(folder, ['node_modules/.bin/tsx', name])).text).toContain("[ 'a_b' ] false function");
  });

  test('keeps its doc comments', () => {
    const types = join(modules.folder, 'repoform/lib/provider/types/schema/define');
    expect(readFileSync(join(types, 'attribute.d.ts'), 'utf8')).toContain('* Declares an attribute.');
    expect(readFileSync(join(types, 'resource.d.ts'), 'utf8')).toContain('Names of the attributes that make up the import id');
  });
});

describe('a package with a provider of its own', () => {
  test(
    'type-checks, and the contract suite runs in it',
    async () => {
      const folder = join(top, 'crew');
      await must(folder, ['node_modules/.bin/tsc', '-p', '.']);
      const { text: told } = await must(folder, ['node_modules/.bin/jest', '-t', 'definitions|life of resources']);
      expect(told).toMatch(/Tests: .* [4-9]\d passed/);
    },
    3 * minutes,
  );

  test('has constructs with doc comments, docs pages that import from it, and no second zod', () => {
    expect(text('crew/lib/cdktn/team.d.ts')).toMatch(/\/\*\*\s+\* What the team does\./);
    expect(text('crew/docs/resources/team.md')).toContain("import { Team } from 'terraform-provider-crew';");
    expect(text('crew/docs/index.md')).toContain('source = "registry.terraform.io/example/crew"');
    const code = text('crew/dist/terraform-provider-crew');
    expect([...code.matchAll(/^#main .*$/gm)].map(([main]) => main.split('"ZodString"').length - 1)).toEqual([1]);
    // Not more than ours, whose start-up it shares: all of zod would add 300 kB.
    expect(code.length).toBeLessThan(readFileSync(join(root, 'dist/provider/terraform-provider-bkrepo')).length);
  });

  test(
    'is deployed by a bare cdktf deploy, the second time without changes, and destroyed',
    async () => {
      const server = await startCrew();
      const env = { CREW_ENDPOINT: server.endpoint, CREW_TOKEN: 'crew' };
      const app = folderOf('app', 'custom-provider/app');
      try {
        await must(app, [
          'node_modules/.bin/tsc',
          '--noEmit',
          '--strict',
          '--skipLibCheck',
          '--module',
          'node16',
          '--target',
          'es2022',
          '--types',
          'node',
          'main.ts',
        ]);
        const deployed = await cdktf(app, ['deploy', '--auto-approve'], env);
        expect(deployed.text).toContain('Apply complete! Resources: 4 added, 0 changed, 0 destroyed.');
        expect([...(server.teams.get('core')?.members.keys() ?? [])].sort()).toEqual(['ada@example.com', 'grace@example.com']);
        expect(text('app/terraform.crew.tfstate')).toMatch(/"secret": "[0-9a-f]{32}"/);
        expect((await cdktf(app, ['deploy', '--auto-approve'], env)).text).toMatch(/No changes\.|0 added, 0 changed, 0 destroyed/);
        expect((await cdktf(app, ['destroy', '--auto-approve'], env)).text).toContain('Destroy complete! Resources: 4 destroyed.');
        expect([...server.teams.keys()]).toEqual([]);
      } finally {
        await server.stop();
      }
    },
    5 * minutes,
  );

  test(
    'is used from plain HCL, and its schema is the one that terraform prints',
    async () => {
      const server = await startCrew();
      const folder = folderOf('hcl', 'custom-provider/app');
      try {
        const { text: told } = await must(folder, [
          join(modules.folder, 'repoform/dist/repoform.js'),
          'provider',
          'install',
          '--package',
          'terraform-provider-crew',
          '--dir',
          'mirror',
        ]);
        const [configuration = ''] = /^provider_installation \{[^]*?^\}$/m.exec(told) ?? [];
        writeFileSync(join(folder, 'terraformrc'), configuration);
        const env = { TF_CLI_CONFIG_FILE: join(folder, 'terraformrc'), CREW_ENDPOINT: server.endpoint, CREW_TOKEN: 'crew' };
        await must(folder, ['terraform', 'init', '-input=false'], env);
        const printed = JSON.parse((await must(folder, ['terraform', 'providers', 'schema', '-json'], env)).text) as {
          provider_schemas: object;
        };
        const ours = JSON.parse(text('crew/schema.json')) as typeof printed;
        expect(ours).toMatchObject(printed);
        expect((await must(folder, ['terraform', 'apply', '-auto-approve', '-input=false'], env)).text).toContain('2 added');
        await must(folder, ['terraform', 'plan', '-detailed-exitcode', '-input=false'], env);
        expect((await must(folder, ['terraform', 'destroy', '-auto-approve', '-input=false'], env)).text).toContain('2 destroyed');
      } finally {
        await server.stop();
      }
    },
    3 * minutes,
  );

  test(
    'is published into a local terraform repository, and terraform installs it by its address and applies with it',
    async () => {
      const registry = await startRegistry({ data: join(top, 'published'), port: 0, closeGraceMs: 0 });
      const front = await tlsFront(registry.url, top);
      const server = await startCrew();
      try {
        const body = JSON.stringify({ name: 'tools', package_type: 'terraform', repo_type: 'local' });
        expect((await fetch(`${registry.url}/api/v2/remotes`, { method: 'POST', body })).status).toBe(201);
        const folder = folderOf('bare', 'custom-provider/app');
        const publish = [join(modules.folder, 'repoform/dist/repoform.js'), 'provider', 'publish', '--package', 'terraform-provider-crew'];
        await must(folder, [...publish, '--to', `${front.url}/tools`], { ARTIFACTAPI_CA_CERT: front.authority });
        const configuration = readFileSync(join(folder, 'main.tf'), 'utf8');
        writeFileSync(join(folder, 'main.tf'), configuration.replace('registry.terraform.io/example/crew', `${front.host}/tools/crew`));
        const env = { SSL_CERT_FILE: front.authority, CREW_ENDPOINT: server.endpoint, CREW_TOKEN: 'crew' };
        expect((await must(folder, ['terraform', 'init', '-input=false'], env)).text).toMatch(
          /Installed \S+\/tools\/crew v\S+ \(self-signed/,
        );
        expect((await must(folder, ['terraform', 'apply', '-auto-approve', '-input=false'], env)).text).toContain('2 added');
        expect((await must(folder, ['terraform', 'destroy', '-auto-approve', '-input=false'], env)).text).toContain('2 destroyed');
      } finally {
        await Promise.all([server.stop(), front.stop()]);
        await registry.close();
      }
    },
    3 * minutes,
  );
});

test(
  "a new package is built as it is, and lives in one stack with another team's provider and ours",
  async () => {
    const { text: made } = await must(top, [join(modules.folder, 'repoform/dist/repoform.js'), 'provider', 'new', 'shop']);
    expect(made).toContain('terraform-provider-shop');
    const folder = join(top, 'terraform-provider-shop');
    symlinkSync(modules.folder, join(folder, 'node_modules'));
    await must(folder, ['node_modules/.bin/tsc', '-p', '.']);
    await must(folder, [join(modules.folder, 'repoform/dist/repoform.js'), 'provider', 'build']);
    addPacked(modules.folder, folder);
    const again = await run(join(modules.folder, 'repoform/dist/repoform.js'), ['provider', 'new', 'shop'], { cwd: top, env: process.env });
    expect(again).toMatchObject({ status: 1, said: expect.stringContaining('already exists and is not overwritten') as unknown });

    const crew = await startCrew();
    const registry = await startRegistry({ data: join(top, 'registry'), port: 0, closeGraceMs: 0 });
    const app = folderOf('all', 'custom-provider/app');
    const shop = (await import(join(folder, 'test/server.ts'))) as { startServer(): Promise<{ endpoint: string; stop(): Promise<void> }> };
    const store = await shop.startServer();
    writeFileSync(
      join(app, 'main.ts'),
      `import { App, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalGeneric } from 'repoform/artifactapi';
import * as crew from 'terraform-provider-crew';
import * as shop from 'terraform-provider-shop';
const stack = new TerraformStack(new App(), 'all');
new ArtifactapiProvider(stack, 'artifactapi', { endpoint: '${registry.url}' });
new crew.CrewProvider(stack, 'crew', { endpoint: '${crew.endpoint}' });
new shop.ShopProvider(stack, 'shop', { endpoint: '${store.endpoint}' });
const team = new crew.Team(stack, 'crew-team', { name: 'core' });
const other = new shop.Team(stack, 'shop-team', { name: team.name });
new LocalGeneric(stack, 'files', { name: 'files', description: other.name });
(stack.node.root as App).synth();
`,
    );
    try {
      const env = { CREW_TOKEN: 'crew' };
      expect((await cdktf(app, ['deploy', '--auto-approve'], env)).text).toContain('Resources: 3 added');
      expect((await cdktf(app, ['diff'], env)).text).toContain('No changes.');
      expect((await cdktf(app, ['destroy', '--auto-approve'], env)).text).toContain('3 destroyed');
    } finally {
      await Promise.all([crew.stop(), registry.close(), store.stop()]);
    }
  },
  5 * minutes,
);

test(
  "an organization's constructs are tested, packed, and deployed by the app of another team",
  async () => {
    const folder = folderOf('org', 'org-package');
    await must(folder, ['node_modules/.bin/tsc', '-p', '.']);
    expect((await must(folder, ['node_modules/.bin/jest'])).text).toContain('3 passed');
    addPacked(modules.folder, folder);
    const app = folderOf('payments', 'org-package/app');
    const registry = await startRegistry({ data: join(top, 'payments-registry'), port: 0, strict: true, closeGraceMs: 0 });
    const env = { ARTIFACTAPI_ENDPOINT: registry.url };
    try {
      expect((await cdktf(app, ['deploy', '--auto-approve'], env)).text).toContain('Apply complete!');
      const names = (await (await fetch(`${registry.url}/api/v2/remotes`)).json()) as { name: string }[];
      expect(names.filter(({ name }) => !name.startsWith('payments-'))).toEqual([]);
      expect(names.length).toBeGreaterThan(1);
      expect((await cdktf(app, ['deploy', '--auto-approve'], env)).text).toMatch(/No changes\.|0 added, 0 changed, 0 destroyed/);
      expect((await cdktf(app, ['destroy', '--auto-approve'], env)).text).toContain('Destroy complete!');
    } finally {
      await registry.close();
    }
  },
  5 * minutes,
);
