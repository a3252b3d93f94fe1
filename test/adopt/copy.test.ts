import { createHash } from 'node:crypto';
import { type Copied, copyFiles, type CopyRequest } from '../../src/adopt/copy/copy';
import type { ValueRecord } from '../../src/common/value';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { forwardTo, startServer } from '../../src/testing/http-server';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';

/** What the two backends call the same things. */
interface Backend {
  readonly provider: ProviderDefinition;
  readonly repositories: readonly (readonly [type: string, config: ValueRecord])[];
  /** The import id of the repository that files go to. */
  readonly id: string;
  /** Where a file is uploaded, and where it is read. */
  readonly uploads: string;
  readonly reads: string;
}

const backends: Backend[] = [
  {
    provider: artifactapi,
    repositories: [
      ['artifactapi_local_generic', { name: 'files' }],
      ['artifactapi_local_docker', { name: 'images' }],
    ],
    id: 'files',
    uploads: '/api/v2/remotes/files/files/',
    reads: '/api/v1/local/files/',
  },
  {
    provider: bkrepo,
    repositories: [
      ['bkrepo_project', { name: 'team', display_name: 'Team' }],
      ['bkrepo_local_repository', { project: 'team', name: 'files', type: 'GENERIC' }],
      ['bkrepo_local_repository', { project: 'team', name: 'charts', type: 'HELM' }],
    ],
    id: 'team/files',
    uploads: '/generic/team/files/',
    reads: '/generic/team/files/',
  },
];

const contents = { 'a.txt': 'alpha', 'deep/b c% #1.bin': 'x'.repeat(300_000), empty: '' } as const;
const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const authorization = `Basic ${Buffer.from('admin:password').toString('base64')}`;

describe.each(backends)('files of $provider.name', (backend) => {
  const { provider, id, uploads, reads } = backend;
  let from: Target;
  let to: Target;
  beforeAll(async () => {
    [from, to] = [await registryTarget(provider, false), await registryTarget(provider, false)];
    for (const target of [from, to]) for (const [type, config] of backend.repositories) await (await target.core()).ensure(type, config);
    for (const [path, text] of Object.entries(contents)) await put(from, path, text);
  });
  afterEach(async () => {
    for (const { server } of [from, to]) server.heal();
    for (const path of Object.keys(contents))
      await fetch(to.server.endpoint + uploads + encoded(path), { method: 'DELETE', headers: { authorization } });
  });
  afterAll(() => Promise.all([from.stop(), to.stop()]));

  async function put(target: Target, path: string, text: string): Promise<void> {
    const answer = await fetch(target.server.endpoint + uploads + encoded(path), {
      method: 'PUT',
      body: text,
      headers: { authorization, 'content-type': 'application/octet-stream' },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  const get = async (target: Target, path: string): Promise<string | undefined> => {
    const answer = await fetch(target.server.endpoint + reads + encoded(path), { headers: { authorization } });
    return answer.ok ? answer.text() : undefined;
  };

  async function copy(options: Partial<CopyRequest> = {}): Promise<Copied[]> {
    const handlers = await Promise.all([from, to].map(async (target) => (await target.core()).provider as ProviderHandler));
    const selection = { include: [], exclude: [] };
    const request = {
      selection,
      replace: false,
      atOnce: 2,
      dryRun: false,
      signal: new AbortController().signal,
      progress: () => undefined,
    };
    const all: Copied[] = [];
    for await (const one of copyFiles({ ...request, from: handlers[0]!, to: handlers[1]!, ...options })) all.push(one);
    return all;
  }

  const every = { files: 3, bytes: 300_005 };
  const none = { files: 0, bytes: 0 };

  test('are copied byte for byte, and skipped by the next run', async () => {
    expect(await copy({ dryRun: true })).toEqual([{ id, copied: every, present: none, leftOut: [] }]);
    expect(await get(to, 'a.txt')).toBeUndefined();
    expect(await copy()).toEqual([{ id, copied: every, present: none, leftOut: [] }]);
    for (const [path, text] of Object.entries(contents)) expect([path, await get(to, path)]).toEqual([path, text]);
    to.server.calls();
    expect(await copy()).toEqual([{ id, copied: none, present: every, leftOut: [] }]);
    expect(to.server.calls().filter((call) => !/^(GET|HEAD) /.test(call))).toEqual([]);
    expect(await copy({ selection: { include: [], exclude: [id] } })).toEqual([]);
  });

  test('are replaced where others are only if that is asked for', async () => {
    await put(to, 'a.txt', 'omega');
    const [{ copied, leftOut } = { copied: none, leftOut: [] }] = await copy();
    expect([copied.files, leftOut]).toEqual([
      2,
      [{ what: `${id}/a.txt`, why: expect.stringContaining('other content') as unknown, about: 'object' }],
    ]);
    expect(await get(to, 'a.txt')).toBe('omega');
    expect(await copy({ replace: true })).toEqual([
      { id, copied: { files: 1, bytes: 5 }, present: { files: 2, bytes: 300_000 }, leftOut: [] },
    ]);
    expect(await get(to, 'a.txt')).toBe('alpha');
  });

  test('that arrive damaged are never complete at the target', async () => {
    const pass = forwardTo(from.server.endpoint);
    const damaging = await startServer(async (got) => {
      const reply = await pass(got);
      return got.path.endsWith('a.txt') && String(reply?.text) === 'alpha' ? { ...reply!, text: 'alphe' } : reply;
    });
    const core = await from.core({ endpoint: damaging.endpoint });
    const [{ leftOut } = { leftOut: [] }] = await copy({ from: core.provider as ProviderHandler });
    await damaging.stop();
    const sha256 = createHash('sha256').update('alpha').digest('hex');
    expect(leftOut).toEqual([
      {
        what: `${id}/a.txt`,
        why: expect.stringMatching(`lists 5 bytes with the SHA-256 ${sha256}, but sends`) as unknown,
        about: 'object',
      },
    ]);
    expect(await get(to, 'a.txt')).toBeUndefined();
    expect(await get(to, 'empty')).toBe('');
  });

  test('with names that lead out of the repository are left out', async () => {
    const pass = forwardTo(from.server.endpoint);
    const lying = await startServer(async (got) => {
      const reply = await pass(got);
      return { ...reply!, text: String(reply?.text).replaceAll(/"([^"]*)a\.txt"/g, '"$1../../a.txt"') };
    });
    const core = await from.core({ endpoint: lying.endpoint });
    to.server.calls();
    const [{ copied, leftOut } = { copied: none, leftOut: [] }] = await copy({ from: core.provider as ProviderHandler });
    await lying.stop();
    expect([copied.files, leftOut.map(({ what, why }) => [what, why])]).toEqual([
      2,
      [[expect.stringMatching(/\/\.\.\/\.\.\/a\.txt$/), expect.stringContaining('was not sent')]],
    ]);
    expect(to.server.calls().filter((call) => call.includes('..'))).toEqual([]);
  });

  test('whose upload or download fails are tried again, and an answer that was lost is looked into', async () => {
    const upload = (path: string): RegExp => new RegExp(`^${uploads}${path}`);
    to.server.fault({ kind: 'lost', method: 'PUT', path: upload('a.txt') });
    to.server.fault({ kind: 'reset', method: 'PUT', path: upload('deep') });
    from.server.fault({ kind: 'truncated', method: 'GET', path: new RegExp(`^${reads}deep`) });
    expect(await copy()).toEqual([{ id, copied: every, present: none, leftOut: [] }]);
    for (const [path, text] of Object.entries(contents)) expect([path, await get(to, path)]).toEqual([path, text]);
  }, 30_000);

  test('stop when they are told to, and go on in the next run', async () => {
    const ending = new AbortController();
    const first = await copy({ atOnce: 1, signal: ending.signal, progress: ({ files }) => files === 1 && ending.abort() });
    expect(first.map(({ copied }) => copied.files)).toEqual([1]);
    expect((await copy()).map(({ copied, present }) => [copied.files, present.files])).toEqual([[2, 1]]);
  });

  test('of a repository that the target lacks stay', async () => {
    const [type] = backend.repositories.at(-2)!;
    const core = await to.core();
    const { instance } = await core.import(type, id);
    await core.apply(await core.plan(type, null, instance));
    expect(await copy()).toEqual([
      {
        id,
        copied: none,
        present: none,
        leftOut: [
          {
            what: `${type} "${id}" (3 files, 300.0 kB)`,
            why: expect.stringContaining('the target does not have it') as unknown,
            about: 'object',
          },
        ],
      },
    ]);
  });
});
