import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { sql } from 'kysely';
import { FoundNodes } from '../../../src/registry/backends/bkrepo/artifacts/found-nodes';
import { Nodes } from '../../../src/registry/backends/bkrepo/artifacts/nodes';
import { nodeInfo } from '../../../src/registry/backends/bkrepo/artifacts/node';
import { nodePage } from '../../../src/registry/backends/bkrepo/artifacts/node-search';
import { Packages } from '../../../src/registry/backends/bkrepo/artifacts/packages';
import { matches, orderOf, type QueryModel, type Rule } from '../../../src/registry/backends/bkrepo/artifacts/query';
import { type BkArtifactTables } from '../../../src/registry/backends/bkrepo/artifacts/tables';
import { TABLES } from '../../../src/registry/server';
import { readDatabase } from '../../../src/registry/store/postgres/target';
import { aroundPage, Best, type PageOf, sortedPage, walkTo, type Window } from '../../../src/registry/store/pages';
import { unsetRemoteSettings } from '../../../src/registry/store/remote-settings';
import { openStore, type Store } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';
import { cleanUp, isOnPostgres, openTestStore, tempFolder } from '../helpers';
import { databaseOf } from '../postgres';

let store: Store;
let release: () => Promise<void>;
const statements: { sql: string; parameters: readonly unknown[] }[] = [];
const NAMES = ['B', 'a', 'b', 'ba', 'ab', 'z', 'é'];
const PATHS = NAMES.flatMap((name) => [`x/${name}`, name]).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const at = { created_at: '', validated_at: '', accessed_at: '' };
const answer = { content_type: '', content_encoding: '', etag: '', last_modified: '', tag: '', status: 200, url: '', headers: '{}' };
const place = { project: 'pp', repo: 'rr' };

beforeAll(async () => {
  const onStatement = ({ query }: { query: { sql: string; parameters: readonly unknown[] } }) => void statements.push(query);
  // Not by what is cleaned up after each test.
  const folder = mkdtempSync(join(tmpdir(), 'repoform-pages-'));
  const database = isOnPostgres() ? readDatabase(await databaseOf(folder), {}) : undefined;
  store = await openStore(folder, TABLES, { onStatement, database });
  release = async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  };
  const remote = { package_type: 'generic', created_at: '', updated_at: '' };
  await store.repositories.createRemote({ ...unsetRemoteSettings, ...remote, name: 'l', repo_type: 'local' });
  const blob = await store.blobs.receive(one(Buffer.from('x')));
  const db = store.metadata.tables<Tables>();
  const counts = { access_count: 0, fetch_count: 0, bytes_served: 0 };
  const nodes = new Nodes(store.metadata);
  const packages = new Packages(store.metadata);
  for (const [index, path] of PATHS.entries()) {
    await db
      .insertInto('artifacts')
      .values({ remote: 'r', path, variant: '', ...blob, ...answer, ...at, ...counts })
      .execute();
    await store.files.add({ repo: 'l', path, hash: blob.hash, content_type: '', metadata: '', created_at: '' });
    await nodes.insert(nodeAt(path, { size: index % 3, hash: blob.hash, metadata: index % 4 === 0 ? '[{"key":"k","value":"1"}]' : '[]' }));
    await packages.put({ ...place, packageKey: `p://${path}`, packageName: path, packageType: 'P', version: '1', size: 1, by: 'me' });
  }
  await nodes.insert(nodeAt('x', { size: 0, hash: null, folder: 1, metadata: '[]' }));
});
afterAll(() => release());

function nodeAt(path: string, more: { size: number; hash: string | null; metadata: string; folder?: number }) {
  const full_path = `/${path}`;
  const [parent, name] = [full_path.slice(0, full_path.lastIndexOf('/') + 1), full_path.slice(full_path.lastIndexOf('/') + 1)];
  const signed = { created_by: 'me', created_at: '', modified_by: 'me', modified_at: '', accessed_at: '' };
  return { ...place, full_path, parent, name, md5: '', crc64ecma: '', ...signed, folder: 0, expires_at: 0, deleted_at: 0, ...more };
}

const FOLDERS_FIRST = ['/x', ...PATHS.filter((path) => !path.includes('/')).map((path) => `/${path}`)];
const nodesIn = (deep: boolean, foldersFirst: boolean) => async (window: Window) => {
  const listing = { deep, includeFolder: true };
  const { rows, total } = await new Nodes(store.metadata).page({ ...place, path: '/' }, listing, { window, foldersFirst });
  return { total, rows: rows.map(({ full_path }) => full_path) };
};
const inOrder = (paths: readonly string[]) => [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const LISTS: Readonly<Record<string, [all: readonly string[], page: (window: Window) => Promise<PageOf<string>>]>> = {
  'cached objects': [PATHS, async (window) => pathsOf(await store.artifacts.page('r', window))],
  'files of a local repository': [PATHS, async (window) => pathsOf(await store.files.page('l', window))],
  'nodes in a folder': [inOrder(FOLDERS_FIRST), nodesIn(false, false)],
  'nodes in a folder, folders first': [FOLDERS_FIRST, nodesIn(false, true)],
  'nodes below a folder': [inOrder(['/x', ...PATHS.map((path) => `/${path}`)]), nodesIn(true, false)],
  packages: [
    PATHS,
    async (window) => {
      const { rows, total } = await new Packages(store.metadata).page('pp', 'rr', { prefix: '', ...window });
      return { total, rows: rows.map(({ name, versions }) => (versions.length === 1 ? name : '')) };
    },
  ],
};

describe.each(Object.entries(LISTS))('%s', (_name, [all, page]) => {
  test('any page is that part of the list', async () => {
    for (let offset = 0; offset <= all.length + 1; offset++)
      for (const limit of [1, 2, 5, 100])
        expect(await page({ offset, limit })).toEqual({ total: all.length, rows: all.slice(offset, offset + limit) });
  });

  test('on SQLite, a page reads rows of its own only, and finds them in an index', async () => {
    if (isOnPostgres()) return;
    statements.length = 0;
    await page({ offset: all.length - 2, limit: 1 });
    const selects = statements.filter(({ sql: text }) => /^select .*(count\(| limit )/.test(text));
    expect(selects.length).toBeGreaterThan(2);
    for (const { sql: text, parameters } of selects) {
      const plan = await planOf(text, parameters);
      expect({ text, plan: plan.filter((step) => /^SCAN|TEMP B-TREE/.test(step)) }).toEqual({ text, plan: [] });
      // What counts the rows, or passes over them, does not look at them.
      if (/count\(|offset/.test(text)) expect({ text, plan }).toEqual({ text, plan: [expect.stringContaining('COVERING INDEX')] });
    }
  });
});

test('what comes after a path is looked for from there on, not from the beginning of the folder', async () => {
  const nodes = new Nodes(store.metadata);
  const lists: Readonly<Record<string, (after: string) => Promise<string[]>>> = {
    files: async (after) => (await store.files.within('l', 'x/', { after: `x/${after}` })).map(({ path }) => path),
    nodes: async (after) =>
      (await nodes.files({ ...place, path: '/x/' }, undefined, `/x/${after}`)).map(({ full_path }) => full_path.slice(1)),
  };
  for (const list of Object.values(lists)) {
    statements.length = 0;
    expect(await list('b')).toEqual(
      PATHS.filter((path) => path.startsWith('x/') && Buffer.compare(Buffer.from(path), Buffer.from('x/b')) > 0),
    );
    expect(statements.map(({ sql: text }) => text.match(/path" >/g)?.length)).toEqual([1]);
  }
  expect((await store.files.within('l', 'x/', { after: 'a' })).map(({ path }) => path)).toEqual(
    PATHS.filter((path) => path.startsWith('x/')),
  );
  statements.length = 0;
  const scanned: string[] = [];
  for await (const rows of nodes.scan({ ...place, path: '/x' }, { deep: true, includeFolder: true }))
    scanned.push(...rows.map(({ full_path }) => full_path.slice(1)));
  expect(scanned).toEqual(PATHS.filter((path) => path.startsWith('x/')));
  expect(statements.map(({ sql: text }) => text.match(/path" >/g)?.length)).toEqual([1, 1]);
});

async function planOf(text: string, parameters: readonly unknown[]): Promise<string[]> {
  const pieces = text
    .split('?')
    .flatMap((piece, index) => [sql.raw(piece), ...(index < parameters.length ? [sql`${parameters[index]}`] : [])]);
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.join(pieces, sql``)}`.execute(store.metadata.tables());
  return rows.map(({ detail }) => detail);
}

test('the way to a page is at most half of the list', () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(10), fc.nat(50), (offset, limit, total) => {
      const list = Array.from({ length: total }, (_, index) => index);
      const walk = walkTo({ offset, limit }, total);
      const found = walk && (walk.order === 'asc' ? list : [...list].reverse())[walk.steps];
      expect(found).toBe(limit > 0 ? list[offset] : undefined);
      expect(walk?.steps ?? 0).toBeLessThanOrEqual(total / 2);
    }),
  );
});

test('the best rows are those that sorting all would put first', () => {
  const order = (a: number, b: number) => (a % 100) - (b % 100);
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.nat(20),
      fc.array(fc.nat(10_000), { minLength: 1500, maxLength: 4000, size: 'max' }),
      (offset, limit, all) => {
        const best = new Best<number>({ offset, limit }, order);
        for (const each of all) best.add(each);
        expect([best.total, best.rows]).toEqual([all.length, [...all].sort(order).slice(offset, offset + limit)]);
      },
    ),
    { numRuns: 20 },
  );
});

test('a page of a list that is read row by row is that part of the sorted list, near its beginning or not', async () => {
  const all = Array.from({ length: 30_000 }, (_, index) => ({ key: (index * 7919) % 1000, index }));
  const order = (a: { key: number }, b: { key: number }) => b.key - a.key;
  const rows = async function* () {
    for (let from = 0; from < all.length; from += 500) yield await Promise.resolve(all.slice(from, from + 500));
  };
  const sorted = [...all].sort(order);
  for (const offset of [0, 9000, 9990, 15_000, 29_990, 30_000])
    for (const limit of [1, 100]) {
      const { rows: page, total } = await sortedPage(rows, { offset, limit }, order);
      expect({ offset, limit, page, total }).toEqual({ offset, limit, page: sorted.slice(offset, offset + limit), total: all.length });
    }
});

test('the rows of a sample that enclose a page are near it', () => {
  const rows = Array.from({ length: 8000 }, (_, index) => index * 125);
  const total = 1_000_000;
  const at = (offset: number, limit = 100) => aroundPage({ offset, limit }, { rows, total });
  expect(at(0).from).toBeUndefined();
  expect(at(total - 100).to).toBeUndefined();
  for (const offset of [20_000, 500_000, 900_000]) {
    const { from = NaN, to = NaN } = at(offset);
    expect([from < offset, to > offset + 100, to - from < total / 20]).toEqual([true, true, true]);
  }
});

describe('a search among many nodes', () => {
  const COUNT = 24_000;
  const SIZES = 50;
  const many = { project: 'pp', repo: 'many' };
  // Paths, sizes and dates have different orders.
  const nodes = Array.from({ length: COUNT }, (_, index) => ({
    full_path: `/${((index * 7919) % COUNT).toString().padStart(6, '0')}`,
    size: (index * 31) % SIZES,
    created_at: String((index * 101) % COUNT).padStart(6, '0'),
  }));
  type Each = (typeof nodes)[number];
  const byPath = (a: Each, b: Each) => (a.full_path < b.full_path ? -1 : 1);
  const orders: Readonly<
    Record<string, [columns: readonly (keyof Each)[], direction: 'asc' | 'desc', order: (a: Each, b: Each) => number]>
  > = {
    'by size, descending': [['size'], 'desc', (a, b) => b.size - a.size || byPath(a, b)],
    'by size and date': [['size', 'created_at'], 'asc', (a, b) => a.size - b.size || (a.created_at < b.created_at ? -1 : 1)],
    'by date': [['created_at'], 'asc', (a, b) => (a.created_at < b.created_at ? -1 : 1)],
    'in no order': [[], 'asc', byPath],
  };

  beforeAll(async () => {
    const template = { ...nodeAt('x', { size: 0, hash: null, metadata: '[]' }), ...many, parent: '/' };
    const rows = nodes.map((node) => ({ ...template, ...node, name: node.full_path.slice(1), id: randomUUID().replaceAll('-', '') }));
    const db = store.metadata.tables<BkArtifactTables>();
    for (let from = 0; from < rows.length; from += 40)
      await db
        .insertInto('bkrepo_nodes')
        .values(rows.slice(from, from + 40))
        .execute();
  });

  test.each(Object.entries(orders))('%s, has any page, and sorts a small part of them only', async (_name, [columns, direction, order]) => {
    const sorted = [...nodes].sort(order).map(({ full_path }) => full_path);
    const found = new FoundNodes(store.metadata);
    for (const offset of [0, 9_990, 12_000, 13_999, COUNT - 50]) {
      statements.length = 0;
      const page = await found.page(
        { ...many, repos: [many.repo, 'none'] },
        columns.map((column) => ({ column, direction })),
        { offset, limit: 100 },
      );
      const rows = page.rows.map(({ full_path }) => full_path);
      expect({ offset, rows, total: page.total }).toEqual({ offset, rows: sorted.slice(offset, offset + 100), total: COUNT });
      const passed = statements.filter(({ sql: text }) => / offset /.test(text)).map(({ parameters }) => Number(parameters.at(-1)));
      expect(Math.max(...passed)).toBeLessThan(10_000);
    }
  });
});

const texts = fc.constantFrom(...NAMES, 'x', '/', '/x/', '/x/a', 'pp', 'rr', 'me', '', '*', 'b*', '*a', '*a*', '/*/b', '0', '1', 'true');
const field = fc.constantFrom('name', 'fullPath', 'path', 'size', 'folder', 'sha256', 'createdBy', 'repoName', 'metadata.k', 'md5', 'none');
const operations = ['EQ', 'NE', 'LT', 'LTE', 'GT', 'GTE', 'PREFIX', 'SUFFIX', 'CONTAINS', 'MATCH', 'MATCH_I', 'NULL', 'NOT_NULL'];
const single = fc.oneof(
  fc.record({ field, value: fc.oneof(texts, fc.nat(3), fc.boolean()), operation: fc.constantFrom(...operations) }),
  fc.record({ field, value: fc.array(texts, { maxLength: 3 }), operation: fc.constantFrom('IN', 'NIN') }),
);
const rules = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    single,
    fc.record({ relation: fc.constantFrom('AND' as const, 'OR' as const, 'NOR' as const), rules: fc.array(tie('rule'), { maxLength: 3 }) }),
  ),
})).rule;

test('a search finds what looking at every node would, whatever of it the database tells', async () => {
  const all = (await new Nodes(store.metadata).list({ ...place, path: '/' }, { deep: true, includeFolder: true })).map((node) =>
    nodeInfo(node),
  );
  const sort = fc.option(
    fc.record({
      properties: fc.constantFrom<string[]>(['name'], ['size', 'name'], ['md5', 'size']),
      direction: fc.constantFrom('ASC' as const, 'DESC' as const),
    }),
  );
  await fc.assert(
    fc.asyncProperty(rules, sort, fc.record({ page: fc.nat(4), isSeen: fc.boolean() }), async (rule, order, { page, isSeen }) => {
      const model = { rule, sort: order, page: { pageNumber: page + 1, pageSize: 3 }, select: ['fullPath'] } satisfies QueryModel;
      const isVisible = isSeen ? undefined : (path: string) => path !== '/a';
      const found = all.filter((each) => matches(rule, each) && (isVisible?.(String(each['fullPath'])) ?? true));
      if (order) found.sort(orderOf(order));
      const told = await nodePage(new FoundNodes(store.metadata), { project: 'pp', sight: new Map([['rr', isVisible]]) }, model);
      // Rows that are alike in what they are sorted by come in either order.
      const key = (each: Readonly<Record<string, unknown>>) =>
        order ? order.properties.map((property) => full(each)[property]) : each['fullPath'];
      const full = (each: Readonly<Record<string, unknown>>) => all.find(({ fullPath }) => fullPath === each['fullPath']) ?? {};
      expect({ total: told.totalRecords, keys: told.records.map(key) }).toEqual({
        total: found.length,
        keys: found.slice(page * 3, page * 3 + 3).map(key),
      });
    }),
    { numRuns: 300 },
  );
});

afterEach(cleanUp);

test('orphans are found wherever they are among many blobs that are kept', async () => {
  const other = await openTestStore(tempFolder());
  await other.repositories.createRemote({
    ...unsetRemoteSettings,
    name: 'l',
    repo_type: 'local',
    package_type: 'generic',
    created_at: '',
    updated_at: '',
  });
  const db = other.metadata.tables<Tables>();
  const hashes = Array.from({ length: 6003 }, (_, index) => index.toString(16).padStart(64, '0'));
  const orphans = [0, 1999, 2000, 2001, 4001, 4002, 6002].map((index) => hashes[index] ?? '');
  for (let from = 0; from < hashes.length; from += 500) {
    const some = hashes.slice(from, from + 500);
    await db
      .insertInto('blobs')
      .values(some.map((hash) => ({ hash, size: 1, created_at: '1' })))
      .execute();
    const kept = some.filter((hash) => !orphans.includes(hash));
    await db
      .insertInto('local_files')
      .values(kept.map((hash) => ({ repo: 'l', path: hash, hash, content_type: '', metadata: '', created_at: '' })))
      .execute();
  }
  const found: string[] = [];
  for await (const batch of other.known.orphans('2')) found.push(...batch.map(({ hash }) => hash));
  expect(found).toEqual(orphans);
});

function pathsOf({ rows, total }: PageOf<{ readonly path: string }>): PageOf<string> {
  return { total, rows: rows.map(({ path }) => path) };
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(chunk);
}
