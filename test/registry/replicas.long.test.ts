import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientPath } from '../clients/support';
import { sha256 } from './bkrepo/artifacts/support';
import { digestOf } from './formats/docker-image';
import { wheel } from './formats/python-files';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from './helpers';
import { databaseOf, describePostgres } from './postgres';
import { Replicas } from './replica';
import { bytesAt, type Client, contentOf, crane, curl, download, npm, pip, type Stored, Wrong } from './replica-clients';
import { S3Server } from './store/s3-server';

afterAll(cleanUp);

const LOAD_MS = 9000;
const KILL_EVERY_MS = 2500;
/** How long the lease of a process that was killed may keep others from its work: 6 seconds, and what a busy machine takes. */
const LEASE_PATIENCE_MS = 15_000;

describePostgres(() => {
  describe('with a folder that both see', () => twoProcesses(() => Promise.resolve(undefined)));

  const hasServer = clientPath('versitygw') !== undefined || process.env['REPOFORM_CLIENTS'] === 'required';
  (hasServer ? describe : describe.skip)('with a bucket and a folder each', () =>
    twoProcesses(async () => {
      const server = await S3Server.start();
      afterwards(() => server.stop());
      return server;
    }),
  );

  test('a file that one process fetches too slowly to wait for is fetched by the other as well', async () => {
    const files = await upstream((request, response) => {
      response.write('begun ');
      if (files.requests.length > 1) response.end('and ended');
    });
    const shared = tempFolder();
    const databaseUrl = await databaseOf(shared);
    const [{ url: one }, { url: other }] = [await registry({ data: shared, databaseUrl }), await registry({ data: shared, databaseUrl })];
    await addRemote(one, { name: 'slow', base_url: files.url });
    const held = await fetch(`${one}/api/v1/remote/slow/x`);
    const start = performance.now();
    expect((await call('GET', `${other}/api/v1/remote/slow/x`)).text).toBe('begun and ended');
    expect(performance.now() - start).toBeGreaterThan(9000);
    await held.body?.cancel();
  }, 30_000);
});

function twoProcesses(bucket: () => Promise<S3Server | undefined>) {
  let replicas: Replicas;
  let front = '';

  beforeAll(async () => {
    replicas = await Replicas.start(await bucket());
    ({ front } = replicas);
    for (const [name, type] of [
      ['generic', 'generic'],
      ['npm', 'npm'],
      ['images', 'docker'],
    ])
      await addRemote(front, { name, package_type: type, repo_type: 'local' });
  }, 60_000);

  test('an upstream that fails takes no process out of use', async () => {
    const down = await upstream((_request, response) => void response.writeHead(503).end());
    await addRemote(front, { name: 'down', base_url: down.url });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_each, n) => {
        const { status } = await call('GET', `${front}/api/v1/remote/down/${n}`);
        return [[502, 503].includes(status), (await call('GET', `${front}/api/v2/remotes/down`)).status];
      }),
    );
    expect(new Set(answers.map(String))).toEqual(new Set(['true,200']));
  });

  test.each([
    ['first', 0, 1],
    ['second', 1, 0],
  ] as const)('an upload begun at the %s process is ended at the other, and read at both', async (_which, from, to) => {
    const [one, other] = [replicas.all[from].url, replicas.all[to].url];
    const content = randomBytes(600_000);
    const digest = digestOf(content);
    const begun = await call('POST', `${one}/v2/images/shared/blobs/uploads/`);
    const place = new URL(begun.header('location') ?? '', one).pathname;
    const send = async (method: string, url: string, start: number) => {
      const body = content.subarray(start, start + 200_000);
      return (await call(method, url, { body, headers: { 'content-range': `${start}-${start + body.length - 1}` } })).status;
    };
    expect([await send('PATCH', one + place, 0), await send('PATCH', one + place, 200_000)]).toEqual([202, 202]);
    expect(await send('PUT', `${other}${place}?digest=${digest}`, 400_000)).toBe(201);
    for (const { url } of replicas.all) expect(digestOf(await bytesAt(`${url}/v2/images/shared/blobs/${digest}`))).toBe(digest);
  });

  test('what many ask both for at once is fetched once', async () => {
    const files = await upstream((request, response) => void setTimeout(() => response.end(contentOf(String(request.url))), 300));
    await addRemote(front, { name: 'asked', base_url: files.url });
    const before = await Promise.all(replicas.all.map(({ url }) => served(url)));
    const answers = await Promise.all(Array.from({ length: 40 }, () => bytesAt(`${front}/api/v1/remote/asked/fresh`)));
    expect(new Set(answers.map(String))).toEqual(new Set([contentOf('/fresh')]));
    expect(files.requests.map(({ url }) => url)).toEqual(['/fresh']);
    // Both had their part in it.
    for (const [n, { url }] of replicas.all.entries()) expect((await served(url)) - (before[n] ?? 0)).toBeGreaterThanOrEqual(10);
  });

  test('what a process was fetching when it was killed is fetched by the other, once its lease has ended', async () => {
    const [dying, living] = replicas.all;
    const holders: string[][] = [];
    const files = await upstream((_request, response) => {
      void leases().then((held) => {
        const isFirst = holders.push(held) === 1;
        if (isFirst) response.write('begun ');
        else response.end('begun and ended');
      });
    });
    const leases = async () =>
      (await replicas.rows<{ holder: string }>(`select holder from $.leases where name like 'fetch %'`)).map(({ holder }) => holder);
    await addRemote(front, { name: 'held', base_url: files.url });
    const held = await fetch(`${dying.url}/api/v1/remote/held/x`);
    await dying.kill();
    await expect(held.text()).rejects.toThrow();
    const start = performance.now();
    expect((await bytesAt(`${living.url}/api/v1/remote/held/x`)).toString()).toBe('begun and ended');
    expect(performance.now() - start).toBeLessThan(LEASE_PATIENCE_MS);
    // The other one has the lease now, and did not just lose its patience.
    const [[first], [second]] = holders as [string[], string[]];
    expect([holders.map(({ length }) => length), first === second]).toEqual([[1, 1], false]);
    await dying.start();
  }, 60_000);

  test('what clients were told is stored is there, and nothing else is served, whichever process is killed while they work', async () => {
    const python = await wheel({ name: 'demo', version: '1.0' });
    const requests: Record<string, number> = {};
    const open = await upstream((request, response) => {
      const path = String(request.url);
      requests[path] = (requests[path] ?? 0) + 1;
      if (path.startsWith('/files/')) return void setTimeout(() => response.end(contentOf(path)), 20);
      if (path === '/simple/demo/')
        return void response
          .setHeader('content-type', 'text/html')
          .end(`<!DOCTYPE html><a href="/packages/${python.file}#sha256=${sha256(python.content)}">${python.file}</a>`);
      response.end(path === `/packages/${python.file}` ? python.content : undefined);
    });
    await addRemote(front, { name: 'files', base_url: open.url });
    await addRemote(front, { name: 'pypi', package_type: 'pypi', base_url: open.url });

    const clients: Record<string, readonly Client[]> = {
      curl: [0, 1, 2].map(curl),
      download: Array<Client>(4).fill(download),
      npm: [npm],
      ...(clientPath('pip') && { pip: [pip(python.file, sha256(python.content))] }),
      ...(clientPath('crane') && { crane: [crane] }),
    };
    const done = new Map(Object.keys(clients).map((kind) => [kind, new Map<string, Stored>()]));
    const wrong: Wrong[] = [];
    const end = Date.now() + LOAD_MS;
    const work = async (kind: string, once: Client) => {
      for (let n = 0; Date.now() < end; n++) {
        const stored = await once(front, n).catch((cause: unknown) => void (cause instanceof Wrong && wrong.push(cause)));
        if (stored) done.get(kind)?.set(stored.name, stored);
        else await sleep(100);
      }
    };
    const killer = async () => {
      for (let n = 0; Date.now() + KILL_EVERY_MS < end; n++) {
        await sleep(KILL_EVERY_MS);
        await replicas.all[n % 2]?.kill();
        await sleep(500);
        await replicas.all[n % 2]?.start();
      }
    };
    await Promise.all([killer(), ...Object.entries(clients).flatMap(([kind, all]) => all.map((once) => work(kind, once)))]);

    expect(wrong).toEqual([]);
    // What was killed in between is asked for again.
    expect(Math.max(...Object.values(requests))).toBeLessThanOrEqual(2 + LOAD_MS / KILL_EVERY_MS);
    for (const [kind, stored] of done) {
      expect([kind, stored.size > 0]).toEqual([kind, true]);
      for (const { url } of replicas.all) for (const each of stored.values()) await each.expectAt(url);
    }
    await replicas.expectWhole();
  }, 120_000);
}

/** How many requests a process has answered. */
async function served(url: string): Promise<number> {
  const metrics = (await bytesAt(`${url}/metrics`)).toString();
  const counts = [...metrics.matchAll(/^repoform_http_request_duration_seconds_count\{.*\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}
