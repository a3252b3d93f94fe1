import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobThread } from '../../../src/registry/formats/job-thread';
import { BuiltCommand } from '../../cli/command';
import { addRemote, addVirtual, cleanUp, tempFolder, upstream } from '../helpers';

afterEach(cleanUp);

const chart = (n: number) => `  - {name: app, version: 1.0.${n}, description: "a chart among many", urls: [app-1.0.${n}.tgz]}\n`;
const INDEX = `apiVersion: v1\nentries:\n  app:\n${Array.from({ length: 60_000 }, (_, n) => chart(n)).join('')}`;

describe('the command', () => {
  let command: BuiltCommand;
  beforeAll(() => (command = new BuiltCommand()));
  afterAll(() => command.remove());

  test('answers others while a large index is read, rewritten and merged, and reads it right', async () => {
    const files = await upstream((_request, response) => response.end(INDEX));
    const running = command.start(['registry', '--port', '0', '--data', 'large']);
    const url = await running.line(/^The registry runs at (http:\S+)/m);
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: files.url, mutable_ttl: 3600 });
    await addVirtual(url, { name: 'v', package_type: 'helm', members: ['r'] });
    const expected = INDEX.replaceAll('urls: [', `urls: [${url}/api/v1/remote/r/`);
    for (const place of ['remote/r', 'virtual/v']) {
      const begun = Date.now();
      let longest = 0;
      let isDone = false;
      const index = fetch(`${url}/api/v1/${place}/index.yaml`).then((answer) => answer.text());
      const done = index.finally(() => (isDone = true));
      while (!isDone) {
        const asked = Date.now();
        await (await fetch(`${url}/health`)).text();
        longest = Math.max(longest, Date.now() - asked);
      }
      await done;
      expect(longest).toBeLessThan((Date.now() - begun) / 2);
      if (place === 'remote/r') expect((await index) === expected.replace(/urls: \[(\S+)\]/g, 'urls: ["$1"]')).toBe(true);
      else expect((await index).match(/^ {4}version: 1\.0\.\d+$/gm)).toHaveLength(60_000);
    }
    running.signal('SIGTERM');
    await running.ended;
  });

  test('reads there, too, what a large index lists', async () => {
    const digest = 'ab'.repeat(32);
    const listed = Array.from({ length: 4000 }, (_, n) => chart(n).replace('urls', `digest: ${digest}, urls`));
    const index = `apiVersion: v1\nentries:\n  app:\n${listed.join('')}`;
    const files = await upstream((request, response) => response.end(request.url === '/index.yaml' ? index : 'wrong'));
    const running = command.start(['registry', '--port', '0', '--data', 'listed']);
    const url = await running.line(/^The registry runs at (http:\S+)/m);
    await addRemote(url, { name: 'r', package_type: 'helm', base_url: files.url, mutable_ttl: 3600 });
    expect((await fetch(`${url}/api/v1/remote/r/index.yaml`)).status).toBe(200);
    const refused = await fetch(`${url}/api/v1/remote/r/app-1.0.7.tgz`);
    expect([refused.status, await refused.text()]).toEqual([502, expect.stringContaining(`but ${digest} was announced`)]);
    running.signal('SIGTERM');
    await running.ended;
  });
});

test('a thread that ends fails what it was asked for, and the next question starts another', async () => {
  const file = join(tempFolder(), 'worker.js');
  writeFileSync(
    file,
    `require('node:worker_threads').parentPort.on('message', ({ id, job }) => {
      if (job === 'end') process.exit(1);
      if (job === 'throw') throw new Error('out of order');
      require('node:worker_threads').parentPort.postMessage(job === 'fail' ? { id, failure: 'no' } : { id, result: job });
    });`,
  );
  const thread = new JobThread(file);
  const before = process.getActiveResourcesInfo();
  await expect(thread.run('a')).resolves.toBe('a');
  // A process that is told to stop does not wait until the thread has been idle for long enough.
  expect(process.getActiveResourcesInfo().filter((name) => /MessagePort|Worker/.test(name))).toEqual(
    before.filter((name) => /MessagePort|Worker/.test(name)),
  );
  await expect(thread.run('end')).rejects.toThrow('could not be read: the thread has ended');
  await expect(thread.run('throw')).rejects.toThrow('out of order');
  await expect(thread.run('fail')).rejects.toThrow('no');
  await expect(Promise.all([thread.run('b'), thread.run('c')])).resolves.toEqual(['b', 'c']);
  thread.close();
});
