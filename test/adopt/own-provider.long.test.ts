import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCrew } from '../../examples/custom-provider/server';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { machineCore } from '../acceptance/support/core-binary';
import { cleanEnvironment, root } from '../acceptance/support/environment';
import { addPacked, installPacked, type Modules } from '../acceptance/support/project';

const TIMEOUT = 300_000;
let modules: Modules;
let top: string;
let crew: Awaited<ReturnType<typeof startCrew>>;
const objects = ['crew_api_key core/ci', 'crew_member core/ada@example.com', 'crew_team core', 'crew_team web'];

beforeAll(async () => {
  modules = installPacked(['esbuild']);
  top = mkdtempSync(join(tmpdir(), 'repoform-adopt-own-'));
  cpSync(join(root, 'examples/custom-provider'), join(top, 'crew'), { recursive: true });
  for (const place of ['crew', '.']) symlinkSync(modules.folder, join(top, place, 'node_modules'));
  writeFileSync(join(top, 'package.json'), '{ "name": "top", "private": true }');
  crew = await startCrew();
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { authorization: 'Bearer crew', 'content-type': 'application/json' };
    const { status } = await fetch(crew.endpoint + path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (status !== 201) throw new Error(`${status} for ${path}`);
  };
  await post('/teams', { name: 'core', description: 'Looks after the core.', channels: ['#core'] });
  await post('/teams', { name: 'web', description: '', channels: [] });
  await post('/teams/core/members', { team: 'core', email: 'ada@example.com', role: 'maintainer' });
  await post('/teams/core/keys', { team: 'core', name: 'ci', note: '' });
}, TIMEOUT);
afterAll(async () => {
  await crew.stop();
  modules.remove();
  rmSync(top, { recursive: true, force: true });
});

/** Runs a command below the top, which has to end with a status. */
async function must(cwd: string, [command = '', ...args]: readonly string[], status = 0): Promise<Run> {
  const env = cleanEnvironment(top, { CI: '1', CREW_TOKEN: 'crew', TERRAFORM_BINARY_NAME: machineCore().path });
  return expectStatus(await run(command, args, { cwd: join(top, cwd), env }), status);
}

const repoform = (args: readonly string[], status = 0): Promise<Run> =>
  must('.', [process.execPath, 'node_modules/repoform/dist/repoform.js', ...args], status);

test(
  "a team's own provider is adopted by its module before it is built, and by its package's name afterwards, with an empty plan",
  async () => {
    const at = ['--endpoint', crew.endpoint];
    expect((await repoform(['adopt', 'terraform-provider-crew', ...at, '--dry-run'], 2)).text).toContain('unknown backend');
    expect((await repoform(['adopt', './crew', ...at, '--dry-run'], 1)).text).toContain('has no dist/provider.json; run');
    const { text } = await repoform(['adopt', './crew/src/provider.ts', ...at, '--out', 'adopted']);
    expect(text).toContain('Wrote 4 objects');
    const about = JSON.parse(readFileSync(join(top, 'adopted/package.json'), 'utf8')) as { readonly dependencies: object };
    expect(about.dependencies).toMatchObject({ 'terraform-provider-crew': 'file:../crew' });

    await must('crew', [process.execPath, 'node_modules/repoform/dist/repoform.js', 'provider', 'build']);
    addPacked(modules.folder, join(top, 'crew'));
    await must('adopted', ['../node_modules/.bin/tsc', '--noEmit']);
    const deployed = await must('adopted', ['../node_modules/.bin/cdktf', 'deploy', '--auto-approve']);
    expect(deployed.text).toContain(`Resources: ${objects.length} imported, 0 added, 0 changed, 0 destroyed.`);
    expect((await must('adopted', ['../node_modules/.bin/cdktf', 'diff'])).text).toContain('No changes.');

    expect((await repoform(['adopt', 'terraform-provider-crew', ...at, '--out', 'adopted'])).text).toContain(
      `Already managed: ${objects.length} objects.\n\nThere is nothing new.`,
    );
    await repoform(['adopt', 'terraform-provider-crew', ...at, '--out', 'again', '--core', 'cdktn']);
    expect(readFileSync(join(top, 'again/main.ts'), 'utf8')).toContain("from 'terraform-provider-crew/cdktn';");
    const { version } = JSON.parse(readFileSync(join(top, 'crew/package.json'), 'utf8')) as { readonly version: string };
    expect(readFileSync(join(top, 'again/package.json'), 'utf8')).toContain(`"terraform-provider-crew": "^${version}"`);
  },
  TIMEOUT,
);

test(
  "the HCL of a team's own provider names its source address and how to install it",
  async () => {
    await repoform(['adopt', './crew/src/provider.ts', '--endpoint', crew.endpoint, '--out', 'hcl', '--format', 'hcl']);
    expect(readFileSync(join(top, 'hcl/provider.tf'), 'utf8')).toContain('source = "registry.terraform.io/example/crew"');
    const installed =
      /npx repoform (provider install .*--dir \.\/mirror)/.exec(readFileSync(join(top, 'hcl/README.md'), 'utf8'))?.[1] ?? '';
    expect(installed).toContain('--package ');
    const configuration = (await repoform(installed.split(' '))).text;
    expect(configuration).toContain('mirror');
    writeFileSync(
      join(top, 'terraform.rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = "${join(top, 'mirror')}"\n  }\n}\n`,
    );
    const terraform = (...args: string[]): Promise<Run> =>
      must('hcl', ['env', `TF_CLI_CONFIG_FILE=${join(top, 'terraform.rc')}`, machineCore().path, ...args]);
    await terraform('init', '-input=false');
    await terraform('fmt', '-check', '-diff');
    expect((await terraform('apply', '-auto-approve', '-input=false')).text).toContain('Resources: 4 imported, 0 added, 0 changed');
    await terraform('plan', '-detailed-exitcode', '-input=false');
  },
  TIMEOUT,
);
