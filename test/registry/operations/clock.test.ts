import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Limiter } from '../../../src/registry/access/limiter';
import { type Logger } from '../../../src/registry/logger';
import { Spool } from '../../../src/registry/store/spool';
import { digestOf } from '../formats/docker-image';
import { addRemote, call, cleanUp, registry, setClocks, tempFolder, upstream } from '../helpers';

const DAY = 86_400_000;
let days = 0;
let restore = () => undefined as void;
beforeEach(() => (restore = setClocks(() => days * DAY)));
afterEach(async () => {
  days = 0;
  restore();
  await cleanUp();
});

test('a clock that is set forward makes nothing old: what is being uploaded and what was just deleted stays, and it is told', async () => {
  const words: string[] = [];
  const note = (message: string) => void words.push(message);
  const logger: Logger = { info: note, warn: note, error: note };
  const { url } = await registry({ cleanEvery: 100, orphanAge: 3_600_000, cacheUnused: 3_600_000, logger });
  const { url: base_url } = await upstream((_request, response) => response.end('cached'));
  await addRemote(url, { name: 'files', base_url });
  await addRemote(url, { name: 'images', package_type: 'docker', repo_type: 'local' });
  await call('GET', `${url}/api/v1/remote/files/a`);
  const begun = await call('POST', `${url}/v2/images/app/blobs/uploads/`);
  const place = new URL(begun.header('location') ?? '', url).href;
  const content = randomBytes(1000);
  expect((await call('PATCH', place, { body: content.subarray(0, 500) })).status).toBe(202);
  const blobs = async () => ((await call('GET', `${url}/api/v2/stats`)).json as { blobs: number }).blobs;
  expect(await blobs()).toBe(2);
  days = 3;
  await sleep(500);
  days = 0;
  expect([await blobs(), words.filter((each) => each.startsWith('the clock was set forward'))]).toEqual([2, [expect.any(String)]]);
  const digest = digestOf(content);
  expect((await call('PUT', `${place}?digest=${digest}`, { body: content.subarray(500) })).status).toBe(201);
});

test('copies that seem old, or seem to be of the future, are confirmed anew', async () => {
  const files = await upstream((_request, response) => response.end('content'));
  const { url } = await registry();
  await addRemote(url, { name: 'files', base_url: files.url, mutable_ttl: 600, mutable_patterns: ['.'] });
  const get = async () => (await call('GET', `${url}/api/v1/remote/files/a`)).status;
  for (const day of [0, 2, -2, 0]) {
    days = day;
    expect(await get()).toBe(200);
  }
  // Once at first, and each time that the copy seems old or of another time than it can be.
  expect(files.requests.length).toBe(4);
});

test('limits of requests do not depend on a clock that can be set', () => {
  const limiter = new Limiter({ perSecond: 1, burst: 2 });
  expect([limiter.take('a'), limiter.take('a'), limiter.take('a')]).toEqual([0, 0, 1]);
  for (const day of [5, -5]) {
    days = day;
    expect(limiter.take('a')).toBe(1);
  }
});

test('what another machine is writing is not thrown away because this one has another date', async () => {
  const folder = join(tempFolder(), 'tmp');
  mkdirSync(folder);
  const [living, dead] = ['0123456789ab-1-2-living', '0123456789ab-1-2-dead'];
  for (const name of [living, dead]) writeFileSync(join(folder, name), '');
  const long = new Date(Date.now() - 2 * DAY);
  utimesSync(join(folder, dead), long, long);
  days = 5;
  await Spool.open({ folder, shared: true, keep: () => Promise.resolve() });
  expect(readdirSync(folder)).toEqual([living]);
});
