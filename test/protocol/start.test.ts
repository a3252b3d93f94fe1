import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { buildProvider } from '../../scripts/build-provider';
import { oldestNode } from '../../src/common/node-version';

const name = 'terraform-provider-artifactapi';
const folder = mkdtempSync(join(tmpdir(), 'repoform-start-'));
const executable = join(folder, name);
beforeAll(() => buildProvider(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const handshake = /^1\|6\|tcp\|127\.0\.0\.1:\d+\|grpc\|$/;
const cookie = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '6',
};

interface Surroundings {
  readonly file?: string;
  readonly shell?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts the executable as Terraform does; answers all that it wrote on the standard output up to its first line end. */
function firstLine({ file = executable, shell = [], cwd = folder, env }: Surroundings): Promise<string> {
  const [command = file, ...args] = [...shell, file];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { PATH: process.env['PATH'], ...cookie, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.once('error', reject);
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
      if (stdout.includes('\n')) child.kill('SIGKILL');
    });
    child.once('close', () => (stdout.includes('\n') ? resolve(stdout.trimEnd()) : reject(new Error(`no line; stderr: ${stderr}`))));
  });
}

/** A folder inside the temporary one, with these files. */
function folderWith(path: string, files: Readonly<Record<string, string>> = {}): string {
  const made = join(folder, path);
  mkdirSync(made, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(made, file), text, { mode: 0o755 });
  return made;
}

/** A copy of the executable as it lies in a stack. */
function copyIn(place: string, version = '0.1.0'): string {
  const file = join(place, `${name}_v${version}`);
  writeFileSync(file, readFileSync(executable));
  chmodSync(file, 0o755);
  return file;
}

describe('where the executable lies', () => {
  test('an ES module package above it changes nothing', async () => {
    const stack = folderWith('module/cdktf.out/stacks/s');
    folderWith('module', { 'package.json': '{ "type": "module" }' });
    expect(await firstLine({ file: copyIn(stack), cwd: stack })).toMatch(handshake);
  });

  test('nor does one above the target of a link, as a shared plugin cache has it', async () => {
    const package_ = folderWith('linked/cdktf.out/linux_amd64', {});
    folderWith('linked', { 'package.json': '{ "type": "module" }' });
    copyIn(package_);
    const cache = folderWith('cache/0.1.0');
    symlinkSync(package_, join(cache, 'linux_amd64'));
    expect(await firstLine({ file: join(cache, 'linux_amd64', `${name}_v0.1.0`) })).toMatch(handshake);
  });

  test.each(['with spaces', 'ünïcödé 仓库', 'quote\'s "$HOME" `x`', '%41#?', '-e'])('a folder named %s', async (path) => {
    const place = folderWith(`names/${path}/.terraform`);
    expect(await firstLine({ file: copyIn(place) })).toMatch(handshake);
    expect(await firstLine({ file: `.terraform/${name}_v0.1.0`, cwd: dirname(place) })).toMatch(handshake);
  });
});

describe('the NODE_OPTIONS of the user', () => {
  const preload = folderWith('pre load', { 'talk.cjs': "console.log('injected')", 'talk.mjs': "console.log('injected')" });
  const dropped = [
    '--require ./not-there.js',
    '-r ./not-there.js',
    `--require "${preload}/talk.cjs" --trace-warnings`,
    `--require="${preload}/talk.cjs"`,
    `--import "file://${encodeURI(preload)}/talk.mjs"`,
    `--experimental-loader "file://${encodeURI(preload)}/talk.mjs" --no-warnings`,
    '--inspect-brk',
    '--inspect=127.0.0.1:0',
    '--inspect-port 0 --inspect-brk',
  ];
  test.each(dropped)('%s loads nothing, prints nothing and does not wait', async (options) => {
    expect(await firstLine({ env: { NODE_OPTIONS: options } })).toMatch(handshake);
  });

  test.each(['--input-type=module', '--experimental-default-type=module', '--preserve-symlinks-main'])('%s works', async (options) => {
    const supported = spawnSync(process.execPath, ['-e', '0'], { env: { NODE_OPTIONS: options } }).status === 0;
    if (supported) expect(await firstLine({ env: { NODE_OPTIONS: options } })).toMatch(handshake);
  });

  test('all others reach Node', () => {
    const options =
      '--max-old-space-size=123  --import tsx --title="a title" --inspect --dns-result-order=ipv4first -r "a b" --no-warnings';
    const bin = folderWith('echo', { node: '#!/bin/sh\necho "$NODE_OPTIONS"\n' });
    const { stdout } = spawnSync(executable, { env: { PATH: [bin, process.env['PATH']].join(delimiter), NODE_OPTIONS: options } });
    expect(stdout.toString()).toBe('--max-old-space-size=123 --title="a title" --dns-result-order=ipv4first --no-warnings\n');
  });
});

/** The shells of this machine that may be its `sh`, with strict settings that an exported SHELLOPTS brings. */
const shells = [['dash'], ['dash', '-eu'], ['bash', '--posix'], ['bash', '--posix', '-eu'], ['busybox', 'sh'], ['mksh']]
  .map(([command = '', ...args]) => [
    spawnSync('/bin/sh', ['-c', `command -v ${command}`])
      .stdout.toString()
      .trim(),
    ...args,
  ])
  .filter(([path]) => path !== '')
  .concat([['/bin/sh']]);

describe.each(shells)('under %s %s', (...shell) => {
  test('it starts', async () => {
    expect(await firstLine({ shell, env: { NODE_OPTIONS: '--inspect-brk' } })).toMatch(handshake);
    expect(await firstLine({ shell })).toMatch(handshake);
  });

  test('without Node it says in one line which, and how to get it', async () => {
    const PATH = folderWith('empty bin');
    expect(await firstLine({ shell, env: { PATH } })).toBe(
      `repoform needs Node ${oldestNode} or newer, and found no node that starts on the PATH of Terraform (${PATH}); install it from https://nodejs.org, or add its folder to the PATH`,
    );
  });
});

test('an old Node says in one line which is needed, which was found, and where', async () => {
  const bin = folderWith('old', {
    'version.cjs': "Object.defineProperty(process, 'version', { value: 'v18.20.8' })",
    node: `#!/bin/sh\nexec '${process.execPath}' -r "$(dirname "$0")/version.cjs" "$@"\n`,
  });
  const PATH = [bin, process.env['PATH']].join(delimiter);
  expect(await firstLine({ env: { PATH } })).toBe(
    `repoform needs Node ${oldestNode} or newer, and this is Node 18.20.8; install a newer one from https://nodejs.org, and put it first on the PATH of Terraform, which found ${process.execPath}`,
  );
});
