import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrateStore } from '../../../src/registry/maintenance/migrate';
import { describeClient } from '../../clients/support';
import { addRemote, afterwards, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { rpmPackage } from '../formats/rpm-packages';
import { S3Server } from '../store/s3-server';
import { addLocal, findings, findingsOfRunning, quiet, upload } from './support';

afterEach(cleanUp);

const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const pathOf = (data: string, hash: string) => join(data, 'blobs', 'sha256', hash.slice(0, 2), hash);

/** Overwrites some bytes of a stored file, none of its size. */
function damage(data: string, hash: string): void {
  const file = openSync(pathOf(data, hash), 'r+');
  writeSync(file, 'XXXX', 1000);
  closeSync(file);
}

/** Fetches a file through a remote; it is stored a moment after the answer. */
async function fetched(url: string, remote: string, path: string): Promise<[status: number, hash: string, source: string | null]> {
  const answer = await call('GET', `${url}/api/v1/remote/${remote}/${path}`);
  const listed = async () => (await call('GET', `${url}/api/v2/remotes/${remote}/objects`)).text.includes(`"path":"${path}"`);
  while (!(await listed())) await sleep(20);
  return [answer.status, sha256(answer.text), answer.header('x-artifact-source')];
}

const DAMAGED = 'is damaged: its content has another digest';
const MISSING = 'is missing, or has another size';

test('what only remotes have cached is removed where its content is missing or damaged, and fetched again', async () => {
  const large = 'large'.repeat(400_000);
  const small = 'small'.repeat(1000);
  const files = await upstream((request, response) => response.end(request.url?.endsWith('large') ? large : small));
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'r', base_url: files.url });
  const get = (path: string) => fetched(url, 'r', path);
  for (const path of ['large', 'small']) await get(path);
  damage(data, sha256(large));
  rmSync(pathOf(data, sha256(small)));
  const lacks = [`${sha256(large)} ${DAMAGED}; used by artifacts: r large`, `${sha256(small)} ${MISSING}; used by artifacts: r small`];
  expect((await findingsOfRunning(data)).sort()).toEqual(
    lacks.map((line) => `${line}; with --repair, the next request fetches it again`).sort(),
  );
  expect((await findingsOfRunning(data, { repair: true })).sort()).toEqual(
    lacks.map((line) => `${line} (removed; the next request fetches it again)`).sort(),
  );
  expect(await findingsOfRunning(data)).toEqual([]);
  expect([await get('large'), await get('small')]).toEqual([
    [200, sha256(large), 'remote'],
    [200, sha256(small), 'remote'],
  ]);
  expect([await findingsOfRunning(data), (await get('large'))[2]]).toEqual([[], 'cache']);
});

test('what a local file uses as well stays a problem until it is fetched or uploaded again', async () => {
  const content = 'shared'.repeat(100_000);
  const files = await upstream((_request, response) => response.end(content));
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'r', base_url: files.url });
  await addLocal(url, 'files');
  const get = () => fetched(url, 'r', 'x');
  const reupload = async () => {
    await call('DELETE', `${url}/api/v2/remotes/files/files/x`);
    expect(await upload(url, 'x', content)).toBe(201);
  };
  for (const again of [get, reupload]) {
    await get();
    await upload(url, 'x', content);
    damage(data, sha256(content));
    const problem = (users: string) => [
      `${sha256(content)} ${DAMAGED}; used by ${users}; delete the file, and upload it again if you have it`,
    ];
    expect(await findingsOfRunning(data, { repair: true })).toEqual(problem('artifacts: r x; local_files: files x'));
    expect(await findingsOfRunning(data, { repair: true })).toEqual(problem('local_files: files x'));
    await again();
    const { text } = await call('GET', `${url}/api/v1/local/files/x`);
    expect([await findingsOfRunning(data), sha256(text)]).toEqual([[], sha256(content)]);
  }
});

test('a running registry forgets what it has made of damaged content', async () => {
  const versions = Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`1.0.${n}`, { name: 'app', version: `1.0.${n}`, dist: {} }]));
  const index = JSON.stringify({ description: 'd'.repeat(2000), name: 'app', 'dist-tags': { latest: '1.0.0' }, versions });
  const npm = await upstream((_request, response) => response.setHeader('content-type', 'application/json').end(index));
  const data = tempFolder();
  const { url, close } = await registry({ data });
  await addRemote(url, { name: 'n', package_type: 'npm', base_url: npm.url });
  const get = async (root: string) => (await call('GET', `${root}/api/v1/remote/n/app`)).text;
  const whole = await get(url);
  await fetched(url, 'n', 'app');
  await close();
  damage(data, sha256(index));
  const again = await registry({ data });
  expect(await get(again.url)).toContain('XXXX');
  expect(await findingsOfRunning(data, { repair: true })).toHaveLength(1);
  expect((await get(again.url)).replaceAll(again.url, url)).toBe(whole);
});

test('generated indexes of which one is damaged or missing are generated again, with those that name it', async () => {
  const data = tempFolder();
  const { url } = await registry({ data });
  await addRemote(url, { name: 'l', package_type: 'rpm', repo_type: 'local' });
  const { file, content } = rpmPackage({ name: 'a', files: Array.from({ length: 2000 }, (_, n) => `/usr/share/${sha256(`${n}`)}`) });
  await call('PUT', `${url}/api/v2/remotes/l/files/${file}`, { body: content });
  const get = async (path: string) => {
    const answer = await fetch(`${url}/api/v1/local/l/${path}`);
    return { status: answer.status, hash: sha256(Buffer.from(await answer.arrayBuffer())) };
  };
  for (const break_ of [(hash: string) => damage(data, hash), (hash: string) => rmSync(pathOf(data, hash))]) {
    const repomd = await (await fetch(`${url}/api/v1/local/l/repodata/repomd.xml`)).text();
    const [path = '', hash = ''] = /repodata\/([0-9a-f]{64})-filelists\.xml\.gz/.exec(repomd) ?? [];
    expect(await get(path)).toEqual({ status: 200, hash });
    break_(hash);
    expect(await findingsOfRunning(data, { repair: true })).toEqual([
      expect.stringMatching(`^${hash} .*; used by generated_files: .* \\(removed; the next request generates it again\\)$`),
    ]);
    expect([await get('repodata/repomd.xml'), await get(path)]).toEqual([
      { status: 200, hash: sha256(repomd) },
      { status: 200, hash },
    ]);
  }
});

test('a migration names the file that lacks its content, and what to do', async () => {
  const data = tempFolder();
  const { url, close } = await registry({ data });
  const files = await upstream((_request, response) => response.end('cached'));
  await addRemote(url, { name: 'r', base_url: files.url });
  await addLocal(url, 'files');
  await fetched(url, 'r', 'x');
  await upload(url, 'y', 'local');
  await close();
  const source = await openTestStore(data);
  afterwards(() => source.close());
  const migrated = async () => {
    const target = await openTestStore(tempFolder());
    return migrateStore(source, target, quiet).finally(() => target.close());
  };
  rmSync(pathOf(data, sha256('local')));
  await expect(migrated()).rejects.toThrow(
    `the content ${sha256('local')} of the source is missing or damaged; it is used by local_files: files y; start the source, delete the file, and upload it again if you have it; then migrate again`,
  );
  await source.files.remove('files', 'y');
  rmSync(pathOf(data, sha256('cached')));
  await expect(migrated()).rejects.toThrow(
    `the content ${sha256('cached')} of the source is missing or damaged; it is used by artifacts: r x; run "repoform registry fsck --deep --repair" on the source, which removes it; then migrate again`,
  );
  await findings(source, { repair: true });
  expect(await migrated()).toMatchObject({ blobs: 0 });
});

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  test('content in a bucket is written again where it is damaged, whoever uses it and whoever has found it', async () => {
    const [cached, local] = ['cached'.repeat(50_000), 'local'.repeat(50_000)];
    const files = await upstream((_request, response) => response.end(cached));
    const [data, s3] = [tempFolder(), server.bucket()];
    const { url } = await registry({ data, s3 });
    await addRemote(url, { name: 'r', base_url: files.url });
    await addLocal(url, 'files');
    await fetched(url, 'r', 'x');
    await upload(url, 'y', local);
    for (const content of [cached, local]) {
      const key = server.keys(s3).find((each) => each.includes(sha256(content))) ?? '';
      const object = openSync(server.path(s3.bucket, key), 'r+');
      writeSync(object, 'XXXX', 1000);
      closeSync(object);
    }
    expect((await findingsOfRunning(data, { s3, repair: true })).sort()).toEqual(
      [
        `${sha256(cached)} ${DAMAGED}; used by artifacts: r x (removed; the next request fetches it again)`,
        `${sha256(local)} ${DAMAGED}; used by local_files: files y; delete the file, and upload it again if you have it`,
      ].sort(),
    );
    expect(await fetched(url, 'r', 'x')).toEqual([200, sha256(cached), 'remote']);
    await call('DELETE', `${url}/api/v2/remotes/files/files/y`);
    await upload(url, 'y', local);
    // The object that was replaced is deleted later.
    expect(await findingsOfRunning(data, { s3 })).toEqual(['1 upload is left over from processes that died']);
  });
});
