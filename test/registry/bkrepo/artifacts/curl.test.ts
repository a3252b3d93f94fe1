import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cleanUp, tempFolder } from '../../helpers';
import { addUser, basic, bkRepo } from './support';

afterEach(cleanUp);

const run = promisify(execFile);

/** Runs curl in a folder; the answer is the status and what curl wrote. */
async function curl(cwd: string, ...args: string[]): Promise<{ status: number; text: string }> {
  const { stdout } = await run('curl', ['--silent', '--show-error', '--noproxy', '*', '--write-out', '\n%{http_code}', ...args], { cwd });
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), text: stdout.slice(0, end) };
}

test('the check of connectivity of the AgentVerse documentation works with curl', async () => {
  const admin = await bkRepo();
  const actions = ['READ', 'DOWNLOAD', 'WRITE', 'DELETE'];
  await addUser(admin, 'agentverse-service', { repos: ['rr'], actions });
  await addUser(admin, 'stranger', { repos: [], actions: [] });
  const folder = tempFolder();
  writeFileSync(join(folder, 'test.zip'), 'not really a zip');
  const url = `${admin.url}/generic/pp/rr/test/1.0.0.zip`;
  const service = ['-H', `Authorization: ${basic('agentverse-service', 'secret')}`];
  const stranger = ['-H', `Authorization: ${basic('stranger', 'secret')}`];
  const code = ({ text }: { text: string }) => (JSON.parse(text) as { code: number }).code;

  const uploaded = await curl(folder, '-T', './test.zip', url, ...service, '-H', 'X-BKREPO-OVERWRITE: true');
  expect([uploaded.status, code(uploaded)]).toEqual([200, 0]);
  const refused = await curl(folder, '-T', './test.zip', url, ...service);
  expect([refused.status, code(refused)]).toEqual([400, 251012]);
  const again = await curl(folder, '-T', './test.zip', url, ...service, '-H', 'X-BKREPO-OVERWRITE: true');
  expect([again.status, code(again)]).toEqual([200, 0]);

  expect((await curl(folder, '-OL', `${url}?download=true`, ...service)).status).toBe(200);
  expect(readFileSync(join(folder, '1.0.0.zip'), 'utf8')).toBe('not really a zip');

  for (const args of [['-T', './test.zip', url], [url], ['-X', 'DELETE', url]]) {
    const told = await curl(folder, ...args, ...stranger);
    expect([told.status, code(told)]).toEqual([403, 250113]);
  }

  const deleted = await curl(folder, '-X', 'DELETE', url, ...service);
  expect([deleted.status, code(deleted)]).toEqual([200, 0]);
  const gone = await curl(folder, '--fail-with-body', url, ...service).catch((cause: { stdout: string }) => cause.stdout);
  expect(gone).toContain('251010');
  expect(existsSync(join(folder, '1.0.0.zip'))).toBe(true);
});

test('curl resumes a download', async () => {
  const admin = await bkRepo();
  await addUser(admin, 'service', { repos: ['rr'], actions: ['READ', 'DOWNLOAD', 'WRITE'] });
  const folder = tempFolder();
  writeFileSync(join(folder, 'whole'), 'x'.repeat(100_000));
  const url = `${admin.url}/generic/pp/rr/file`;
  const user = ['--user', 'service:secret'];
  await curl(folder, '-T', 'whole', url, ...user);
  writeFileSync(join(folder, 'part'), 'x'.repeat(60_000));
  expect((await curl(folder, '-C', '-', '-o', 'part', url, ...user)).status).toBe(206);
  expect(readFileSync(join(folder, 'part'), 'utf8')).toBe('x'.repeat(100_000));
});
