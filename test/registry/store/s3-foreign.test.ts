import { rmSync, writeFileSync } from 'node:fs';
import { type S3Settings } from '../../../src/registry/store/s3/settings';
import { describeClient } from '../../clients/support';
import { addRemote, call, cleanUp, registry, tempFolder, upstream } from '../helpers';
import { sha256 } from '../bkrepo/artifacts/support';
import { S3Server } from './s3-server';

afterEach(cleanUp);

describeClient('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => void (server = await S3Server.start()));
  afterAll(() => server.stop());

  const pathsOf = (s3: S3Settings, content: string | Buffer) =>
    server.keys(s3).flatMap((key) => (key.includes(sha256(content)) ? [server.path(s3.bucket, key)] : []));

  test('what another program deletes or replaces is fetched again, or reported as missing until it is uploaded again; nothing else is served', async () => {
    const s3 = server.bucket();
    const content = { small: 's'.repeat(100), large: 'l'.repeat(300_000) };
    const files = await upstream((request, response) => response.end(content[request.url?.slice(1) as keyof typeof content]));
    const failures: string[] = [];
    const ignore = () => undefined;
    const logger = { info: ignore, warn: ignore, error: (message: string) => void failures.push(message) };
    const data = tempFolder();
    let { url, close } = await registry({ data, s3, logger });
    await addRemote(url, { name: 'files', base_url: files.url });
    await addRemote(url, { name: 'own', repo_type: 'local' });
    const own = { small: 'S'.repeat(100), large: 'L'.repeat(300_000) };
    const put = (name: string, body: string) => call('PUT', `${url}/api/v2/remotes/own/files/${name}`, { body });
    const get = (repository: string, name: string) => call('GET', `${url}/api/v1/${repository}/${name}`);
    for (const name of ['small', 'large'] as const) {
      expect((await put(name, own[name])).status).toBe(201);
      expect((await get('remote/files', name)).status).toBe(200);
    }
    for (const how of ['deletes', 'replaces'] as const) {
      // What a process has in memory, it may go on to serve.
      await close();
      ({ url, close } = await registry({ data, s3, logger }));
      for (const each of [...Object.values(content), ...Object.values(own)])
        for (const path of pathsOf(s3, each)) {
          if (how === 'deletes') rmSync(path);
          // A small one is as long as before, and has its metadata, which the server keeps beside it.
          else writeFileSync(path, 'x'.repeat(each.length < 1000 ? each.length : each.length - 1));
        }
      const asked = files.requests.length;
      for (const name of ['small', 'large'] as const) {
        const again = await get('remote/files', name);
        expect([how, name, again.status, again.text]).toEqual([how, name, 200, content[name]]);
        const lost = await get('local/own', name);
        expect([how, name, lost.status, lost.text]).toEqual([how, name, 500, expect.stringContaining(`${sha256(own[name])} is missing`)]);
        expect((await get('remote/files', name)).header('x-artifact-source')).toBe('cache');
      }
      expect(files.requests.length).toBe(asked + 2);
      expect(failures).toHaveLength(2);
      failures.length = 0;
      for (const name of ['small', 'large'] as const) {
        expect((await put(name, 'other')).status).toBe(409);
        expect((await put(name, own[name])).status).toBe(201);
        expect((await get('local/own', name)).text).toBe(own[name]);
        expect((await put(name, own[name])).status).toBe(409);
      }
    }
  }, 60_000);
});
