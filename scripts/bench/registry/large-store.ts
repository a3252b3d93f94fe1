import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gc } from '../../../src/registry/maintenance/gc';
import { TABLES } from '../../../src/registry/server';
import { readS3 } from '../../../src/registry/store/s3/settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';

const CHUNK = Buffer.alloc(1 << 20, 'x');
const quiet = { line: () => undefined, progress: () => undefined };

/**
 * What a store of this size costs: content of so many GB, and collecting so many blobs that nothing refers to. With `MINIO_BUCKET` and the other
 * variables of object storage, content is there. Usage: tsx scripts/bench/registry/large-store.ts [GB = 5] [orphans = 100000]
 */
async function main([size = '5', orphans = '100000']: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-large-'));
  const { MINIO_BUCKET: bucket, MINIO_ENDPOINT: endpoint } = process.env;
  const s3 = readS3({ bucket, endpoint: bucket && endpoint, prefix: `large-${process.pid}`, create: true }, process.env);
  const store = await openStore(folder, TABLES, { s3 });
  try {
    await measured(`${size} GB are received`, () => store.blobs.receive(Readable.from(chunks(Number(size) * 1024))));
    await fill(store, Number(orphans));
    await measured(`${orphans} blobs are collected`, () => gc(store, { olderThan: -3600, dryRun: false }, quiet));
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function* chunks(count: number): Generator<Buffer, void> {
  for (let n = 0; n < count; n++) yield CHUNK;
}

/** Adds rows whose bytes are gone: deleting those is the same work. */
async function fill(store: Store, count: number): Promise<void> {
  const now = new Date().toISOString();
  for (let from = 0; from < count; from += 500) {
    const rows = Array.from({ length: Math.min(500, count - from) }, (_, n) => ({ hash: hashOf(from + n), size: 1, created_at: now }));
    await store.metadata.transaction((inside) => inside.tables<Tables>().insertInto('blobs').values(rows).execute());
  }
}

function hashOf(number: number): string {
  return createHash('sha256').update(String(number)).digest('hex');
}

/** Runs a step and says how long it took and what memory the process had at most. */
async function measured(what: string, step: () => Promise<unknown>): Promise<void> {
  const [begun, before] = [performance.now(), process.memoryUsage.rss()];
  let most = before;
  const sampler = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 50);
  await step();
  clearInterval(sampler);
  const mb = (bytes: number) => Math.round(bytes / (1 << 20));
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(`${what}: ${seconds} s, ${mb(before)} MB before, at most ${mb(most)} MB\n`);
}

void main(process.argv.slice(2));
