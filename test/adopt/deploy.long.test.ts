import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRegistry } from '../../src/registry/server';
import { expectStatus } from '../acceptance/support/command';
import { root } from '../acceptance/support/environment';
import { inProject, installPacked, type Modules, type Project } from '../acceptance/support/project';
import { machineCore } from '../acceptance/support/core-binary';
import { laySixty } from './sixty';

const TIMEOUT = 300_000;
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

const example = join(root, 'examples/adopted-estate');

const inFolder = (recipe: (project: Project) => Promise<void>): Promise<void> =>
  inProject({ modules: modules(), main: '', core: machineCore() }, recipe);

const command = (project: Project, args: readonly string[], env = {}) =>
  project.run(process.execPath, ['node_modules/repoform/dist/repoform.js', ...args], env);

/** Adopts in the project, which has to end with a status. */
const adopt = async (project: Project, args: readonly string[], status = 0) =>
  expectStatus(await command(project, ['adopt', ...args]), status);

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

test(
  'sixty repositories become an app that compiles, imports all of them, and changes nothing; a secret that is set later is one update',
  () =>
    inFolder(async (project) => {
      const count = await laySixty(project.registry.url);
      expect(count).toBe(60);
      const { text } = await adopt(project, [
        'artifactapi',
        '--endpoint',
        project.registry.url,
        '--out',
        'adopted',
        '--split',
        'package-type',
      ]);
      expect(text).toContain('Wrote 60 objects');
      const files = filesOf(project.path('adopted'));
      expectExample(files, project.registry.url);
      const cwd = project.path('adopted');
      const run = async (bin: string, args: readonly string[], env = {}) =>
        project.run('sh', ['-c', `cd ${cwd} && exec ../node_modules/.bin/${bin} "$@"`, bin, ...args], env);
      const own = [...Object.keys(files)].filter((name) => /\.(ts|json)$/.test(name));
      expectStatus(await run('prettier', ['--check', ...own]), 0);
      expectStatus(await run('tsc', ['--noEmit']), 0);
      const deployed = expectStatus(await run('cdktf', ['deploy', '--auto-approve']), 0);
      // Of much output, cdktf loses the end on a busy machine.
      expect(deployed.text).toContain('Plan: 60 to import, 0 to add, 0 to change, 0 to destroy.');
      expect(resourcesIn(project.path('adopted/terraform.registry.tfstate'))).toHaveLength(60);
      expect(deployed.text).not.toContain('User Name Without a Password');
      expect((await run('cdktf', ['diff'])).text).toContain('No changes.');
      const changed = await run('cdktf', ['deploy', '--auto-approve'], { TF_VAR_npm_partner_password: 'partner-2' });
      expect(changed.text).toContain('Resources: 0 added, 1 changed, 0 destroyed.');
      await expectAddition(project, run);
    }),
  TIMEOUT,
);

/** The resources that a state has. */
function resourcesIn(state: string): readonly unknown[] {
  const { resources } = JSON.parse(readFileSync(state, 'utf8')) as { resources: { mode: string }[] };
  return resources.filter(({ mode }) => mode === 'managed');
}

type RunThere = (bin: string, args: readonly string[], env?: NodeJS.ProcessEnv) => ReturnType<Project['run']>;

/** What is new on the server is added to an app that was edited, beside what is there. */
async function expectAddition(project: Project, run: RunThere): Promise<void> {
  const { url } = project.registry;
  const again = ['artifactapi', '--endpoint', url, '--out', 'adopted'];
  expect((await adopt(project, again)).text).toContain('Already managed: 60 objects.\n\nThere is nothing new.');
  const main = readFileSync(project.path('adopted/main.ts'), 'utf8').replace(/^.*importExisting.*\n/gm, '');
  rmSync(project.path('adopted/imports.ts'));
  project.write('adopted/main.ts', main);
  const remote = { name: 'late', package_type: 'npm', repo_type: 'remote', base_url: 'https://late.example.com' };
  expect((await fetch(`${url}/api/v2/remotes`, { method: 'POST', body: JSON.stringify(remote) })).status).toBe(201);
  const { text } = await adopt(project, again);
  expect(text).toContain('Already managed: 60 objects.');
  expect(text).toContain('Wrote one object in 1 file to adopted:\n  added.ts');
  expect(readFileSync(project.path('adopted/main.ts'), 'utf8')).toBe(main);
  const [, imported = '', made = ''] = /Add to main\.ts:\n {2}(.*)\nand to the constructor of the stack:\n {2}(.*)\n/.exec(text) ?? [];
  project.write('adopted/main.ts', `${imported}\n${main.replace(/^ {4}new Npm\(.*$/m, (line) => `${line}\n    ${made}`)}`);
  expectStatus(await run('tsc', ['--noEmit']), 0);
  expectStatus(await run('prettier', ['--check', 'added.ts']), 0);
  expect(expectStatus(await run('cdktf', ['deploy', '--auto-approve']), 0).text).toContain(
    'Resources: 1 imported, 0 added, 0 changed, 0 destroyed.',
  );
  expect((await adopt(project, again)).text).toContain('Already managed: 61 objects.\n\nThere is nothing new.');
}

/** The generated code is committed, so that everybody sees how it reads; `UPDATE=1` writes it anew. */
function expectExample(files: Record<string, string>, endpoint: string): void {
  const shown = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replaceAll(endpoint, 'http://127.0.0.1:8000')]));
  if (process.env['UPDATE']) {
    rmSync(example, { recursive: true, force: true });
    mkdirSync(example);
    for (const [name, text] of Object.entries(shown)) writeFileSync(join(example, name), text);
  }
  expect(shown).toEqual(filesOf(example));
}

test(
  'projects of BK-Repo become HCL that imports them, with references',
  () =>
    inFolder(async (project) => {
      const registry = await startRegistry({
        data: project.path('home/bkrepo'),
        backends: ['bkrepo'],
        bkrepo: { port: 0 },
        closeGraceMs: 0,
      });
      try {
        const env = { BKREPO_ENDPOINT: registry.url, BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'password' };
        await layProjects(registry.url);
        const said = expectStatus(
          await command(project, ['adopt', 'bkrepo', '--format', 'hcl', '--out', 'adopted', '--exclude', 'admin'], env),
          0,
        );
        expect(said.text).toContain('Wrote 7 objects');
        expect(readFileSync(project.path('adopted/payments.tf'), 'utf8')).toContain(`resource "bkrepo_virtual_repository" "npm" {
  project = bkrepo_project.payments.project_id
  name    = "npm"
  type    = "NPM"
  members = [
    {
      project = bkrepo_project.payments.project_id
      name    = bkrepo_local_repository.npm_own.name
    },
    {
      project = bkrepo_project.platform.project_id
      name    = bkrepo_remote_repository.npm_proxy.name
    },
  ]
}`);
        expectStatus(await command(project, ['provider', 'install', '--dir', 'mirror']), 0);
        project.write('terraform.rc', `provider_installation {\n  filesystem_mirror {\n    path = "${project.path('mirror')}"\n  }\n}\n`);
        const terraform = (...args: string[]) =>
          project.run(project.core.path, [`-chdir=${project.path('adopted')}`, ...args], {
            ...env,
            TF_CLI_CONFIG_FILE: project.path('terraform.rc'),
          });
        expectStatus(await terraform('fmt', '-check', '-diff'), 0);
        expectStatus(await terraform('init', '-input=false'), 0);
        expect(expectStatus(await terraform('apply', '-auto-approve', '-input=false'), 0).text).toContain(
          'Resources: 7 imported, 0 added, 0 changed, 0 destroyed.',
        );
        expectStatus(await terraform('plan', '-detailed-exitcode', '-input=false'), 0);
      } finally {
        await registry.close();
      }
    }),
  TIMEOUT,
);

async function layProjects(endpoint: string): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { authorization: `Basic ${Buffer.from('admin:password').toString('base64')}`, 'content-type': 'application/json' };
    const answer = await fetch(endpoint + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  };
  for (const name of ['payments', 'platform']) await post('/repository/api/project/create', { name, displayName: name, description: '' });
  const repository = { type: 'NPM', public: false, description: '' };
  await post('/repository/api/repo/create', { ...repository, projectId: 'payments', name: 'npm-own', category: 'LOCAL' });
  await post('/repository/api/repo/create', {
    ...repository,
    projectId: 'platform',
    name: 'npm-proxy',
    category: 'REMOTE',
    configuration: { type: 'remote', url: 'https://npm.example.com' },
  });
  await post('/repository/api/repo/create', {
    ...repository,
    projectId: 'payments',
    name: 'npm',
    category: 'VIRTUAL',
    configuration: {
      type: 'virtual',
      repositoryList: [
        { projectId: 'payments', name: 'npm-own', category: 'LOCAL' },
        { projectId: 'platform', name: 'npm-proxy', category: 'REMOTE' },
      ],
    },
  });
  await post('/auth/api/user/create', { userId: 'ci', name: 'Pipelines', pwd: 'a-long-password' });
  const permission = {
    projectId: 'payments',
    resourceType: 'REPO',
    permName: 'readers',
    repos: ['npm-own'],
    includePattern: [],
    excludePattern: [],
  };
  await post('/auth/api/permission/create', {
    ...permission,
    users: ['ci'],
    roles: [],
    departments: [],
    actions: ['READ'],
    createBy: 'admin',
    updatedBy: 'admin',
  });
}

test(
  'what cannot be done is said in one line, and nothing is written',
  () =>
    inFolder(async (project) => {
      const at = ['--endpoint', project.registry.url];
      const cases: readonly (readonly [args: readonly string[], said: string, status: number])[] = [
        [['nexus', ...at, '--out', 'a'], 'unknown backend "nexus"; expected one of artifactapi, bkrepo, kubesphere', 2],
        [['artifactapi', ...at], '--out is missing; name the folder to write to, or add --dry-run', 2],
        [
          ['artifactapi', '--endpoint', '', '--out', 'a'],
          "the server's base URL is missing; pass --endpoint, or set ARTIFACTAPI_ENDPOINT",
          2,
        ],
        [
          ['artifactapi', ...at, '--out', 'home'],
          'home is not empty and has no cdktf.json with an app, and files in it are never overwritten; choose another folder with --out',
          1,
        ],
        [['artifactapi', ...at, '--out', 'a'], `nothing to adopt at ${project.registry.url}`, 1],
        [['artifactapi', '--endpoint', 'http://127.0.0.1:9', '--out', 'a'], 'connect ECONNREFUSED', 1],
      ];
      for (const [args, said, status] of cases) {
        const { text } = await adopt(project, args, status);
        expect(text).toMatch(/^repoform: [^\n]*\n$/);
        expect(text).toContain(said);
      }
      await laySixty(project.registry.url);
      const { text } = await adopt(project, ['artifactapi', ...at, '--dry-run', '--type', '*_remote_helm', '--exclude', 'helm-*o*']);
      expect(text).toContain('Would write 8 objects');
      expect(readdirSync(project.folder)).not.toContain('a');
    }),
  TIMEOUT,
);
