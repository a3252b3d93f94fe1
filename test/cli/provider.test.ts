import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../package.json';
import { defaultPlatforms } from '../../constructs/provider/platforms';
import { BuiltCommand } from './command';

let command: BuiltCommand;
beforeAll(() => {
  command = new BuiltCommand();
  command.addProvider();
});
afterAll(() => command.remove());

const source = 'registry.terraform.io/repoform/artifactapi';
const executable = `terraform-provider-artifactapi_v${version}`;

/** Terraform in a folder, with nothing of this machine's configuration. */
function terraform(folder: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
  return execFileSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, CHECKPOINT_DISABLE: '1', ...env },
  });
}

function stackIn(name: string, requirement: string): string {
  const folder = join(command.folder, name);
  mkdirSync(folder);
  const resource = 'resource "artifactapi_local_generic" "files" {\n  name = "files"\n}\n';
  writeFileSync(join(folder, 'main.tf'), `${requirement}\n${resource}`);
  return folder;
}

describe('repoform provider install', () => {
  test('lays an executable for each likely platform where Terraform looks for it', async () => {
    const { code, stderr } = await command.run('provider', 'install', '--dir', 'default');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const folder = join(command.folder, 'default', source, version);
    expect(readdirSync(folder).sort()).toEqual([...defaultPlatforms()].sort());
    for (const platform of defaultPlatforms()) {
      expect(readdirSync(join(folder, platform))).toEqual([executable]);
      const path = join(folder, platform, executable);
      expect(statSync(path).mode & 0o777).toBe(0o755);
      expect(readFileSync(path)).toEqual(readFileSync(join(command.folder, 'dist/provider/terraform-provider-artifactapi')));
    }
  });

  test('lays it for the platforms that are named and no other', async () => {
    const { code } = await command.run(
      ...['provider', 'install', '--dir', 'named', '--platform', 'darwin_arm64', '--platform', 'freebsd_amd64'],
    );
    expect(code).toBe(0);
    expect(readdirSync(join(command.folder, 'named', source, version)).sort()).toEqual(['darwin_arm64', 'freebsd_amd64']);
  });

  test('prints a configuration that works as it stands', async () => {
    const { stdout } = await command.run('provider', 'install', '--dir', 'a mirror');
    const [, configuration = '', requirement = ''] = /(^provider_installation \{[^]*?^\}$)[^]*?(^terraform \{[^]*^\}$)/m.exec(stdout) ?? [];
    const folder = stackIn('hcl', requirement);
    writeFileSync(join(folder, 'cli.tfrc'), configuration);
    const env = { TF_CLI_CONFIG_FILE: join(folder, 'cli.tfrc') };
    expect(terraform(folder, ['init', '-no-color'], env)).toContain(`Installed repoform/artifactapi v${version}`);
    expect(terraform(folder, ['validate', '-no-color'], env)).toContain('The configuration is valid.');
  });

  test('can be repeated', async () => {
    const args = ['provider', 'install', '--dir', 'twice'];
    const first = await command.run(...args);
    expect(await command.run(...args)).toEqual(first);
  });

  const wrong: readonly [string, string[], string][] = [
    [
      'a platform that is none',
      ['--dir', 'wrong', '--platform', 'linux'],
      '"linux" is not a platform; write SYSTEM_ARCHITECTURE, e.g. "linux_amd64"',
    ],
    [
      'Windows',
      ['--dir', 'wrong', '--platform', 'windows_amd64'],
      '"windows_amd64" cannot run the bundled provider, which is a script without a file extension; deploy from WSL or Linux',
    ],
  ];
  test.each(wrong)('refuses %s in one line, and writes nothing', async (_what, args, line) => {
    expect(await command.run('provider', 'install', ...args)).toEqual({ code: 1, stdout: '', stderr: `repoform: ${line}\n` });
    expect(existsSync(join(command.folder, 'wrong'))).toBe(false);
  });

  test('says what to do when the folder cannot be written', async () => {
    writeFileSync(join(command.folder, 'occupied'), '');
    const { code, stdout, stderr } = await command.run('provider', 'install', '--dir', 'occupied');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^repoform: cannot write [^\n]+: E\w+: [^\n]+; choose another folder with --dir\n$/);
  });
});

/** Whether a process here may mount something in a namespace of its own. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

(mayMount ? test : test.skip)('repoform provider install says when nothing can run in the folder', () => {
  const folder = join(command.folder, 'noexec');
  mkdirSync(folder);
  const script = 'mount -t tmpfs -o noexec tmpfs "$1" && "$2" "$3" provider install --dir "$1"';
  const args = ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, join(command.folder, 'dist/repoform.js')];
  const stdout = execFileSync('unshare', args, { encoding: 'utf8' });
  expect(stdout).toMatch(
    /\n\nNote: \S+\/noexec\/\S+ cannot be run there: [^\n]+ "permission denied"\. Install into another folder, unless the files are for another machine\.\n$/,
  );
});

describe('repoform provider --debug', () => {
  test('prints what attaches Terraform to it, serves it, and ends at Ctrl-C', async () => {
    const provider = command.start(['provider', '--debug']);
    const reattach = await provider.line(/TF_REATTACH_PROVIDERS='(.*)'/);
    const served = {
      Protocol: 'grpc',
      ProtocolVersion: 6,
      Pid: provider.pid,
      Test: true,
      Addr: { Network: 'tcp', String: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string },
    };
    const sources = ['artifactapi', 'bkrepo', 'kubesphere'].map((name) => source.replace('artifactapi', name));
    expect(JSON.parse(reattach)).toEqual(Object.fromEntries(sources.map((each) => [each, served])));
    const folder = stackIn('debug', `terraform {\n  required_providers {\n    artifactapi = {\n      source = "${source}"\n    }\n  }\n}`);
    const env = { TF_REATTACH_PROVIDERS: reattach };
    terraform(folder, ['init', '-no-color'], env);
    expect(terraform(folder, ['validate', '-no-color'], env)).toContain('The configuration is valid.');
    provider.signal('SIGINT');
    expect(await provider.ended).toMatchObject({ code: 0, stderr: '' });
  });
});
