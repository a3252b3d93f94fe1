import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../../scripts/bench/workspace';
import { fsck } from '../../../src/registry/maintenance/fsck';
import { sumOf } from '../../../src/registry/maintenance/rows';
import { tablesOf } from '../../../src/registry/maintenance/transfer';
import { startRegistry, TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { type S3Settings } from '../../../src/registry/store/s3/settings';
import { openStore, type Store, type StoreOptions } from '../../../src/registry/store/store';
import { clientPath } from '../../clients/support';
import { afterwards, cleanUp, tempFolder } from '../helpers';
import { databaseOf, describePostgres } from '../postgres';
import { KEYS, S3Server } from '../store/s3-server';
import { quiet } from './support';

afterEach(cleanUp);

const FILES = 160;
/** About how many bytes they have. */
const BYTES = 72 << 20;
const KILLS = 3;
/** How much of the work is done by one run, at most, before it is killed. */
const MOST = 0.8;
const LATER = '9999';

/** Where a registry is, for the command and for the test. */
interface Place {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly options: StoreOptions;
}

describePostgres(() => {
  const hasServer = clientPath('versitygw') !== undefined || process.env['REPOFORM_CLIENTS'] === 'required';
  (hasServer ? test : test.skip)(
    'commands that are killed at any moment lose nothing and are continued: migrate, export, import and gc, with a database and a bucket',
    async () => {
      const server = await S3Server.start();
      afterwards(() => server.stop());
      const keysOf = ({ options }: Place) => {
        const folder = server.path(options.s3?.bucket ?? '', 'blobs/sha256');
        return namesIn(folder).flatMap((name) => namesIn(join(folder, name)));
      };
      const source: Place = { folder: tempFolder(), env: {}, options: {} };
      const sums = await within(source, async (store) => {
        await fill(store);
        return sumsOf(store);
      });

      const moved = await place(server.bucket());
      const isRefused = async () => {
        if (
          (
            await within(moved, (store) =>
              store.metadata
                .tables<{ meta: { key: string } }>()
                .selectFrom('meta')
                .where('key', '=', 'migrating from')
                .select('key')
                .execute(),
            )
          ).length === 0
        )
          return;
        const s3 = moved.options.s3 ? { s3: moved.options.s3 } : {};
        const started = startRegistry({ port: 0, data: moved.folder, databaseUrl: moved.env['DATABASE_URL'] ?? '', ...s3 });
        await expect(started).rejects.toThrow('a migration into this registry has not ended');
      };
      await killing(moved, ['migrate', '--from', source.folder], { done: () => keysOf(moved).length / FILES, between: isRefused });
      expect(await within(moved, sumsOf)).toEqual(sums);
      expect(await within(moved, check)).toMatchObject({ problems: 0 });

      const archive = join(tempFolder(), 'archive.tar');
      const partial = () => readdirSync(join(archive, '..')).map((name) => statSync(join(archive, '..', name)).size);
      await killing(moved, ['export', '--secrets', '--output', archive], {
        done: () => Math.max(0, ...partial()) / BYTES,
        between: () => Promise.resolve(expect(existsSync(archive)).toBe(false)),
      });
      expect(readdirSync(join(archive, '..'))).toEqual(['archive.tar']);

      const restored = await place(server.bucket());
      await killing(restored, ['import', archive], {
        done: () => keysOf(restored).length / FILES,
        async between() {
          expect((await within(restored, sumsOf)).filter(({ rows }) => rows > 0)).toEqual([]);
        },
      });
      expect(await within(restored, sumsOf)).toEqual(sums);
      expect(await within(restored, check)).toMatchObject({ problems: 0 });
      expect(readdirSync(restored.folder).filter((name) => name.startsWith('import-'))).toEqual([]);

      await within(restored, (store) =>
        store.metadata.tables<{ local_files: { path: string } }>().deleteFrom('local_files').where('path', '<', 'f2').execute(),
      );
      await within(restored, (store) =>
        store.metadata.tables<{ blobs: { created_at: string } }>().updateTable('blobs').set({ created_at: '2000' }).execute(),
      );
      // The holds of the killed imports last for two minutes.
      await within(restored, (store) => store.metadata.tables<{ blob_holds: object }>().deleteFrom('blob_holds').execute());
      await killing(restored, ['gc'], {
        done: () => (FILES - keysOf(restored).length) / (FILES / 2),
        async between() {
          expect(await within(restored, lacking)).toEqual([]);
        },
      });
      await within(restored, (store) => store.blobs.audit.sweep(new Date(LATER)));
      expect(await within(restored, check)).toMatchObject({ problems: 0, blobs: FILES / 2 });
      expect(keysOf(restored)).toHaveLength(FILES / 2);
    },
    400_000,
  );
});

async function place(s3: S3Settings): Promise<Place> {
  const folder = tempFolder();
  const url = await databaseOf(folder);
  const keys = { MINIO_ACCESS_KEY: KEYS.accessKey, MINIO_SECRET_KEY: KEYS.secretKey.reveal() };
  const env = { DATABASE_URL: url, MINIO_ENDPOINT: s3.endpoint ?? '', MINIO_BUCKET: s3.bucket, REPOFORM_S3_CREATE_BUCKET: 'true', ...keys };
  return { folder, env, options: { database: readDatabase(url, {}), s3 } };
}

async function within<T>({ folder, options }: Place, steps: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(folder, TABLES, options);
  try {
    return await steps(store);
  } finally {
    await store.close();
  }
}

async function fill(store: Store): Promise<void> {
  const row = { name: 'l', repo_type: 'local', package_type: 'generic', created_at: '', updated_at: '' };
  await store.repositories.createRemote({ ...unsetRemoteSettings, ...row });
  for (let n = 0; n < FILES; n++) {
    const content = randomBytes(n % 20 === 0 ? 9 << 20 : 2000 + n);
    const { hash } = await store.blobs.receive(
      (async function* () {
        yield await Promise.resolve(content);
      })(),
    );
    await store.files.add({ repo: 'l', path: `f${n % 4}/${n}`, hash, content_type: '', metadata: '', created_at: '' });
  }
}

const sumsOf = async (store: Store) =>
  Promise.all(
    (await tablesOf(store))
      .filter(({ name }) => name !== 'blobs')
      .map(async (table) => ({ name: table.name, ...(await sumOf(store.metadata, table)) })),
  );

const check = (store: Store) => fsck(store, { deep: true, repair: false }, quiet);

/** The blobs that something refers to and that are not there. */
async function lacking(store: Store): Promise<string[]> {
  const found: string[] = [];
  for await (const blob of store.known.all()) if (blob.isKept && !(await store.blobs.audit.isWhole(blob))) found.push(blob.hash);
  return found;
}

/** What is in a folder, which may be gone. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

interface Watching {
  /** Which part of the work is done. */
  done(): number;
  /** What must hold after the command was killed. */
  between(): Promise<void>;
}

/** Runs a command, kills it when a random part of its work is done, each time later than the last, then lets it end. */
async function killing(where: Place, args: readonly string[], { done, between }: Watching): Promise<void> {
  const run = () =>
    spawn(process.execPath, [join(root, 'dist/repoform.js'), 'registry', ...args, '--data', where.folder], {
      env: { PATH: process.env['PATH'], ...where.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  for (let nth = 0; nth < KILLS; nth++) {
    const child = run();
    const over = once(child, 'exit');
    const enough = (MOST * (nth + Math.random())) / KILLS;
    const before = done();
    while (child.exitCode === null && (done() === before || done() < enough)) await sleep(5);
    expect([args[0], child.exitCode]).toEqual([args[0], null]);
    child.kill('SIGKILL');
    await over;
    await between();
  }
  const child = run();
  const [code] = (await once(child, 'exit')) as [number];
  expect([args[0], code]).toEqual([args[0], 0]);
}
