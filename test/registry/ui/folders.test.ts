import fc from 'fast-check';
import { addRemote, call, cleanUp, openTestStore, registry, tempFolder, upstream } from '../helpers';
import { CachedFolders, type FileEntry, type FolderEntry, LocalFolders } from '../../../src/registry/store/folders';
import { remoteSettings } from '../../../src/registry/store/remote-settings';
import { type Remote } from '../../../src/registry/store/repositories';
import { type Store } from '../../../src/registry/store/store';

afterEach(cleanUp);

const NOW = '2026-01-01T00:00:00.000Z';

/** Makes a remote and a local that have files of one byte at some paths; answers their names. */
async function fill(store: Store, paths: readonly string[]): Promise<{ cached: string; own: string }> {
  const { hash } = await store.blobs.receive([Buffer.from('x')] as never);
  const settings = { base_url: 'https://files.example.com', created_at: NOW, updated_at: NOW };
  const names = { cached: `cached-${(made += 1)}`, own: `own-${made}` };
  for (const [name, repo_type] of [
    [names.cached, 'remote'],
    [names.own, 'local'],
  ] as const)
    await store.repositories.createRemote({ ...remoteSettings.parse(settings), name, repo_type, package_type: 'generic', ...settings });
  const remote = (await store.repositories.remote(names.cached)) as Remote;
  const blank = { content_encoding: '', etag: '', last_modified: '', tag: '', status: 200, url: '', headers: '{}' };
  const times = { created_at: NOW, validated_at: NOW, accessed_at: NOW };
  const row = { remote: names.cached, hash, size: 1, content_type: 'text/plain', ...blank, ...times };
  for (const path of paths) {
    for (const variant of ['', 'application/json']) await store.artifacts.put(remote, { ...row, path, variant });
    await store.files.put({ repo: names.own, path, hash, content_type: 'text/plain', metadata: '', created_at: NOW });
  }
  return names;
}

let made = 0;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10));
}

type Entry = FileEntry | FolderEntry;

/** What a folder has, by the plainest way there is. */
function expected(paths: readonly string[], folder: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const path of paths) {
    if (!path.startsWith(folder)) continue;
    const slash = path.indexOf('/', folder.length);
    const entry = slash < 0 ? path : path.slice(0, slash + 1);
    found.set(entry, (found.get(entry) ?? 0) + 1);
  }
  return found;
}

async function all(folders: CachedFolders | LocalFolders, wanted: { repository: string; folder: string; limit: number }): Promise<Entry[]> {
  const { limit } = wanted;
  const entries: Entry[] = [];
  let from = '';
  for (;;) {
    const page = await folders.list({ ...wanted, from });
    expect(page.entries.length).toBeLessThanOrEqual(limit);
    if (page.next !== undefined) expect(page.entries).toHaveLength(limit);
    entries.push(...page.entries);
    if (page.next === undefined) return entries;
    from = page.next;
  }
}

const pathOf = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b', '-', '0', 'é', '😀', '%2f'), maxLength: 2 }), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter((path) => path !== '');

test('whatever the paths are, the pages of a folder have each of its files and folders once, with how much is in them', async () => {
  const store = await openTestStore(tempFolder());
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(pathOf, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (paths, limit) => {
      const names = await fill(store, paths);
      for (const folders of [new CachedFolders(store.metadata), new LocalFolders(store.metadata)]) {
        const [repository, variants] = folders instanceof CachedFolders ? ([names.cached, 2] as const) : ([names.own, 1] as const);
        const parents = paths.flatMap((path) =>
          path.split('/').map((_, at, parts) =>
            parts
              .slice(0, at)
              .map((part) => `${part}/`)
              .join(''),
          ),
        );
        for (const folder of new Set(['', ...parents])) {
          const entries = await all(folders, { repository, folder, limit });
          const wanted = expected(paths, folder);
          expect(entries.map(({ path }) => path).sort()).toEqual([...wanted.keys()].sort());
          for (const entry of entries) {
            expect(entry.size).toBe((wanted.get(entry.path) ?? 0) * variants);
            if ('files' in entry) expect(entry.files).toBe((wanted.get(entry.path) ?? 0) * variants);
          }
        }
      }
    }),
    { numRuns: 15 },
  );
  await store.close();
});

test('a folder with more files than are counted says so', async () => {
  const store = await openTestStore(tempFolder());
  const { own: repo } = await fill(store, []);
  const { hash } = await store.blobs.receive([Buffer.from('x')] as never);
  await store.metadata.transaction(async (inside) => {
    const rows = Array.from({ length: 1001 }, (_, at) => ({
      repo,
      path: `big/${at}`,
      hash,
      content_type: '',
      metadata: '',
      created_at: NOW,
    }));
    for (let at = 0; at < rows.length; at += 100)
      await inside
        .tables<{ local_files: (typeof rows)[0] }>()
        .insertInto('local_files')
        .values(rows.slice(at, at + 100))
        .execute();
  });
  const { entries } = await new LocalFolders(store.metadata).list({ repository: repo, folder: '', from: '', limit: 10 });
  expect(entries).toMatchObject([{ path: 'big/', files: 1000, hasMore: true }]);
  await store.close();
});

describe('/ui/api/', () => {
  const origin = (url: string) => ({ origin: new URL(url).origin });

  async function withCached(paths: readonly string[]) {
    const { url: base_url } = await upstream((request, response) => response.end(request.url));
    const { url } = await registry({ trafficEveryMs: 3_600_000 });
    await addRemote(url, { name: 'files', base_url });
    for (const path of paths) await call('GET', `${url}/api/v1/remote/files/${path}`);
    return url;
  }

  test('evicts what is below a folder, and nothing else', async () => {
    const url = await withCached(['a/1', 'a/b/2', 'a-/3', 'a0', 'a/b']);
    const answer = await call('DELETE', `${url}/ui/api/repositories/files/folder?path=a/`, { headers: origin(url) });
    expect([answer.status, answer.json]).toEqual([200, { evicted: 3 }]);
    const left = (await call('GET', `${url}/api/v2/remotes/files/objects`)).json as { items: { path: string }[] };
    expect(left.items.map(({ path }) => path)).toEqual(['a-/3', 'a0']);
    // What was in memory is gone, too.
    expect((await call('GET', `${url}/api/v1/remote/files/a/1`)).header('x-artifact-source')).toBe('remote');
  });

  test('never takes files of a local repository, nor a whole remote', async () => {
    const { url } = await registry();
    await addRemote(url, { name: 'own', repo_type: 'local' });
    await call('PUT', `${url}/api/v2/remotes/own/files/a/1`, { body: 'mine' });
    expect((await call('DELETE', `${url}/ui/api/repositories/own/folder?path=a/`)).status).toBe(400);
    await addRemote(url, { name: 'files', base_url: 'https://files.example.com' });
    for (const path of ['', 'a']) expect((await call('DELETE', `${url}/ui/api/repositories/files/folder?path=${path}`)).status).toBe(400);
    expect((await call('GET', `${url}/api/v1/local/own/a/1`)).text).toBe('mine');
  });

  test('tells how much came from the cache', async () => {
    const url = await withCached(['a', 'a', 'a', 'b']);
    const points = async () => ((await call('GET', `${url}/ui/api/traffic`)).json as { points: Record<string, number>[] }).points;
    // A request counts when its connection has taken the answer.
    await until(async () => ((await points())[0]?.['hit'] ?? 0) === 2);
    expect(await points()).toMatchObject([{ hit: 2, miss: 2, stale: 0 }]);
  });

  test.each([
    ['another site', 'https://evil.example', undefined],
    ['a page that may not say where it is', 'null', undefined],
    ['a site that gave its own name this address', 'http://evil.example:8000', 'evil.example:8000'],
  ])('%s cannot change anything', async (_who, from, host) => {
    const url = await withCached(['a/1']);
    const headers = { origin: from, ...(host !== undefined && { host }) };
    const { request } = await import('node:http');
    const send = (method: string, path: string, body?: string) =>
      new Promise<number>((resolve, reject) => {
        const sent = request(url + path, { method, headers }, (response) => resolve(response.resume().statusCode ?? 0));
        sent.on('error', reject).end(body);
      });
    expect(await send('DELETE', '/api/v2/remotes/files/objects/a/1')).toBe(403);
    expect(await send('DELETE', '/ui/api/repositories/files/folder?path=a/')).toBe(403);
    expect(await send('POST', '/api/v2/probe', '{"remote":"files","path":"b"}')).toBe(403);
    expect(await send('DELETE', '/api/v2/remotes/files')).toBe(403);
    const left = (await call('GET', `${url}/api/v2/remotes/files/objects`)).json as { items: { path: string }[] };
    expect(left.items.map(({ path }) => path)).toEqual(['a/1']);
  });

  test('is not there in a strict registry', async () => {
    const { url } = await registry({ strict: true });
    for (const path of ['page.js', 'api/about', 'api/traffic']) expect((await call('GET', `${url}/ui/${path}`)).status).toBe(404);
  });
});
