import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fromBufferPromise } from 'yauzl';
import { ZipFile } from 'yazl';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { machineCore } from '../acceptance/support/core-binary';
import { built, cleanEnvironment } from '../acceptance/support/environment';
import { onCores } from '../acceptance/support/on-cores';
import { inProject, installPacked, type Modules, type Project } from '../acceptance/support/project';
import { inWorkspace, type Workspace } from '../acceptance/support/workspace';

const TIMEOUT = 300_000;
let installed: Modules | undefined;
afterAll(() => installed?.remove());

const main = (body: string): string => `import { App, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalNpm, RemoteNpm, Virtual } from 'repoform/artifactapi';
const app = new App();
const stack = new TerraformStack(app, 'packages');
new ArtifactapiProvider(stack, 'artifactapi');
${body}
app.synth();
`;

const before = main(`const own = new LocalNpm(stack, 'own', { name: 'own' });
const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@acme/'], username: 'ci', passwordWo: 'hunter2-first' });
new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [own.name, npm.name] });`);

const after =
  main(`const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', username: 'ci', passwordWo: 'hunter2-second' });
const own = new LocalNpm(stack, 'own', { name: 'own-2' });
new Virtual(stack, 'all', { name: 'all', packageType: 'npm', members: [npm.name, own.name] });`);

const told = `packages

Replaces
  ± local npm own → own-2  artifactapi_local_npm.own
      the delete is refused if it holds files, because force_destroy is not true
      name: own → own-2 (forces replacement)

Opens access
  ~ remote npm npm  artifactapi_remote_npm.npm
      patterns: is empty now, which allows everything; before, it allowed only ^@acme/
      password: rotates

Changes members or their order
  ~ virtual all  artifactapi_virtual.all
      members: adds own-2, removes own: own, npm → npm, own-2

2 to update, 1 to replace.
`;

const diff = (project: Project, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> =>
  project.run(process.execPath, ['node_modules/repoform/dist/repoform.js', 'diff', ...args], env);

test(
  'an app is synthesized, initialized and planned; what it changes is told, and the exit code says whether it does',
  () =>
    inProject({ modules: (installed ??= installPacked()), main: before, core: machineCore() }, async (project) => {
      const first = expectStatus(await diff(project, ['packages', '--exit-code']), 2);
      expect(first.text).toContain('Creates\n');
      expect(first.text).toContain('3 to create.\n');
      expectStatus(await project.cdktf(['deploy', '--auto-approve']), 0);
      const nothing = expectStatus(await diff(project, ['--exit-code']), 0);
      expect(nothing.text).toMatch(/packages\n\nNothing changes\.\n$/);
      project.write('main.ts', after);
      const changed = expectStatus(await diff(project, ['--exit-code']), 2);
      expect(changed.text.slice(changed.text.indexOf('packages\n\n'))).toBe(told);
      expect(changed.text).not.toContain('hunter2');
      await expectErrors(project);
    }),
  TIMEOUT,
);

/** The errors of the app and of the core are printed whole, and in time. */
async function expectErrors(project: Project): Promise<void> {
  project.write('main.ts', after.replace("'artifactapi')", "'artifactapi', { endpoint: 'http://127.0.0.1:1', maxRetries: 0 })"));
  const refused = expectStatus(await diff(project, ['--exit-code', '--format', 'json']), 1);
  expect(refused.text).toContain('repoform: "');
  expect(refused.text).toContain('plan" failed in');
  for (const name of ['artifactapi_local_npm.own', 'artifactapi_remote_npm.npm']) expect(refused.said).toContain(`with ${name},`);
  expect(refused.text).not.toContain('"format"');
  project.write('main.ts', after.replace('own.name', 'own.nam'));
  const broken = expectStatus(await diff(project, ['packages']), 1);
  expect(broken.said).toMatch(/repoform: the app cannot be synthesized: "npx tsx main\.ts" exited with 1/);
  project.write('main.ts', after);
  expect(expectStatus(await diff(project, ['pakages']), 1).text).toContain('repoform: the app has no stack "pakages"; it has packages\n');
}

const remote = (name: string, more = ''): string => `resource "artifactapi_remote_npm" "${name}" {
  name     = "${name}"
  base_url = "https://npm.example.com"
  ${more}
}
`;

/** Runs the command where a configuration is. */
const inside = ({ folder, core }: Workspace, args: readonly string[]): Promise<Run> =>
  run(process.execPath, [built('dist/repoform.js'), 'diff', '--core-binary', core.path, ...args], {
    cwd: folder,
    env: cleanEnvironment(folder),
  });

onCores({ name: 'a configuration, a saved plan and one in JSON read the same' }, (title, core) =>
  test(
    title,
    () =>
      inWorkspace(
        true,
        async (workspace) => {
          await workspace.apply(remote('npm') + remote('gone'));
          workspace.write(remote('npm', 'description = "Packages"'));
          const all = expectStatus(await inside(workspace, ['.', '--exit-code']), 2).text;
          const words = all.slice(all.indexOf('\nDeletes\n'));
          expect(words).toBe(`
Deletes
  - remote npm gone  artifactapi_remote_npm.gone

Updates
  ~ remote npm npm  artifactapi_remote_npm.npm
      description: "" → Packages

1 to update, 1 to delete.
`);
          expectStatus(await workspace.terraform(['plan', '-input=false', '-out=plan.out']), 0);
          expect(expectStatus(await inside(workspace, ['plan.out']), 0).text).toContain(words);
          const json = expectStatus(await workspace.terraform(['show', '-json', 'plan.out']), 0).text;
          writeFileSync(join(workspace.folder, 'plan.json'), json);
          expect(expectStatus(await inside(workspace, ['plan.json']), 0).text).toContain(words);
          // In another folder there are no providers, and what to do is said.
          mkdirSync(join(workspace.folder, 'elsewhere'));
          copyFileSync(join(workspace.folder, 'plan.out'), join(workspace.folder, 'elsewhere/plan.out'));
          const lost = await run(process.execPath, [built('dist/repoform.js'), 'diff', 'plan.out', '--core-binary', core.path], {
            cwd: join(workspace.folder, 'elsewhere'),
            env: cleanEnvironment(workspace.folder),
          });
          expectStatus(lost, 1);
          expect(lost.said).toContain('name the folder in which it was made with --dir');
          await workspace.call('PUT', '/api/v2/remotes/npm', {
            name: 'npm',
            package_type: 'npm',
            repo_type: 'remote',
            base_url: 'https://npm.example.com',
            blocklist: ['x'],
          });
          const drift = expectStatus(await inside(workspace, ['.', '--exit-code', '--', '-refresh-only', '-detailed-exitcode']), 2).text;
          expect(drift).toContain(
            'Changed outside of Terraform\n  ~ remote npm npm  artifactapi_remote_npm.npm\n      blocklist: also refuses x\n',
          );
        },
        core,
      ),
    TIMEOUT,
  ),
);

test(
  'a plan of another core is refused with the reason of the core and what to do',
  () =>
    inWorkspace(true, async (workspace) => {
      await workspace.apply(remote('npm'));
      expectStatus(await workspace.terraform(['plan', '-input=false', '-out=plan.out']), 0);
      const made = join(workspace.folder, 'plan.out');
      writeFileSync(
        made,
        await withVersion(readFileSync(made), workspace.core.version, '1.99.9'.padEnd(workspace.core.version.length, '0')),
      );
      const refused = expectStatus(await inside(workspace, ['plan.out']), 1);
      expect(refused.said).toMatch(/^repoform: "\S+ show" cannot read the plan \S+; name the core that made it with --core-binary /);
      expect(refused.said).toContain('plan file was created by Terraform 1.99.9');
    }),
  TIMEOUT,
);

/** A saved plan that says it is of another version: a zip, with the version as text in one of its files. */
async function withVersion(plan: Buffer, from: string, to: string): Promise<Buffer> {
  const archive = new ZipFile();
  const zip = await fromBufferPromise(plan, { lazyEntries: true });
  for await (const entry of zip.eachEntry()) {
    const content = (await buffer(await zip.openReadStreamPromise(entry))).toString('latin1');
    archive.addBuffer(Buffer.from(content.replaceAll(from, to), 'latin1'), entry.fileName);
  }
  archive.end();
  return buffer(archive.outputStream);
}
