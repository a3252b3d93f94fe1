import { createServer, type Socket, connect, type AddressInfo } from 'node:net';
import { constants, publicEncrypt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger } from '../../src/registry/logger';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from './helpers';
import { bearer, makeTokens } from './access/support';
import { addRepository, basic, client, sha256 } from './bkrepo/artifacts/support';
import { digestOf } from './formats/docker-image';
import { databaseOf, describePostgres, onServer } from './postgres';

afterEach(cleanUp);

describePostgres(() => {
  /** Registries that share a database and a folder. */
  async function replicas(count = 2, options: Parameters<typeof registry>[0] = {}) {
    const data = tempFolder();
    const databaseUrl = await databaseOf(data);
    const running = await Promise.all(Array.from({ length: count }, () => registry({ data, databaseUrl, ...options })));
    const [one = '', other = ''] = running.map(({ url }) => url);
    return { one, other, data, databaseUrl };
  }

  const object = (url: string, path: string) => `${url}/api/v1/remote/a/${path}`;

  test('a file that many ask both for is fetched once, and counted for each who got it', async () => {
    const files = await upstream((request, response) => void setTimeout(() => response.end(`content of ${request.url}`), 100));
    const { one, other } = await replicas();
    await addRemote(one, { name: 'a', base_url: files.url, mutable_ttl: 3600 });
    const asked = Array.from({ length: 40 }, (_, n) => call('GET', object(n % 2 ? one : other, 'x')));
    expect(new Set((await Promise.all(asked)).map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 content of /x']));
    expect(files.requests).toHaveLength(1);
    await sleep(1500);
    for (const url of [one, other])
      expect((await call('GET', `${url}/api/v2/stats`)).json).toMatchObject({ total_hits: 40, bytes_served: 40 * 13, total_fetches: 1 });
  });

  test('what one fetches is compared with the digest in an index that the other has cached', async () => {
    let content = 'wrong';
    const files = await upstream((request, response) => {
      const index = `apiVersion: v1\nentries: {app: [{name: app, version: 1.0.0, digest: ${sha256('right')}, urls: [app-1.0.0.tgz]}]}\n`;
      response.end(request.url === '/index.yaml' ? index : content);
    });
    const { one, other } = await replicas();
    await addRemote(one, { name: 'a', package_type: 'helm', base_url: files.url, mutable_ttl: 3600 });
    expect((await call('GET', object(one, 'index.yaml'))).status).toBe(200);
    expect((await call('GET', object(other, 'app-1.0.0.tgz'))).status).toBe(502);
    content = 'right';
    expect((await call('GET', object(other, 'app-1.0.0.tgz'))).text).toBe('right');
  });

  test('an image upload that was begun at one is continued and ended at the other', async () => {
    const { one, other } = await replicas();
    expect((await call('POST', `${one}/api/v2/remotes`, { body: { name: 'l', repo_type: 'local', package_type: 'docker' } })).status).toBe(
      201,
    );
    const begun = await call('POST', `${one}/v2/l/app/blobs/uploads/`);
    const place = new URL(begun.header('location') ?? '', one).pathname;
    const part = (url: string, body: string, from: number) =>
      call('PATCH', url + place, { body, headers: { 'content-range': `${from}-${from + body.length - 1}` } });
    expect([(await part(other, 'hello ', 0)).status, (await part(one, 'wor', 6)).status]).toEqual([202, 202]);
    const digest = digestOf(Buffer.from('hello world'));
    const ended = await call('PUT', `${other}${place}?digest=${digest}`, { body: 'ld' });
    expect(ended.status).toBe(201);
    expect((await call('GET', `${one}/v2/l/app/blobs/${digest}`)).text).toBe('hello world');
  });

  test("BK-Repo's blocks that arrive at both are one file, and a password that is encrypted for one is read by the other", async () => {
    const { one, other } = await replicas(2, { backends: ['bkrepo'], bkrepo: { port: 0 } });
    const [admin, second] = [one, other].map((url) => client(url, basic('admin', 'password')));
    const file = '/generic/pp/rr/dir/a';
    await admin!.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
    await addRepository(second!, { name: 'rr' });
    const { data } = await admin!.tell('POST', file.replace('/generic/', '/generic/block/'));
    const { uploadId } = data as { uploadId: string };
    const headers = (sequence: number) => ({ 'x-bkrepo-upload-id': uploadId, 'x-bkrepo-sequence': String(sequence) });
    const parts = ['one ', 'two ', 'three'].map((text, n) => (n % 2 ? admin! : second!).tell('PUT', file, text, headers(n + 1)));
    expect((await Promise.all(parts)).map(({ code }) => code)).toEqual([0, 0, 0]);
    const whole = { 'x-bkrepo-upload-id': uploadId, 'x-bkrepo-size': '13', 'x-bkrepo-sha256': sha256('one two three') };
    expect(await second!.tell('PUT', file.replace('/generic/', '/generic/block/'), undefined, whole)).toMatchObject({ code: 0 });
    expect((await admin!.send('GET', file)).text).toBe('one two three');

    const key = (await admin!.tell('GET', '/auth/api/user/rsa')).data as string;
    const pem = `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----`;
    const encrypted = (text: string) =>
      encodeURIComponent(publicEncrypt({ key: pem, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(text)).toString('base64'));
    const change = `/auth/api/user/update/password/admin?oldPwd=${encrypted('password')}&newPwd=${encrypted('changed')}`;
    expect(await second!.tell('PUT', change)).toMatchObject({ code: 0 });
    expect((await client(one, basic('admin', 'changed')).send('GET', file)).status).toBe(200);
  });

  test('a client of images that has logged in at one is known at the other, and not at one with a database of its own', async () => {
    const bkrepo = { backends: ['bkrepo'], bkrepo: { port: 0 } } as const;
    const { one, other } = await replicas(2, bkrepo);
    const elsewhere = await replicas(1, bkrepo);
    const authorization = basic('admin', 'password');
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const { token } = (await call('GET', `${from}/v2/auth?service=bkrepo`, { headers: { authorization } })).json as { token: string };
      expect((await call('GET', `${to}/v2/`, { headers: bearer(token) })).status).toBe(200);
      expect((await call('GET', `${elsewhere.one}/v2/`, { headers: bearer(token) })).status).toBe(401);
    }
  });

  /** The events of a registry, as they come. */
  async function listening(url: string, headers: Record<string, string> = {}) {
    const answer = await fetch(`${url}/api/v2/events`, { headers });
    const reader = answer.body!.getReader();
    let text = '';
    const read = async () => {
      const { done, value } = await reader.read();
      text += new TextDecoder().decode(value);
      return !done;
    };
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) if (!(await read())) throw new Error(`the stream ended without ${wanted}: ${text}`);
      return text;
    };
    const rest = async () => {
      while (await read());
      return text;
    };
    afterwards(() => reader.cancel());
    return { until, rest };
  }

  test('what happens at one is seen by who listens at the other, once and in order, however long it is', async () => {
    const { one, other, databaseUrl } = await replicas();
    const elsewhere = await replicas(1);
    const [here, there, outside] = [await listening(one), await listening(other), await listening(elsewhere.one)];
    for (const name of ['first', 'second'])
      expect((await call('POST', `${one}/api/v2/remotes`, { body: { name, repo_type: 'local', package_type: 'generic' } })).status).toBe(
        201,
      );
    // What is not of a registry disturbs nobody.
    const { port } = new URL(databaseUrl);
    await onServer(Number(port), async (client) => {
      const schema = /search_path=(\w+)/.exec(decodeURIComponent(databaseUrl))?.[1] ?? '';
      await client.query(`set search_path to ${schema}`);
      for (const text of ['x', `${randomUUID()} 0 1 {"a"`, `${randomUUID()} 0 1 ["events","{}"]`])
        await client.query(`select pg_notify('repoform_' || md5(current_schema()), $1)`, [text]);
    });
    // Escaped, it is longer than a notification may be.
    const path = `${'"'.repeat(2100)}\u4e2d/end`;
    const put = await call('PUT', `${one}/api/v2/remotes/first/files/${path.split('/').map(encodeURIComponent).join('/')}`, { body: 'x' });
    expect(put.status).toBe(201);
    const shown = `"path":${JSON.stringify(path)}`;
    for (const listener of [here, there]) {
      const text = await listener.until(shown);
      expect([...text.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)).toEqual(['remote.created', 'remote.created', 'file.uploaded']);
    }
    await call('POST', `${elsewhere.one}/api/v2/remotes`, { body: { name: 'third', repo_type: 'local', package_type: 'generic' } });
    expect(await outside.until('third')).not.toContain('first');
  });

  test('events are heard again after the connection was lost, and the stream of a token ends when it is revoked elsewhere', async () => {
    const data = tempFolder();
    const databaseUrl = await databaseOf(data);
    const { admin, reader } = await makeTokens(data, { admin: ['admin:*'], reader: ['read:*'] });
    const [one = '', other = ''] = (await Promise.all([0, 1].map(() => registry({ data, databaseUrl, auth: true })))).map(({ url }) => url);
    const there = await listening(other, bearer(reader));
    const make = (name: string) =>
      call('POST', `${one}/api/v2/remotes`, { headers: bearer(admin), body: { name, repo_type: 'local', package_type: 'generic' } });
    await make('first');
    await there.until('first');
    const away = await onServer(Number(new URL(databaseUrl).port), (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query like '%clock_timestamp%'`,
      ),
    );
    expect(away.rowCount).toBeGreaterThan(0);
    await sleep(2500);
    expect((await make('second')).status).toBe(201);
    await there.until('second');
    expect((await call('DELETE', `${one}/api/registry/tokens/reader`, { headers: bearer(admin) })).status).toBe(204);
    await make('third');
    expect(await there.rest()).not.toContain('third');
  });

  test('a clock here that jumps changes neither what is fresh nor what an upload has left', async () => {
    const files = await upstream((request, response) => response.end('content'));
    const { one } = await replicas(1);
    await addRemote(one, { name: 'a', base_url: files.url, mutable_ttl: 600 });
    await call('GET', object(one, 'x'));
    await call('POST', `${one}/api/v2/remotes`, { body: { name: 'l', repo_type: 'local', package_type: 'docker' } });
    const begun = await call('POST', `${one}/v2/l/app/blobs/uploads/`);
    const clock = jest.spyOn(Date, 'now');
    try {
      for (const days of [2, -2]) {
        clock.mockReturnValue(performance.timeOrigin + performance.now() + days * 86_400_000);
        expect((await call('GET', object(one, 'x'))).header('x-artifact-source')).toBe('cache');
        expect((await call('GET', new URL(begun.header('location') ?? '', one).href)).status).toBe(204);
      }
    } finally {
      clock.mockRestore();
    }
    expect(files.requests).toHaveLength(1);
  });

  test.each(['refuses connections', 'does not answer'] as const)(
    'a database that %s for a while',
    async (how) => {
      const data = tempFolder();
      const direct = await databaseOf(data);
      const line = await breakable(Number(new URL(direct).port));
      const words: string[] = [];
      const note = (message: string) => void words.push(message);
      const logger: Logger = { info: note, warn: note, error: note };
      const { url } = await registry({ data, databaseUrl: direct.replace(/:\d+\//, `:${line.port}/`), logger });
      const files = await upstream((request, response) => response.end(`content of ${request.url}`));
      await addRemote(url, { name: 'a', base_url: files.url, mutable_ttl: 3600 });
      await call('POST', `${url}/api/v2/remotes`, { body: { name: 'l', repo_type: 'local', package_type: 'generic' } });
      expect((await call('GET', object(url, 'known'))).text).toBe('content of /known');
      expect((await call('GET', object(url, 'known'))).header('x-artifact-source')).toBe('cache');

      line.cut(how === 'does not answer');
      const put = (path: string) => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body: 'content' });
      const load = Array.from({ length: 30 }, async (_, n) => {
        await sleep(n * 100);
        return Promise.all([call('GET', object(url, 'known')), put(`during-${n}`), call('GET', object(url, 'unknown'))]);
      });
      const all = await Promise.all(load);
      expect(new Set(all.map(([known]) => `${known.status} ${known.text}`))).toEqual(new Set(['200 content of /known']));
      for (const [, ...refused] of all)
        for (const { status, header } of refused) expect([status, header('retry-after')]).toEqual([503, '2']);

      line.mend();
      const again = async () => (await put('after')).status;
      for (let tries = 0; (await again()) === 503 && tries < 50; tries++) await sleep(200);
      expect([await again(), (await call('GET', `${url}/api/v1/local/l/after`)).text]).toEqual([409, 'content']);
      expect((await call('GET', `${url}/api/v1/local/l/during-1`)).status).toBe(404);
      expect((await call('GET', object(url, 'unknown'))).text).toBe('content of /unknown');
      await sleep(1200);
      expect((await call('GET', `${url}/api/v2/stats`)).json).toMatchObject({ total_hits: 33 });
      expect(words.filter((word) => /^the database can/.test(word))).toEqual([
        'the database cannot be used',
        'the database can be used again',
      ]);
    },
    60_000,
  );
});

/** A way to a server that can be cut, with a reset or without a word. */
async function breakable(port: number) {
  const sockets = new Set<Socket>();
  let state: 'open' | 'refusing' | 'silent' = 'open';
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined).on('close', () => sockets.delete(near)));
    if (state === 'refusing') return void near.destroy();
    if (state === 'silent') return;
    const far = connect(port, '127.0.0.1')
      .on('error', () => near.destroy())
      .on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const)
      from.on('data', (bytes) => void (state === 'open' && to.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  afterwards(() => {
    drop();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    cut(silently: boolean) {
      state = silently ? 'silent' : 'refusing';
      if (!silently) drop();
    },
    mend() {
      state = 'open';
      drop();
    },
  };
}
