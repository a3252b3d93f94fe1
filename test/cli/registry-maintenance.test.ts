import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../registry/bkrepo/artifacts/support';
import { BuiltCommand, type RunningCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

const run = (...args: string[]) => command.run('registry', ...args);

interface Serving {
  readonly base: string;
  put(path: string, body: string): Promise<number>;
  get(path: string): Promise<string>;
  json(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

async function serve(data: string): Promise<Serving> {
  const registry: RunningCommand = command.start(['registry', '--port', '0', '--data', data]);
  const base = await registry.line(/^The registry runs at (http:\S+)/m);
  return {
    base,
    put: async (path, body) => (await fetch(`${base}/api/v2/remotes/files/files/${path}`, { method: 'PUT', body })).status,
    get: async (path) => (await fetch(`${base}/api/v1/local/files/${path}`)).text(),
    json: async (path) => (await fetch(`${base}${path}`)).json(),
    async stop() {
      registry.signal('SIGTERM');
      expect((await registry.ended).code).toBe(0);
    },
  };
}

async function configure({ base }: Serving, body: Readonly<Record<string, string>>): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const made = await fetch(`${base}/api/v2/remotes`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(made.status).toBe(201);
}

const FILES = { name: 'files', repo_type: 'local', package_type: 'generic' };

describe('repoform registry fsck', () => {
  const blob = (content: string) => join(command.folder, 'damaged/blobs/sha256', sha256(content).slice(0, 2), sha256(content));
  const fsck = async (...options: string[]) => {
    const { code, stdout, stderr } = await run('fsck', '--data', 'damaged', ...options);
    return [code, stdout.trim(), stderr.trim().split('\n').sort().join('\n')];
  };

  test('ends with 0 if nothing is wrong or all was repaired, and with 3 while problems remain, whether the registry runs or not', async () => {
    const first = await serve('damaged');
    await configure(first, FILES);
    for (const name of ['missing', 'damaged', 'whole']) expect(await first.put(name, name)).toBe(201);
    await first.stop();
    expect(await fsck('--deep')).toEqual([0, 'Checked 3 files, 19 bytes: 0 problems.', '']);

    const stray = blob('of a process that died');
    mkdirSync(join(stray, '..'), { recursive: true });
    writeFileSync(stray, 'stray');
    utimesSync(stray, new Date(0), new Date(0));
    const useless = `${sha256('of a process that died')} has 5 bytes that no file refers to`;
    expect(await fsck()).toEqual([3, 'Checked 3 files, 19 bytes: 1 problem.', useless]);
    expect(await fsck('--repair')).toEqual([0, 'Checked 3 files, 19 bytes: 0 problems, 1 repaired.', `${useless} (removed)`]);
    expect(await fsck('--repair')).toEqual([0, 'Checked 3 files, 19 bytes: 0 problems.', '']);

    rmSync(blob('missing'));
    writeFileSync(blob('damaged'), 'DAMAGED');
    const lacks = `${sha256('missing')} is missing, or has another size; used by local_files: files missing; delete the file, and upload it again if you have it`;
    const differs = `${sha256('damaged')} is damaged: its content has another digest; used by local_files: files damaged; delete the file, and upload it again if you have it`;
    expect(await fsck()).toEqual([3, 'Checked 3 files, 19 bytes: 1 problem.', lacks]);
    const both = [lacks, differs].sort().join('\n');
    expect(await fsck('--deep', '--repair')).toEqual([3, 'Checked 3 files, 19 bytes: 2 problems.', both]);

    const again = await serve('damaged');
    expect(await fsck('--deep')).toEqual([3, 'Checked 3 files, 19 bytes: 2 problems.', both]);
    for (const name of ['missing', 'damaged']) expect(await again.put(`again/${name}`, name)).toBe(201);
    expect(await fsck('--deep')).toEqual([0, 'Checked 3 files, 19 bytes: 0 problems.', '']);
    expect([await again.get('missing'), await again.get('damaged')]).toEqual(['missing', 'damaged']);
    await again.stop();
  });

  test('ends with 1 where there is no registry, and with 2 for wrong usage', async () => {
    expect(await run('fsck', '--data', 'nothing')).toMatchObject({ code: 1, stdout: '' });
    expect(await run('fsck', '--deeply')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('repoform registry export', () => {
  test('says of one file, one byte and one that is missing what it says of several', async () => {
    const registry = await serve('single');
    await configure(registry, FILES);
    expect(await registry.put('one', '1')).toBe(201);
    await registry.stop();
    expect((await run('fsck', '--data', 'single')).stdout).toBe('Checked 1 file, 1 byte: 0 problems.\n');
    const to = (file: string) => run('export', '--data', 'single', '--output', join(command.folder, file));
    expect((await to('one.tar')).stderr).toBe('Exported 1 file, 1 byte, without secrets.\n');
    rmSync(join(command.folder, 'single/blobs/sha256', sha256('1').slice(0, 2), sha256('1')));
    const missing = '; 1 is missing from the store and the archive: run "repoform registry fsck"';
    expect(await to('none.tar')).toMatchObject({ code: 3, stderr: expect.stringContaining(`without secrets${missing}.\n`) as string });
  });

  test('backs up a registry that goes on serving and taking uploads, and import makes the same of it elsewhere', async () => {
    const live = await serve('live');
    await configure(live, FILES);
    const remote = { name: 'npm', package_type: 'npm', base_url: 'https://npm.example.com', username: 'ci', password: 'a-secret-password' };
    await configure(live, remote);
    const contentOf = (path: string) => `content of ${path} `.repeat(500);
    const acknowledged: string[] = [];
    let isOver = false;
    const writers = [0, 1, 2].map(async (writer) => {
      for (let n = 0; !isOver; n++) {
        const path = `${writer}/${n}`;
        expect(await live.put(path, contentOf(path))).toBe(201);
        acknowledged.push(path);
      }
    });
    const many = (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => (acknowledged.length >= count ? resolve() : void setTimeout(look, 10));
        look();
      });
    await many(30);
    const before = [...acknowledged];
    const exported = await run('export', '--data', 'live', '--secrets', '--output', 'backup.tar');
    expect(exported).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^Exported \d+ files, .* with secrets\.\n$/) as string,
    });
    const during = acknowledged.length - before.length;
    await many(acknowledged.length + 3);
    isOver = true;
    await Promise.all(writers);
    expect(during).toBeGreaterThan(0);
    const configuration = await live.json('/api/v2/remotes');
    expect(await live.get(acknowledged.at(-1) ?? '')).toBe(contentOf(acknowledged.at(-1) ?? ''));

    expect(await run('import', 'backup.tar', '--data', 'restored')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('fsck', '--deep', '--data', 'restored')).toMatchObject({ code: 0, stderr: '' });
    const restored = await serve('restored');
    expect(await restored.json('/api/v2/remotes')).toEqual(configuration);
    const { items } = (await restored.json('/api/v2/locals/files/objects?per_page=10000')) as { items: readonly { path: string }[] };
    const paths = items.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(before));
    expect(acknowledged).toEqual(expect.arrayContaining(paths));
    for (const path of paths) expect([path, await restored.get(path)]).toEqual([path, contentOf(path)]);
    await Promise.all([live.stop(), restored.stop()]);
    expect(readdirSync(command.folder).filter((name) => name.includes('.partial-'))).toEqual([]);
  });
});

test('repoform registry migrate asks where the content of a source in PostgreSQL is', async () => {
  const { code, stdout, stderr } = await run('migrate', '--from-database-url', 'postgresql://127.0.0.1:1/none', '--data', 'moved');
  expect([code, stdout, readdirSync(command.folder).includes('moved.source')]).toEqual([2, '', false]);
  expect(stderr).toContain('say where the content of the source is: name its data folder with --from, or its bucket with --from-s3-bucket');
});
