import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BuiltCommand } from './command';

let command: BuiltCommand;
const groups = new Set<number>();
const inFolder = (...path: string[]): string => join(command.folder, ...path);
beforeAll(() => {
  command = new BuiltCommand();
  chmodSync(inFolder('dist/repoform.js'), 0o755);
  mkdirSync(inFolder('node_modules/.bin'), { recursive: true });
  symlinkSync(inFolder('dist/repoform.js'), inFolder('node_modules/.bin/repoform'));
});
afterAll(() => {
  groups.forEach(killGroup);
  command.remove();
});

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left, as it should be.
  }
}

/** A registry, and what started it. */
interface Started {
  readonly by: ChildProcess;
  readonly url: string;
  readonly said: () => string;
}

/** Starts a registry in a process group of its own, as a shell with job control does. */
async function startBy(name: string, [file, ...args]: readonly [string, ...string[]]): Promise<Started> {
  const log = openSync(inFolder(`${name}.log`), 'w');
  const by = spawn(file, args, { cwd: command.folder, detached: true, stdio: ['ignore', log, log] });
  groups.add(by.pid as number);
  const said = (): string => readFileSync(inFolder(`${name}.log`), 'utf8');
  const found = (): string | undefined => /^The registry runs at (http:\S+)/m.exec(said())?.[1];
  await until(() => Promise.resolve(found() !== undefined));
  return { by, url: found() as string, said };
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    () => true,
    () => false,
  );

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(100);
}

test.each(['SIGTERM', 'SIGKILL', 'SIGHUP'] as const)('a registry that npx started stops when npx gets %s', async (signal) => {
  const { by, url, said } = await startBy(signal, ['npx', '--no', 'repoform', 'registry', '--port', '0', '--data', signal]);
  expect(await answers(url)).toBe(true);
  by.kill(signal);
  await until(() => Promise.resolve(said().includes(`Stopped. The data stays in ${signal}.`)));
  expect(await answers(url)).toBe(false);
});

test('a registry that npx started stops at Ctrl-C, which reaches both', async () => {
  const { by, said } = await startBy('both', ['npx', '--no', 'repoform', 'registry', '--port', '0', '--data', 'both']);
  process.kill(-(by.pid as number), 'SIGINT');
  await until(() => Promise.resolve(said().includes('Stopped. The data stays in both.')));
});

test('a registry that a shell started stays when the shell ends, as a step of a CI job does', async () => {
  const script = 'node_modules/.bin/repoform registry --port 0 --data step & sleep 2';
  const { by, url } = await startBy('step', ['sh', '-c', script]);
  // The shell may have ended while the registry started.
  if (by.exitCode === null) await once(by, 'exit');
  await sleep(1500);
  expect(await answers(url)).toBe(true);
});

test('a registry whose terminal is gone stops as it does at Ctrl-C', async () => {
  const registry = command.start(['registry', '--port', '0', '--data', 'terminal']);
  await registry.line(/^The registry runs at (http:\S+)/m);
  registry.hangUp();
  expect((await registry.ended).code).toBe(0);
});
