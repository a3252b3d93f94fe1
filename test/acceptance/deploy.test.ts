import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { startRegistry } from '../../src/registry/server';
import { bundle } from '../support/bundle';
import { iterated, severalStacks, simple, withSecondProvider } from './fixtures/apps';
import { expectStatus } from './support/command';
import { type CoreBinary, defaultHost, machineCore } from './support/core-binary';
import { platform } from './support/environment';
import { type Case, onCores } from './support/on-cores';
import { inProject, installPacked, type Modules, type Project } from './support/project';

const TIMEOUT = 300_000;
const provider = `terraform.d/plugins/registry.terraform.io/repoform/artifactapi/${version}/${platform}/terraform-provider-artifactapi_v${version}`;
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

/** What happens in a project. */
type Recipe = (project: Project) => Promise<void>;

function inApp(given: string | Case, main: string, recipe: Recipe): void {
  onCores(typeof given === 'string' ? { name: given } : given, (title, core) => define(title, { main, core }, recipe));
}

/** A test that no core takes part in, or only by being absent. */
const onMachine = (name: string, main: string, recipe: Recipe): void => define(name, { main, core: machineCore() }, recipe);

function define(title: string, start: { readonly main: string; readonly core: CoreBinary }, recipe: Recipe): void {
  test.concurrent(title, () => inProject({ modules: modules(), ...start }, recipe), TIMEOUT);
}

inApp('a bare cdktf deploy works in a folder with three files, and so do diff, output and destroy', simple, async (project) => {
  const deployed = await project.must(['deploy', '--auto-approve']);
  expect(deployed.text).toContain('Apply complete! Resources: 2 added, 0 changed, 0 destroyed.');
  expect(deployed.text).not.toMatch(/warn/i);
  expect(await project.repositories()).toEqual(['certs']);
  expect(existsSync(project.path('cdktf.out/stacks/packages', provider))).toBe(true);
  expect((await project.must(['diff'])).text).toContain('No changes. Your infrastructure matches the configuration.');
  await project.must(['output', '--outputs-file', 'outputs.json']);
  expect(JSON.parse(readFileSync(project.path('outputs.json'), 'utf8'))).toEqual({
    packages: { charts_url: `${project.registry.url}/api/v1/virtual/charts` },
  });
  expect((await project.must(['destroy', '--auto-approve'])).text).toContain('Destroy complete! Resources: 2 destroyed.');
  expect(await project.repositories()).toEqual([]);
});

inApp(
  'several stacks, a reference between them, two registries in one stack and an output folder of its own',
  severalStacks,
  async (project) => {
    const other = await startRegistry({ data: project.path('home/other'), port: 0, closeGraceMs: 0 });
    const env = { OTHER_ENDPOINT: other.url };
    try {
      await project.must(['deploy', '*', '--auto-approve', '-o', 'out'], env);
      expect(existsSync(project.path('out/stacks/second', provider))).toBe(true);
      expect([await project.repositories(), await project.repositories(other)]).toEqual([['npm'], ['files-there']]);
      const virtual = await fetch(`${project.registry.url}/api/v2/virtuals/npm-all`);
      expect(await virtual.json()).toMatchObject({ members: ['npm'] });
      expect(await (await fetch(`${other.url}/api/v2/remotes/files-there`)).json()).toMatchObject({ description: 'npm' });
      await project.must(['destroy', '*', '--auto-approve', '-o', 'out'], env);
      expect([await project.repositories(), await project.repositories(other)]).toEqual([[], []]);
    } finally {
      await other.close();
    }
  },
);

inApp('a lock file with an older version of the provider, and a plugin cache', simple, async (project) => {
  const lock = 'cdktf.out/stacks/packages/.terraform.lock.hcl';
  const hash = 'h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  project.write(
    lock,
    `provider "registry.terraform.io/repoform/artifactapi" {\n  version     = "0.0.1"\n  constraints = "0.0.1"\n  hashes = [\n    "${hash}",\n  ]\n}\n`,
  );
  const cache = project.path('home/cache');
  mkdirSync(cache, { recursive: true });
  const env = { TF_PLUGIN_CACHE_DIR: cache };
  await project.must(['deploy', '--auto-approve'], env);
  expect(await project.repositories()).toEqual(['certs']);
  const text = readFileSync(project.path(lock), 'utf8');
  expect(text).toMatch(new RegExp(`version += "${version.replaceAll('.', '\\.')}"`));
  expect(text).not.toContain(hash);
  expect(existsSync(join(cache, 'registry.terraform.io/repoform/artifactapi', version, platform))).toBe(true);
  rmSync(project.path(lock));
  rmSync(project.path('cdktf.out/stacks/packages/.terraform'), { recursive: true });
  expect((await project.must(['diff'], env)).text).toContain('No changes.');
});

inApp('a second provider from a local mirror beside ours', withSecondProvider, async (project) => {
  const mirror = project.path('home/.terraform.d/plugins', defaultHost(project.core), 'acme/shelf/1.0.0', platform);
  mkdirSync(mirror, { recursive: true });
  bundle(join(__dirname, '../protocol/fixture/main.ts'), join(mirror, 'terraform-provider-shelf_v1.0.0'));
  await project.must(['deploy', '--auto-approve', '--outputs-file', 'outputs.json']);
  expect(JSON.parse(readFileSync(project.path('outputs.json'), 'utf8'))).toEqual({ packages: { description: 'b-Emma' } });
  expect((await project.must(['diff'])).text).toContain('No changes.');
});

inApp('a provider_installation block is told of, and once the provider is in the mirror it works', simple, async (project) => {
  const mirror = project.path('home/mirror');
  project.write('home/.terraformrc', `provider_installation {\n  filesystem_mirror {\n    path = "${mirror}"\n  }\n}\n`);
  const refused = await project.cdktf(['deploy', '--auto-approve']);
  expect(refused.status).not.toBe(0);
  expect(refused.text).toContain(
    `${project.path('home/.terraformrc')} has a provider_installation block, so Terraform ignores the folder into which synthesis installs the provider registry.terraform.io/repoform/artifactapi ${version}. Either put the provider into the mirror it names, with "npx repoform provider install --dir ${mirror}", or let a registry serve it and set installLocally: false on the provider`,
  );
  expectStatus(await project.run(process.execPath, ['node_modules/repoform/dist/repoform.js', 'provider', 'install', '--dir', mirror]), 0);
  await project.must(['deploy', '--auto-approve']);
  expect(await project.repositories()).toEqual(['certs']);
});

inApp(
  { name: 'an iterator, a secret variable and a data source', needs: ['ephemeral values', 'write-only attributes'] },
  iterated,
  async (project) => {
    const env = { TF_VAR_upstream_password: 'Zq81-upstream' };
    await project.must(['deploy', '--auto-approve', '--outputs-file', 'outputs.json'], env);
    expect(await project.repositories()).toEqual(['a', 'b']);
    const outputs = JSON.parse(readFileSync(project.path('outputs.json'), 'utf8')) as { packages: { found: { name: string }[] } };
    expect(outputs.packages.found.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await project.must(['diff'], env)).text).toContain('No changes.');
    expect(readFileSync(project.path('terraform.packages.tfstate'), 'utf8')).not.toContain('Zq81-upstream');
  },
);

onMachine('without the terraform command the message says what to do', simple, async (project) => {
  const bin = mkdtempSync(join(tmpdir(), 'repoform-bin-'));
  for (const [name, target] of [
    ['node', process.execPath],
    ['npx', (await project.run('which', ['npx'])).text.trim()],
    ['sh', '/bin/sh'],
  ] as const)
    symlinkSync(target, join(bin, name));
  const refused = await project.run(process.execPath, ['node_modules/.bin/cdktf', 'deploy', '--auto-approve'], { PATH: bin });
  rmSync(bin, { recursive: true });
  expect(refused.status).not.toBe(0);
  expect(refused.text).toContain('Terraform CLI not present - Please install a current version');
});

onMachine('the types resolve under node16 and bundler, and an ES module works', simple, async (project) => {
  project.write('main.mts', simple);
  const base = { target: 'ES2022', strict: true, noEmit: true, types: ['node'], exactOptionalPropertyTypes: true };
  for (const [module, moduleResolution] of [
    ['node16', 'node16'],
    ['esnext', 'bundler'],
  ]) {
    project.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...base, module, moduleResolution, skipLibCheck: true }, files: ['main.ts', 'main.mts'] }),
    );
    expect(await project.run('node_modules/.bin/tsc', ['-p', '.'])).toMatchObject({ status: 0, text: '' });
    project.write('wrong.ts', simple.replace("name: 'certs'", 'name: 5'));
    const wrong = await project.run('node_modules/.bin/tsc', [
      '--noEmit',
      '--ignoreConfig',
      '--skipLibCheck',
      '--module',
      String(module),
      '--moduleResolution',
      String(moduleResolution),
      'wrong.ts',
    ]);
    expect(wrong.text).toMatch(/wrong\.ts\(\d+,\d+\): error TS2322: Type 'number' is not assignable to type 'string'\./);
  }
  rmSync(project.path('tsconfig.json'));
  expectStatus(await project.run('node_modules/.bin/tsx', ['main.mts']), 0);
  const synthesized = JSON.parse(readFileSync(project.path('cdktf.out/stacks/packages/cdk.tf.json'), 'utf8')) as { resource: object };
  expect(Object.keys(synthesized.resource)).toEqual(['artifactapi_remote_helm', 'artifactapi_virtual']);
});
