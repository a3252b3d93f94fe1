import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, testSqlite, upstream } from '../helpers';

afterEach(cleanUp);

const SCRIPT = join(__dirname, 'child.ts');

/** Starts a registry in a process of its own and waits for its URL. */
async function startChild(data: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  afterwards(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the child ended with ${code}`)));
  });
  return { child, url };
}

function blobsOf(data: string): { name: string; hash: string }[] {
  const root = join(data, 'blobs', 'sha256');
  if (!existsSync(root)) return [];
  const names = readdirSync(root).flatMap((folder) => readdirSync(join(root, folder)).map((name) => [folder, name] as const));
  return names.map(([folder, name]) => {
    const content = readFileSync(join(root, folder, name));
    return { name, hash: createHash('sha256').update(content).digest('hex') };
  });
}

testSqlite('kill -9 in the middle of a download leaves no wrong blob, and the folder works again', async () => {
  let isWhole = false;
  const files = await upstream((request, response) => {
    if (request.url === '/whole') return void response.end('whole');
    response.setHeader('content-length', 200_000).write(Buffer.alloc(100_000, 'a'));
    if (isWhole) response.end(Buffer.alloc(100_000, 'b'));
  });
  const data = tempFolder();
  const { child, url } = await startChild(data);
  await addRemote(url, { name: 'a', base_url: files.url });
  await call('GET', `${url}/api/v1/remote/a/whole`);
  const half = await fetch(`${url}/api/v1/remote/a/half`);
  const reader = (half.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect(readdirSync(join(data, 'tmp'))).toHaveLength(1);

  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  await expect(
    (async () => {
      while (!(await reader.read()).done);
    })(),
  ).rejects.toThrow();

  const again = await registry({ data });
  const whole = createHash('sha256').update('whole').digest('hex');
  expect(blobsOf(data)).toEqual([{ name: whole, hash: whole }]);
  expect(readdirSync(join(data, 'tmp'))).toEqual([]);
  expect((await call('GET', `${again.url}/api/v1/remote/a/whole`)).header('x-artifact-source')).toBe('cache');
  isWhole = true;
  const answer = await call('GET', `${again.url}/api/v1/remote/a/half`);
  expect([answer.text.length, answer.header('x-artifact-source')]).toEqual([200_000, 'remote']);
});

testSqlite('a second process on the same folder is told which process has it', async () => {
  const data = tempFolder();
  const { child } = await startChild(data);
  await expect(registry({ data })).rejects.toThrow(`the data folder ${data} is in use by process ${child.pid};`);
});
