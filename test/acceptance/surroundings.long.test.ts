import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oldestNode } from '../../src/common/node-version';
import { simple } from './fixtures/apps';
import { expectStatus, run } from './support/command';
import { cleanEnvironment } from './support/environment';
import { onCores } from './support/on-cores';
import { inProject, installPacked, type Modules } from './support/project';
import { layProvider, onStrict } from './support/workspace';

const TIMEOUT = 300_000;
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

const files = 'resource "artifactapi_local_generic" "files" {\n  name = "files"\n}\n';
const moduleScope = '{ "type": "module" }\n';

onStrict('plain HCL in an ES module package, and a stack elsewhere whose plugin cache links into it', async (workspace) => {
  const { core, folder, header } = workspace;
  const other = join(folder, 'home/other stack');
  const cache = join(folder, 'home/cache');
  for (const made of [other, cache]) mkdirSync(made, { recursive: true });
  const env = cleanEnvironment(folder, { TF_PLUGIN_CACHE_DIR: cache, TF_IN_AUTOMATION: '1' });
  const terraform = async (cwd: string, ...args: string[]): Promise<string> =>
    expectStatus(await run(core.path, args, { cwd, env }), 0).text;
  writeFileSync(join(folder, 'package.json'), moduleScope);
  workspace.write(files);
  await terraform(folder, 'init', '-input=false');
  await terraform(folder, 'apply', '-auto-approve', '-input=false');
  await terraform(folder, 'plan', '-detailed-exitcode', '-input=false');
  await terraform(folder, 'destroy', '-auto-approve', '-input=false');
  // It has the same lock entry, so it takes what the cache has: a link to the folder of the first.
  layProvider(other, 'artifactapi');
  writeFileSync(join(other, 'main.tf'), header + files);
  writeFileSync(join(other, '.terraform.lock.hcl'), readFileSync(join(folder, '.terraform.lock.hcl')));
  expect(await terraform(other, 'init', '-input=false')).toContain('from the shared cache directory');
  await terraform(other, 'apply', '-auto-approve', '-input=false');
  await terraform(other, 'destroy', '-auto-approve', '-input=false');
});

onStrict('the NODE_OPTIONS of a user who debugs or preloads something', async (workspace) => {
  workspace.write(files);
  const env = { NODE_OPTIONS: '--require ./instrument.js --import tsx --inspect-brk --max-old-space-size=512' };
  await workspace.apply(files, [], env);
  await workspace.expectEmptyPlan(env);
});

onStrict('without Node on the PATH the core says which is needed, and how to get it', async (workspace) => {
  await workspace.apply(files);
  const bin = mkdtempSync(join(tmpdir(), 'repoform-bin-'));
  const which = await run('which', [workspace.core.path], { cwd: bin, env: process.env });
  symlinkSync(which.text.trim(), join(bin, 'terraform'));
  const { status, said } = await workspace.terraform(['plan', '-input=false'], { env: { PATH: bin } });
  rmSync(bin, { recursive: true });
  expect(status).toBe(1);
  expect(said).toContain(`Unrecognized remote plugin message: repoform needs Node ${oldestNode} or newer, and found no node that starts`);
  expect(said.replaceAll(' ', '')).toContain(`(${bin});installitfromhttps://nodejs.org,oradditsfoldertothePATH`);
});

/** A home in which nobody, not even root, can make anything. */
const noHome = { HOME: '/proc/self', TF_PLUGIN_CACHE_DIR: undefined };

onCores({ name: 'an ES module app under a folder with spaces and other scripts, with a home that cannot be written' }, (title, core) =>
  test.concurrent(
    title,
    () =>
      inProject({ modules: modules(), main: simple, core }, async (project) => {
        const app = 'packages/my app ünï 仓库';
        project.write('package.json', '{ "name": "workspace", "private": true, "workspaces": ["packages/*"] }\n');
        project.write(`${app}/package.json`, '{ "name": "app", "private": true, "type": "module" }\n');
        project.write(`${app}/cdktf.json`, '{ "language": "typescript", "app": "../../node_modules/.bin/tsx main.ts" }\n');
        project.write(`${app}/main.ts`, simple);
        const env = cleanEnvironment(project.folder, {
          CI: '1',
          ARTIFACTAPI_ENDPOINT: project.registry.url,
          TERRAFORM_BINARY_NAME: core.path,
          CDKTF_DISABLE_PLUGIN_CACHE_ENV: '1',
          ...noHome,
        });
        const cdktf = (...args: string[]) => run(project.path('node_modules/.bin/cdktf'), args, { cwd: project.path(app), env });
        expectStatus(await cdktf('deploy', '--auto-approve'), 0);
        expect(await project.repositories()).toEqual(['certs']);
        expect(expectStatus(await cdktf('diff'), 0).text).toContain('No changes.');
        expectStatus(await cdktf('destroy', '--auto-approve'), 0);
        expect(await project.repositories()).toEqual([]);
      }),
    TIMEOUT,
  ),
);

onCores({ name: 'an ES module app of cdktn, with the modules behind links as pnpm lays them' }, (title, core) =>
  test.concurrent(
    title,
    () =>
      inProject({ modules: modules(), main: '', core }, async (project) => {
        const store = project.path('app/node_modules');
        mkdirSync(store, { recursive: true });
        for (const name of ['repoform', 'cdktn', 'constructs', 'tsx']) symlinkSync(join(modules().folder, name), join(store, name));
        project.write('app/package.json', moduleScope);
        project.write('app/main.ts', simple.replaceAll("'cdktf'", "'cdktn'").replaceAll("'repoform/", "'repoform/cdktn/"));
        const options = { cwd: project.path('app'), env: cleanEnvironment(project.folder, { ARTIFACTAPI_ENDPOINT: project.registry.url }) };
        expectStatus(await run(project.path('node_modules/.bin/tsx'), ['main.ts'], options), 0);
        const stack = { ...options, cwd: project.path('app/cdktf.out/stacks/packages') };
        for (const args of [
          ['init', '-input=false'],
          ['apply', '-auto-approve', '-input=false'],
          ['plan', '-detailed-exitcode', '-input=false'],
        ])
          expectStatus(await run(core.path, args, stack), 0);
        expect(await project.repositories()).toEqual(['certs']);
      }),
    TIMEOUT,
  ),
);
