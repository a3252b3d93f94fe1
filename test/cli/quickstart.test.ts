import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Processes } from '../../scripts/quickstart/processes';
import { descendantsOf, stillRunning } from '../../scripts/quickstart/process-tree';
import { packTarball } from '../../scripts/quickstart/tarball';
import { terraformProblem } from '../../scripts/quickstart/terraform-command';
import { endTurn, turnProblem } from '../../scripts/quickstart/turn';

const root = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'repoform-quickstart-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const withCommand = (name: string): string => {
  const path = join(folder, `with-${name}`);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, name), '#!/bin/sh\n');
  chmodSync(join(path, name), 0o755);
  return path;
};
const missing =
  'the terraform command is not on the PATH. Install Terraform from https://developer.hashicorp.com/terraform/install (macOS: brew install hashicorp/tap/terraform), then run this again';

describe('the check for the terraform command', () => {
  test('says where to get it when the PATH is empty or not set', () => {
    expect(terraformProblem({ PATH: '' })).toBe(missing);
    expect(terraformProblem({})).toBe(missing);
  });

  test('is content with terraform, and with the command that TERRAFORM_BINARY_NAME names', () => {
    expect(terraformProblem({ PATH: withCommand('terraform') })).toBeUndefined();
    expect(terraformProblem({ PATH: withCommand('tofu'), TERRAFORM_BINARY_NAME: 'tofu' })).toBeUndefined();
  });

  test('names OpenTofu when only that is there', () => {
    expect(terraformProblem({ PATH: withCommand('tofu') })).toContain('TERRAFORM_BINARY_NAME=tofu npm run quickstart');
  });

  test('names the variable when it names what is not there', () => {
    expect(terraformProblem({ PATH: withCommand('terraform'), TERRAFORM_BINARY_NAME: 'tofu' })).toBe(
      'TERRAFORM_BINARY_NAME is "tofu", and there is no such command on the PATH; unset it to use terraform, or install that',
    );
  });

  test('ends the quickstart with one line before anything is started', () => {
    const args = ['--require', 'tsx/cjs', 'scripts/quickstart/main.ts'];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, env: { PATH: folder }, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: `\nquickstart: ${missing}\n` });
  });
});

describe('the processes of the quickstart', () => {
  const line = (script: string, log: string) => ({
    command: 'sh',
    args: ['-c', script],
    cwd: folder,
    env: process.env,
    log: join(folder, log),
  });

  test('are stopped with everything below them, also what ignores Ctrl-C', async () => {
    const processes = new Processes();
    let ready = (): void => undefined;
    const started = new Promise<void>((resolve) => (ready = resolve));
    const tree = `trap '' INT; sleep 600 & (sleep 600) & echo ready; wait`;
    const { child } = processes.start({ ...line(tree, 'tree.log'), onLine: () => ready() });
    await started;
    const all = descendantsOf([process.pid]).filter(
      ({ pid }) => pid === child.pid || descendantsOf([child.pid as number]).some((below) => below.pid === pid),
    );
    expect(all.length).toBeGreaterThanOrEqual(3);
    await processes.stop();
    expect(stillRunning(all)).toEqual([]);
  });

  test('start no more once they were stopped', async () => {
    const processes = new Processes();
    await processes.stop();
    expect(() => processes.start(line('true', 'late.log'))).toThrow('stopped');
  });

  test('fail with the end of what they printed', async () => {
    await expect(new Processes().run(line('echo first; echo last >&2; exit 3', 'fail.log'))).rejects.toMatchObject({
      message: expect.stringMatching(/^"sh -c echo first.*" failed; all it said is in .*fail\.log$/s) as string,
      output: expect.stringContaining('last') as string,
    });
  });
});

describe('the turn of a quickstart', () => {
  const file = join(folder, 'turn/quickstart.pid');

  test('is taken, refused while its process runs, and given back', () => {
    expect(turnProblem(file)).toBeUndefined();
    expect(turnProblem(file)).toMatch(new RegExp(`^another quickstart runs as process ${process.pid}; wait for it, or stop it`));
    endTurn(file);
    expect(turnProblem(file)).toBeUndefined();
    endTurn(file);
  });

  test('is taken over from a process that is gone', () => {
    const { pid } = spawnSync('true');
    writeFileSync(file, String(pid));
    expect(turnProblem(file)).toBeUndefined();
    endTurn(file);
  });
});

describe('the archives of the quickstart', () => {
  test('are what tar unpacks', () => {
    writeFileSync(
      join(folder, 'chart.tgz'),
      packTarball({ 'chart/Chart.yaml': 'name: chart\n', 'chart/templates/a.yaml': 'x'.repeat(1000) }),
    );
    const tar = (...args: string[]): string => spawnSync('tar', args, { cwd: folder, encoding: 'utf8' }).stdout;
    expect(tar('-tzf', 'chart.tgz')).toBe('chart/Chart.yaml\nchart/templates/a.yaml\n');
    expect(tar('-xzOf', 'chart.tgz', 'chart/templates/a.yaml')).toBe('x'.repeat(1000));
  });
});
