import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { openStore } from '../../../src/registry/store/store';
import { type Tables } from '../../../src/registry/store/tables';
import { TABLES } from '../../../src/registry/server';
import { type Bar } from '../bar';
import { medianRatio } from '../statistics';
import { type Program, registryProgram } from './programs';
import { addRepository } from './upstream';

const OBJECTS = 100_000;
const PER_PAGE = 100;
const AT_ONCE = 500;
const VERSIONS = [10, 1000];

/** Pages of a repository with 100,000 objects, and documents of npm packages with many versions. */
export async function measureLists(folder: string, { rounds }: { readonly rounds: number }): Promise<Bar[]> {
  const data = join(folder, 'lists');
  const first = await registryProgram(data);
  await addRepository(first.url, { name: 'many', package_type: 'generic', base_url: 'http://127.0.0.1:1' });
  await addRepository(first.url, { name: 'own', package_type: 'npm', repo_type: 'local' });
  await first.stop();
  await fill(data);
  const registry = await registryProgram(data);
  try {
    return [...(await pages(registry, rounds)), ...(await packuments(registry, rounds))];
  } finally {
    await registry.stop();
  }
}

/** Puts the objects straight into the store: fetching them would take minutes. */
async function fill(data: string): Promise<void> {
  const store = await openStore(data, TABLES);
  const now = new Date().toISOString();
  const blob = await store.blobs.receive(bytes('x'));
  const times = { created_at: now, validated_at: now, accessed_at: now };
  const facts = {
    content_type: 'text/plain',
    content_encoding: '',
    etag: '"x"',
    last_modified: '',
    tag: '"x"',
    status: 200,
    url: '',
    headers: '{}',
  };
  const counts = { access_count: 1, fetch_count: 1, bytes_served: 1 };
  for (let from = 0; from < OBJECTS; from += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, index) => {
      const path = createHash('md5')
        .update(String(from + index))
        .digest('hex');
      return { remote: 'many', path: `folder/${path.slice(0, 2)}/${path}.tgz`, variant: '', ...blob, ...facts, ...times, ...counts };
    });
    await store.metadata.transaction((inside) => inside.tables<Tables>().insertInto('artifacts').values(rows).execute());
  }
  for (const count of VERSIONS) {
    const { hash } = await store.blobs.receive(bytes(JSON.stringify(packageOf(count))));
    const path = `.npm/pk-${count}/package.json`;
    await store.files.put({ repo: 'own', path, hash, content_type: 'application/json', metadata: '', created_at: now });
  }
  await store.close();
}

/** What a local repository keeps of an npm package after that many publications. */
function packageOf(count: number): object {
  const name = `pk-${count}`;
  const numbers = Array.from({ length: count }, (_, index) => `1.${index}.0`);
  const versionOf = (version: string) => ({
    ...{ name, version, description: 'A package of the bench', main: 'index.js', license: 'MIT', scripts: { test: 'jest' } },
    dependencies: { one: '^1.0.0', two: '^2.0.0', three: '^3.0.0' },
    dist: { tarball: `${name}/-/${name}-${version}.tgz`, shasum: 'a'.repeat(40), integrity: `sha512-${'a'.repeat(86)}==` },
  });
  const now = new Date().toISOString();
  return {
    versions: Object.fromEntries(numbers.map((version) => [version, versionOf(version)])),
    tags: { latest: numbers.at(-1) },
    time: { created: now, modified: now, ...Object.fromEntries(numbers.map((version) => [version, now])) },
  };
}

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function pages({ url }: Program, rounds: number): Promise<Bar[]> {
  const last = OBJECTS / PER_PAGE;
  const times: Record<number, number[]> = { 1: [], [last / 2]: [], [last]: [] };
  for (let round = 0; round < rounds * 5; round++) {
    for (const [page, list] of Object.entries(times)) {
      list.push(await time(`${url}/api/v2/remotes/many/objects?page=${page}&per_page=${PER_PAGE}`));
    }
  }
  return [last / 2, last].map((page) => ({
    what: `page ${page} of ${last} of a repository's objects, time to page 1`,
    measured: medianRatio(times[page] ?? [], times[1] ?? []),
    atMost: 3,
    unit: 'x',
  }));
}

async function packuments({ url }: Program, rounds: number): Promise<Bar[]> {
  const bars: Bar[] = [];
  for (const [shape, accept] of [
    ['whole', 'application/json'],
    ['abbreviated', 'application/vnd.npm.install-v1+json'],
  ] as const) {
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds * 10; round++) {
      for (const [index, versions] of VERSIONS.entries())
        times[index]?.push(await time(`${url}/api/v1/local/own/pk-${versions}`, { accept }));
    }
    const measured = medianRatio(times[1], times[0]);
    bars.push({ what: `npm document of 1,000 versions, ${shape}, time to one of 10`, measured, atMost: 3, unit: 'x' });
  }
  return bars;
}

/** Milliseconds until an answer has come whole. */
async function time(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const started = performance.now();
  const answer = await fetch(url, { headers });
  const { byteLength } = await answer.arrayBuffer();
  if (answer.status !== 200 || byteLength < 1000) throw new Error(`${url} answered ${answer.status} with ${byteLength} bytes`);
  return performance.now() - started;
}
