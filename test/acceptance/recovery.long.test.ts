import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeUnder, follow, type Reader } from '../support/guide';
import { startStateServer, type StateServer } from '../support/state-server';
import { expectStatus } from './support/command';
import { onCores } from './support/on-cores';
import { inProject, installPacked, type Modules } from './support/project';
import { onStrict, type Workspace } from './support/workspace';

const TIMEOUT = 300_000;
const guide = 'recovery';
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

const npm = (name = 'npm') => `
resource "artifactapi_remote_npm" "npm" {
  name     = "${name}"
  base_url = "https://npm.example.com"
}
`;
const files = `
resource "artifactapi_local_generic" "files" {
  name = "files"
}
`;

/** What a section shows of a message has to be in what was said, but for what is another in every run. */
function expectShown(section: string, said: string, { endpoint }: Workspace): void {
  const plain = (text: string): string =>
    text
      .replaceAll(endpoint, 'https://artifacts.example.com')
      .replaceAll(new URL(endpoint).host, '127.0.0.1:8000')
      .replaceAll('OpenTofu', 'Terraform')
      .replaceAll('tofu ', 'terraform ')
      .replace(/[│╷╵]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
  const [shown = 'no such text'] = codeUnder(guide, section, 'text');
  const without = /^ +(ID|Operation|Who|Created):.*$/gm;
  for (const paragraph of shown.replace(without, '').split(/\n\n+/)) expect(plain(said)).toContain(plain(paragraph));
}

/** The only block of commands of a section. */
const commandsOf = (section: string): string => codeUnder(guide, section, 'sh')[0] ?? 'no such block';

interface Stored {
  readonly workspace: Workspace;
  readonly server: StateServer;
  /** Runs what a section says. */
  readonly follow: (script: string) => Promise<string>;
}

function onStoredState(name: string, recipe: (stored: Stored) => Promise<void>): void {
  onStrict({ name, needs: ['import blocks'] }, async (workspace) => {
    const server = await startStateServer();
    const reader: Reader = { folder: workspace.folder, modules: '', core: workspace.core, servers: {} };
    try {
      workspace.write(server.hcl + npm() + files);
      await workspace.apply();
      await recipe({ workspace, server, follow: async (script) => (await follow(reader, script)).text });
    } finally {
      await server.close();
    }
  });
}

onStoredState('a lost state is imported again', async ({ workspace, server }) => {
  server.state = undefined;
  await workspace.writes();
  expectShown('Lost state', await workspace.failApply(), workspace);
  const writes = await workspace.writes();
  expect(Object.keys(writes).filter((route) => /^(PUT|DELETE)/.test(route))).toEqual([]);
  expectStatus(await workspace.terraform(['import', 'artifactapi_remote_npm.npm', 'npm']), 0);
  expectStatus(await workspace.terraform(['import', 'artifactapi_local_generic.files', 'files']), 0);
  await workspace.expectEmptyPlan();
});

onStoredState('an apply that ends half-way is continued', async ({ workspace, server }) => {
  const more = npm('second').replace('"npm" {', '"second" {').replace('}', '  depends_on = [artifactapi_local_generic.releases]\n}');
  const wanted = server.hcl + npm() + files + files.replaceAll('files', 'releases') + more;
  await workspace.fault({ method: 'POST', path: '/api/v2/remotes', reset: true });
  const said = await workspace.failApply(wanted);
  expect(said).toMatch(/Error: Server Not Reachable .*Cannot create artifactapi_local_generic "releases"/);
  await workspace.heal();
  expect((await workspace.apply()).text).toContain('Resources: 2 added, 0 changed, 0 destroyed.');
  await workspace.expectEmptyPlan();
  server.state = undefined;
  const unreachable = workspace.header.replace(workspace.endpoint, 'http://127.0.0.1:9') + server.hcl + npm();
  expectShown(
    'Half an apply',
    (await workspace.failApply(unreachable)).replaceAll('127.0.0.1:9', new URL(workspace.endpoint).host),
    workspace,
  );
});

onStoredState(
  'a state that could not be saved is pushed, a lock that was left behind removed, a provider that the lock file does not know installed',
  async ({ workspace, server, follow }) => {
    server.broken = true;
    expectShown(
      'A state that could not be saved',
      await workspace.failApply(server.hcl + npm() + files.replace('\n}', '\n  description = "x"\n}')),
      workspace,
    );
    server.broken = false;
    expect(await follow(commandsOf('A state that could not be saved'))).toContain('No changes.');
    const [id = ''] = /[0-9a-f]{8}(-[0-9a-f]+){4}/.exec(commandsOf('A lock left behind')) ?? [];
    server.lock = JSON.stringify({
      ID: id,
      Operation: 'OperationTypeApply',
      Who: 'ci@runner',
      Version: '1.11.4',
      Created: '2026-11-29T14:00:00Z',
    });
    const said = await workspace.failPlan();
    expectShown('A lock left behind', said, workspace);
    expect(said).toContain(`ID=${id}`);
    await follow(commandsOf('A lock left behind'));
    await workspace.expectEmptyPlan();
    const lock = join(workspace.folder, '.terraform.lock.hcl');
    writeFileSync(lock, readFileSync(lock, 'utf8').replace(/"h1:./, '"h1:X'));
    const refused = await workspace.failPlan();
    if (workspace.core.product === 'Terraform') expectShown('Another provider than the lock file says', refused, workspace);
    expect(refused).toContain('does not match any of the checksums recorded in the dependency lock file');
    rmSync(lock);
    await workspace.bare(['init', '-input=false']);
    await workspace.expectEmptyPlan();
  },
);

onStoredState(
  'an object that was deleted by hand is made again or forgotten, a renamed one managed under its new name',
  async ({ workspace, server, follow }) => {
    await workspace.call('DELETE', '/api/v2/remotes/npm');
    expectShown('An object deleted by hand', expectStatus(await workspace.terraform(['plan', '-input=false']), 0).said, workspace);
    expect(await workspace.plan()).toEqual({ 'artifactapi_remote_npm.npm': 'create' });
    expect(await workspace.plan(server.hcl + files)).toEqual({});
    await workspace.apply(server.hcl + npm() + files);
    await workspace.expectEmptyPlan();
    const renamed = { name: 'npm-public', package_type: 'npm', repo_type: 'remote', base_url: 'https://npm.example.com' };
    await workspace.call('DELETE', '/api/v2/remotes/npm');
    expect((await workspace.call('POST', '/api/v2/remotes', renamed)).status).toBe(201);
    const wanted = `${server.hcl + npm('npm-public') + files}import {\n  to = artifactapi_remote_npm.npm\n  id = "npm-public"\n}\n`;
    // The import is ignored as long as the old object is in the state.
    expect(await workspace.failApply(wanted)).toContain('Already on the Server');
    await workspace.call('DELETE', '/api/v2/remotes/npm-public');
    await workspace.apply(server.hcl + npm() + files);
    await workspace.call('DELETE', '/api/v2/remotes/npm');
    await workspace.call('POST', '/api/v2/remotes', renamed);
    await follow(commandsOf('An object renamed by hand'));
    expect((await workspace.apply(wanted)).text).toContain('1 imported, 0 added, 0 changed, 0 destroyed.');
  },
);

onStrict('a core that was killed leaves no lock on a local state, and what it made is not overwritten', async (workspace) => {
  await workspace.apply(files);
  await workspace.fault({ method: 'POST', path: '/api/v2/remotes', latencyMs: 3000 });
  let killed = false;
  workspace.write(files + npm());
  await workspace.terraform(['apply', '-auto-approve', '-input=false'], {
    onOutput(text, pid) {
      if (killed || !text.includes('artifactapi_remote_npm.npm: Creating')) return;
      killed = true;
      setTimeout(() => process.kill(pid, 'SIGKILL'), 1000);
    },
  });
  expect(killed).toBe(true);
  await workspace.heal();
  await workspace.call('POST', '/api/v2/remotes', {
    name: 'npm',
    package_type: 'npm',
    repo_type: 'remote',
    base_url: 'https://npm.example.com',
  });
  expect(await workspace.failApply()).toContain('The artifactapi_remote_npm "npm" already exists on the server');
  expectStatus(await workspace.terraform(['import', 'artifactapi_remote_npm.npm', 'npm']), 0);
  await workspace.expectEmptyPlan();
});

const app = (more = ''): string => `import { App, TerraformResource, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalGeneric, RemoteNpm } from 'repoform/artifactapi';

const app = new App();
const stack = new TerraformStack(app, 'packages');
new ArtifactapiProvider(stack, 'artifactapi');
new LocalGeneric(stack, 'files', { name: 'files' });
const npm = new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com' });
void [TerraformResource, npm];
${more}app.synth();
`;

onCores(
  { name: 'a stack whose state is lost imports itself, and one of its objects is forgotten', needs: ['moves across resource types'] },
  (title, core) =>
    test(
      title,
      () =>
        inProject({ modules: modules(), main: app(), core }, async (project) => {
          const deploy = ['deploy', '--auto-approve'];
          await project.must(deploy);
          rmSync(project.path('terraform.packages.tfstate'));
          expect(expectStatus(await project.cdktf(deploy), 1).text).toContain('(in TypeScript: resource.importFrom("npm"))');
          project.write('main.ts', app(codeUnder(guide, 'Lost state', 'ts')[0]));
          expect((await project.must(deploy)).text).toContain('2 imported, 0 added, 0 changed, 0 destroyed.');
          project.write('main.ts', app());
          expect((await project.must(['diff'])).text).toContain('No changes.');
          const shown = codeUnder('uninstalling', 'Stop managing one object', 'ts')[0] ?? 'no such block';
          const forgotten = shown.replace(/from: '[^']*'/, "from: 'artifactapi_remote_npm.npm'");
          expect(forgotten).not.toBe(shown);
          project.write(
            'main.ts',
            app(forgotten)
              .replace(/^const npm = .*\n/m, '')
              .replace(', npm]', ']'),
          );
          expect((await project.must(deploy)).text).toMatch(
            /will no longer be managed by Terraform, but will not be destroyed|will be removed from the OpenTofu state/,
          );
          project.write(
            'main.ts',
            app()
              .replace(/^const npm = .*\n/m, '')
              .replace(', npm]', ']'),
          );
          expect((await project.must(['diff'])).text).toContain('No changes.');
          const leave = codeUnder('uninstalling', 'Leave with everything', 'sh')[0] ?? 'no such block';
          const reader: Reader = { folder: project.folder, modules: modules().folder, core, servers: {} };
          await follow(reader, `cd cdktf.out/stacks/packages\n${leave}`);
          expect(JSON.parse(readFileSync(project.path('terraform.packages.tfstate'), 'utf8'))).toMatchObject({ resources: [] });
          expect(await project.repositories()).toEqual(['files', 'npm']);
        }),
      TIMEOUT,
    ),
);
