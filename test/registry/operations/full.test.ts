import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, testSqlite, upstream } from '../helpers';

afterEach(cleanUp);

/** A file system of its own, which only some users may make. */
function smallDisk(): string | undefined {
  const folder = tempFolder();
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder]).status !== 0) return undefined;
  afterwards(() => void spawnSync('umount', [folder]));
  return folder;
}

testSqlite('on a full disk, changes are 507 with a reason, reads go on, nothing is half written, and it recovers by itself', async () => {
  const disk = smallDisk();
  if (disk === undefined) return void process.stderr.write('skipped: no file system may be mounted here\n');
  const { url: base_url } = await upstream((_request, response) => response.end('cached'));
  const data = join(disk, 'data');
  const { url } = await registry({ data });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  // Expired at once: a copy that cannot be confirmed in the database.
  await addRemote(url, { name: 'files', base_url, mutable_ttl: 0, mutable_patterns: ['.*'] });
  const put = (name: string, size: number) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body: randomBytes(size) });
  expect((await put('kept', 1_000_000)).status).toBe(201);
  expect((await call('GET', `${url}/api/v1/remote/files/a`)).text).toBe('cached');
  const tooLarge = await put('large', 30_000_000);
  expect([tooLarge.status, tooLarge.text]).toEqual([507, expect.stringMatching(/its disk seems to be full: .*ENOSPC/)]);
  expect(readdirSync(join(data, 'tmp'))).toEqual([]);

  const filler = join(disk, 'filler');
  for (const size of [1 << 20, 1 << 12, 64]) {
    try {
      for (;;) writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
    } catch (cause) {
      expect((cause as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
  }
  const create = (name: string) =>
    call('POST', `${url}/api/v2/remotes`, {
      body: { name, repo_type: 'local', package_type: 'generic', description: 'x'.repeat(100_000) },
    });
  const [created, again] = [await create('new'), await create('new')];
  for (const { status, text } of [created, again]) expect([status, text]).toEqual([507, expect.stringContaining('disk seems to be full')]);
  expect((await call('GET', `${url}/api/v2/remotes/new`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/local/own/kept`)).status).toBe(200);
  const stale = await call('GET', `${url}/api/v1/remote/files/a`);
  expect([stale.status, stale.text, stale.header('x-artifact-stale')]).toEqual([200, 'cached', 'true']);

  rmSync(filler);
  expect((await create('new')).status).toBe(201);
  expect((await put('more', 1000)).status).toBe(201);
});
