import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger } from '../../src/registry/logger';
import { fsck } from '../../src/registry/maintenance/fsck';
import { TABLES } from '../../src/registry/server';
import { readDatabase } from '../../src/registry/store/postgres/target';
import { openStore } from '../../src/registry/store/store';
import { addRemote, type Answer, call, cleanUp, registry, tempFolder, upstream } from './helpers';
import { quiet } from './maintenance/support';
import { describePostgres, startPostgres, takeAway, urlOf } from './postgres';

afterEach(cleanUp);

const AWAY_MS = 30_000;
const EVERY_MS = 200;

describePostgres(() => {
  test('a database that is away for 30 s under load: what is in memory is served, all else is 503, nothing is half written, and it goes on by itself', async () => {
    await Promise.all((['refuses', 'hangs'] as const).map(away));
  }, 180_000);
});

async function away(how: 'refuses' | 'hangs') {
  const data = tempFolder();
  // Its user may not see into folders of this one.
  const server = await startPostgres(join(tmpdir(), `repoform-postgres-${how}-${process.pid}`));
  const databaseUrl = urlOf(server.port);
  const words: string[] = [];
  const note = (message: string) => void words.push(message);
  const logger: Logger = { info: () => undefined, warn: note, error: note };
  const { url } = await registry({ data, databaseUrl, logger });
  const files = await upstream((request, response) => response.end(`content of ${request.url}`));
  await addRemote(url, { name: 'a', base_url: files.url, mutable_ttl: 3600 });
  for (const package_type of ['generic', 'docker', 'npm']) await addRemote(url, { name: package_type, package_type, repo_type: 'local' });
  const known = () => call('GET', `${url}/api/v1/remote/a/known`);
  expect([(await known()).text, (await known()).header('x-artifact-source')]).toEqual(['content of /known', 'cache']);
  const put = (path: string) => call('PUT', `${url}/api/v2/remotes/generic/files/${path}`, { body: `content of ${path}` });
  const begun = await call('POST', `${url}/v2/docker/app/blobs/uploads/`);
  const place = new URL(begun.header('location') ?? '', url).href;
  const asked = files.requests.length;

  const giveBack = takeAway(server, how);
  const begin = performance.now();
  // Statements that are under way are found to be lost within some seconds.
  await sleep(100);
  const reads: Promise<Answer>[] = [];
  const refused: Promise<Answer>[] = [];
  for (let n = 0; performance.now() - begin < AWAY_MS; n++, await sleep(EVERY_MS)) {
    reads.push(known());
    refused.push(
      put(`during-${n}`),
      call('GET', `${url}/api/v1/remote/a/unknown-${n}`),
      call('PATCH', place, { body: 'part' }),
      call('POST', `${url}/api/v2/remotes`, { body: { name: `during-${n}`, package_type: 'generic', base_url: files.url } }),
    );
  }
  const slowest = await timed(Promise.all([...reads, ...refused]));
  expect(new Set((await Promise.all(reads)).map(({ status, text }) => `${status} ${text}`))).toEqual(new Set(['200 content of /known']));
  const said = (await Promise.all(refused)).map(({ status, header }) => `${status} ${header('retry-after')}`);
  expect([how, new Set(said)]).toEqual([how, new Set(['503 2'])]);
  expect(slowest).toBeLessThan(5000);
  expect([(await call('GET', `${url}/readyz`)).status, (await call('GET', `${url}/livez`)).status]).toEqual([503, 200]);

  giveBack();
  for (let tries = 0; (await call('GET', `${url}/readyz`)).status !== 200 && tries < 100; tries++) await sleep(200);
  expect([(await put('after')).status, (await call('GET', `${url}/api/v1/local/generic/after`)).text]).toEqual([201, 'content of after']);
  expect((await call('GET', `${url}/api/v1/local/generic/during-3`)).status).toBe(404);
  expect(((await call('GET', `${url}/api/v2/remotes`)).json as readonly { name: string }[]).map(({ name }) => name).sort()).toEqual([
    ...['a', 'docker', 'generic', 'npm'],
  ]);
  expect((await call('PATCH', place, { body: 'part' })).header('range')).toBe('0-3');
  expect([files.requests.length, (await call('GET', `${url}/api/v1/remote/a/unknown-3`)).text]).toEqual([asked, 'content of /unknown-3']);
  await sleep(1500);
  expect((await call('GET', `${url}/api/v2/stats`)).json).toMatchObject({ total_hits: reads.length + 3 });
  expect(words.filter((word) => /^the database can/.test(word))).toEqual(['the database cannot be used', 'the database can be used again']);
  expect(readdirSync(join(data, 'tmp'))).toEqual([]);
  const store = await openStore(data, TABLES, { database: readDatabase(databaseUrl, {}) });
  try {
    expect(await fsck(store, { deep: true, repair: false }, quiet)).toMatchObject({ problems: 0 });
  } finally {
    await store.close();
  }
}

async function timed(work: Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
}
