import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { BlobIndex } from '../../../src/registry/store/blob-index';
import { orStoreProblem } from '../../../src/registry/store/full';
import { cleanUp } from '../helpers';
import { file, LATER, processes, workAtOnce } from './collecting';

afterEach(cleanUp);

/** More of them are in store/interleavings.long.test.ts. */
const RUNS = 10;

test('what loses its content before it can refer to it is told to send it again', async () => {
  const { stores } = await processes();
  const blob = await stores[0].blobs.receive(Readable.from([Buffer.from('a')]));
  // As where a clock was set forward: it seems to be old.
  expect(await stores[1].blobs.collect(LATER)).toBe(1);
  const thrown = orStoreProblem(await stores[0].files.add(file('x', blob)).catch((cause: unknown) => cause));
  expect(thrown).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1' },
    message: expect.stringMatching(/send it again$/) as string,
  });
  const again = await stores[0].blobs.receive(Readable.from([Buffer.from('a')]));
  expect(await stores[0].files.add(file('x', again))).toBe(true);
});

test('whatever processes do at once, what is referred to is there, and what is there is noted', async () => {
  await workAtOnce(await processes(), RUNS);
}, 600_000);

test('what a process has put in place that died before it said so is collected', async () => {
  const {
    folders: [folder = ''],
    stores: [store],
  } = await processes();
  const hash = createHash('sha256').update('content').digest('hex');
  const path = join(folder, 'blobs', 'sha256', hash.slice(0, 2), hash);
  const dying = new BlobIndex(store.metadata, []).add({ hash, size: 7 }, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'content');
    return Promise.reject(new Error('killed'));
  });
  await expect(dying).rejects.toThrow('killed');
  expect([await store.blobs.collect(LATER), existsSync(path)]).toEqual([1, false]);
});
