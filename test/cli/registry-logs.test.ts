import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { BuiltCommand, type RunningCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

const start = (...args: string[]): RunningCommand => command.start(['registry', '--port', '0', ...args]);
const file = (name: string) => join(command.folder, name);
const textOf = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');

/** Waits until something is so; fails where it has not become so after long. */
async function until(isSo: () => unknown): Promise<void> {
  for (let time = 0; !isSo(); time++) {
    expect(time).toBeLessThan(400);
    await sleep(50);
  }
}

describe('SIGHUP', () => {
  test('opens the access log anew: what comes after it is in a new file, and the renamed one stays as it is', async () => {
    const registry = start('--data', 'rotated', '--access-log', 'access.log');
    const url = await registry.line(/^The registry runs at (http:\S+)/m);
    await fetch(`${url}/api/v2/remotes?n=before`);
    await until(() => textOf('access.log').includes('n=before'));
    renameSync(file('access.log'), file('access.log.1'));
    registry.signal('SIGHUP');
    await until(() => existsSync(file('access.log')));
    await fetch(`${url}/api/v2/remotes?n=after`);
    await until(() => /n=after/.test(textOf('access.log') + textOf('access.log.1')));
    expect(textOf('access.log')).toMatch(/^[^\n]*n=after[^\n]*\n$/);
    expect(textOf('access.log.1')).toMatch(/^[^\n]*n=before[^\n]*\n$/);
    registry.signal('SIGTERM');
    expect((await registry.ended).code).toBe(0);
  });

  test('presents the certificate that the files have now', async () => {
    for (const name of ['one', 'two']) {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file(`${name}.key`)];
      execFileSync('openssl', ['req', '-x509', ...key, '-out', file(`${name}.crt`), '-subj', `/CN=${name}`], { stdio: 'ignore' });
    }
    const place = (name: string) => {
      for (const kind of ['crt', 'key']) copyFileSync(file(`${name}.${kind}`), file(`tls.${kind}`));
    };
    place('one');
    const registry = start('--data', 'secure', '--tls-cert', 'tls.crt', '--tls-key', 'tls.key', '--log-format', 'json');
    const port = Number(await registry.line(/"artifactapi":"https:\/\/[\w.]+:(\d+)"/, 'stderr'));
    expect(await nameAt(port)).toBe('one');
    // Files that change are noticed without a signal, too; only the signal reads those that have not.
    registry.signal('SIGHUP');
    await registry.line(/(the certificate was reloaded)/, 'stderr');
    place('two');
    registry.signal('SIGHUP');
    await registry.line(/the certificate was reloaded[^]*(the certificate was reloaded)/, 'stderr');
    expect(await nameAt(port)).toBe('two');
    registry.signal('SIGTERM');
    await registry.ended;
  });
});

describe('the log', () => {
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  const parsed = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  /** What is written on a start that has something to warn of, which is waited for, and a stop. */
  const written = async (data: string, pattern: RegExp, ...args: string[]) => {
    const registry = start('--data', data, '--quota', 'artifactapi/none=1GB', ...args);
    await registry.line(pattern, 'stderr');
    registry.signal('SIGTERM');
    return registry.ended;
  };

  test('as JSON, each line has a time, a level and a message; nothing else is written', async () => {
    const { code, stdout, stderr } = await written('json', /"level":"(warn)"/, '--log-format', 'json');
    expect([code, stdout]).toEqual([0, '']);
    const lines = parsed(stderr);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['info', 'the registry listens'],
      ['warn', expect.stringContaining('none')],
      ['info', 'the registry stops'],
      ['info', 'the registry has stopped'],
    ]);
    for (const { time } of lines) expect(time).toMatch(TIME);
  });

  test('--log-level leaves out what is below it', async () => {
    const { stderr } = await written('level', /"level":"(warn)"/, '--log-format', 'json', '--log-level', 'warn');
    expect(parsed(stderr).map(({ level }) => level)).toEqual(['warn']);
  });

  test('as text, it is for people: the time, the level, a sentence and what it is about', async () => {
    const { stdout, stderr } = await written('text', /(the registry listens)/, '--log-level', 'info');
    expect(stdout).toMatch(/^The registry runs at [^]*\nNote: [^]*\nStopped\. The data stays in text\.\n$/);
    const [first = '', ...others] = stderr.trim().split('\n');
    expect(first).toMatch(/^\S+Z INFO the registry listens artifactapi=http:\/\/\S+ data=text strict=false$/);
    expect(others.map((line) => line.replace(/^\S+Z /, ''))).toEqual([
      'INFO the registry stops signal=SIGTERM requests=0',
      'INFO the registry has stopped',
    ]);
  });

  test('as JSON, so is the reason why it does not start', async () => {
    for (const [args, code, message] of [
      [['--auth'], 1, /^the registry cannot start: logins are required/],
      [['--strict', '--auth'], 2, /^--strict has no logins/],
    ] as const) {
      const outcome = await start('--data', 'none', '--log-format', 'json', ...args).ended;
      expect([outcome.code, outcome.stdout]).toEqual([code, '']);
      const time = expect.stringMatching(TIME) as string;
      expect(parsed(outcome.stderr)).toEqual([{ time, level: 'error', message: expect.stringMatching(message) as string }]);
    }
  });

  test('requests are lines of JSON beside it', async () => {
    const registry = start('--data', 'requests', '--log-format', 'json', '--access-log', '-');
    const url = await registry.line(/"artifactapi":"(http:[^"]+)"/, 'stderr');
    await fetch(`${url}/api/v2/remotes/none?token=secret`, { headers: { 'user-agent': 'a "b"\tc' } });
    registry.signal('SIGTERM');
    const { stdout } = await registry.ended;
    const line = { time: expect.stringMatching(TIME) as string, method: 'GET', url: '/api/v2/remotes/none?token=***', status: 404 };
    expect(parsed(stdout)).toEqual([expect.objectContaining({ ...line, user_agent: 'a "b"\tc' })]);
  });
});

/** The common name in the certificate that is presented at a port. */
function nameAt(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
