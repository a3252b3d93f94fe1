import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { root } from '../../../scripts/bench/workspace';
import { addRemote, afterwards, call, cleanUp, tempFolder, upstream } from '../helpers';

afterEach(cleanUp);

const CONNECTIONS = 16;
const REQUESTS = 20_000;
/** Bytes of garbage for each request that may come into the old generation, which only a full collection frees. A request makes some 30,000. */
const MOST = 150;

/** The built registry, which tells what its garbage collector moves into the old generation. */
async function tracedRegistry() {
  const command = [join(root, 'dist/repoform.js'), 'registry', '--port', '0', '--data', tempFolder()];
  const child = spawn(process.execPath, ['--trace-gc-nvp', ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, found] = /runs at (http:\/\/\S+)/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${output}`)));
  });
  afterwards(async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  });
  const promoted = () => [...output.matchAll(/ gc=s .* promoted=(\d+)/g)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  return { url, promoted };
}

/** Asks for a small file so many times, over some connections that stay open. */
async function ask(url: string, requests: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let left = requests;
  const client = async () => {
    while (left-- > 0) {
      const [answer] = (await once(get(url, { agent }), 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
      expect(answer.statusCode).toBe(200);
      await once(answer.resume(), 'end');
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
  agent.destroy();
}

test('what a request for a cached file leaves behind goes with the next collection of new objects', async () => {
  const files = await upstream((request, response) =>
    response.setHeader('etag', '"1"').end(Buffer.alloc(request.url === '/large' ? 20_000_000 : 1024)),
  );
  const { url, promoted } = await tracedRegistry();
  await addRemote(url, { name: 'a', base_url: files.url });
  for (const path of ['large', 'large', 'small']) expect((await call('GET', `${url}/api/v1/remote/a/${path}`)).status).toBe(200);
  await ask(`${url}/api/v1/remote/a/small`, REQUESTS);
  const before = promoted();
  await ask(`${url}/api/v1/remote/a/small`, REQUESTS);
  expect((promoted() - before) / REQUESTS).toBeLessThan(MOST);
});
