import type { Value, ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import { listOf } from '../../src/schema/define';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { startServer, type TestServer } from '../../src/testing/http-server';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';

let upstream: TestServer;
beforeAll(
  async () =>
    void (upstream = await startServer(({ path }) => (path.endsWith('/missing') ? { status: 404 } : { status: 200, text: 'fine' }))),
);
afterAll(() => upstream.stop());

/** Plans and invokes an action; what it told, and its progress. */
async function invoke(target: Target, type: string, config: ValueRecord) {
  const { provider } = await target.core();
  const names = provider.schema().actions[type]?.block.attributes.map(({ name }): [string, Value] => [name, null]) ?? [];
  const whole = { ...Object.fromEntries(names), ...config };
  const progress: string[] = [];
  const told = (diagnostics: readonly { severity: string; summary: string }[]) =>
    diagnostics.map(({ severity, summary }) => `${severity}: ${summary}`);
  const planned = told((await provider.planAction({ type, config: whole })).diagnostics);
  const signal = new AbortController().signal;
  const { diagnostics } = await provider.invokeAction({ type, config: whole, signal, progress: (line) => void progress.push(line) });
  return { planned, told: told(diagnostics), progress };
}

const each = (provider: ProviderDefinition) =>
  [false, true].map((strict) => [strict ? 'the strict registry' : 'the registry', () => registryTarget(provider, strict)] as const);

describe.each(each(artifactapi))('on %s', (_, start) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
    const remote = { package_type: 'generic', repo_type: 'remote', base_url: upstream.endpoint };
    for (const body of [
      { name: 'files', ...remote },
      { name: 'own', package_type: 'generic', repo_type: 'local' },
    ])
      expect((await target.outside('POST', '/api/v2/remotes', body)).status).toBe(201);
    expect((await target.outside('PUT', '/api/v2/remotes/own/files/a/run', { a: 1 })).status).toBeLessThan(300);
  });
  afterAll(() => target.stop());

  const fill = async (): Promise<void> => {
    for (const path of ['a/one', 'a/two', 'b/one']) await target.outside('POST', '/api/v2/probe', { remote: 'files', path });
  };
  const paths = async (repository = 'remotes/files'): Promise<string[]> => {
    const client = await target.client();
    const { items } = await client.get(`/api/v2/${repository}/objects`);
    return listOf(items)
      .map(({ path }) => String(path))
      .sort();
  };

  test('objects are evicted by pattern and by path, and by nothing else', async () => {
    await fill();
    expect(await paths()).toEqual(['a/one', 'a/two', 'b/one']);
    const byPattern = await invoke(target, 'artifactapi_evict_objects', { remote: 'files', pattern: '^a/' });
    expect(byPattern).toEqual({ planned: [], told: [], progress: ['evicted 2 objects of "files"'] });
    expect(await paths()).toEqual(['b/one']);
    await fill();
    const byPath = await invoke(target, 'artifactapi_evict_objects', { remote: 'files', paths: ['b/one', 'c'] });
    expect(byPath).toEqual({ planned: [], told: [], progress: ['evicted one object of "files"'] });
    expect(await paths()).toEqual(['a/one', 'a/two']);
    const nothing = await invoke(target, 'artifactapi_evict_objects', { remote: 'files', pattern: 'nowhere' });
    expect(nothing.told).toEqual(['warning: Nothing Evicted']);
  });

  test('files of a local are kept, which is told at plan and again before', async () => {
    const local = await invoke(target, 'artifactapi_evict_objects', { remote: 'own', pattern: '.' });
    expect(local).toEqual({ planned: ['error: Not a Remote'], told: ['error: Not a Remote'], progress: [] });
    const climbing = { remote: 'files', paths: ['../../../locals/own/objects/a/run', '../../../remotes/own/files/a/run'] };
    expect((await invoke(target, 'artifactapi_evict_objects', climbing)).told).toEqual([expect.stringMatching(/^error: /)]);
    expect(await paths('locals/own')).toEqual(['a/run']);
  });

  test('an eviction that fails says how far it came, and nothing goes on after it', async () => {
    await fill();
    target.server.fault({ kind: { status: 403, text: '{}' }, method: 'DELETE', path: /a\/one/ });
    const { told, progress } = await invoke(target, 'artifactapi_evict_objects', { remote: 'files', pattern: '.' });
    target.server.heal();
    expect(told).toEqual([expect.stringMatching(/^error: /)]);
    const left = await paths();
    expect(left).toContain('a/one');
    expect(progress).toEqual([`evicted ${3 - left.length} of 3 objects of "files"`]);
  });

  test('a remote that does not exist, and no choice of objects, are errors', async () => {
    const unknown = await invoke(target, 'artifactapi_evict_objects', { remote: 'nobody', pattern: '.' });
    expect(unknown).toEqual({ planned: [], told: ['error: Invalid Attribute Value'], progress: [] });
    const all = await invoke(target, 'artifactapi_evict_objects', { remote: 'files' });
    expect([all.planned, all.told]).toEqual([['error: Nothing to Evict'], ['error: Nothing to Evict']]);
  });

  test('a remote is probed', async () => {
    const { told, progress } = await invoke(target, 'artifactapi_probe_remote', { remote: 'files', path: 'a/one' });
    expect([told, progress.at(-1)]).toEqual([[], '"files" is reachable: the upstream responded with status 200']);
    const missing = await invoke(target, 'artifactapi_probe_remote', { remote: 'files', path: 'missing' });
    expect(missing.told).toEqual(['error: Upstream Answered 404']);
  });
});

describe.each(each(bkrepo))('BK-Repo on %s', (_, start) => {
  let target: Target;
  beforeAll(async () => {
    target = await start();
    const client = await target.client();
    const post = (path: string, body: unknown): Promise<unknown> => client.send({ method: 'POST', path, body });
    await post('/repository/api/project/create', { name: 'payments', displayName: 'Payments', description: '' });
    await post('/repository/api/repo/create', { projectId: 'payments', category: 'LOCAL', name: 'files', type: 'GENERIC' });
    for (const path of ['a/one', 'a/two', 'b/one'])
      await client.send({ method: 'PUT', path: `/generic/payments/files/${path}`, text: 'hello', contentType: 'application/octet-stream' });
  });
  afterAll(() => target.stop());

  const repository = { project: 'payments', repository: 'files' };
  const count = async (): Promise<number> => {
    const { json } = await (
      await target.client()
    ).send({ method: 'GET', path: '/repository/api/node/page/payments/files/?deep=true&includeFolder=false' });
    return (json as { data: { records: unknown[] } }).data.records.length;
  };

  test('unused files are deleted, below a path and only with force', async () => {
    const refused = await invoke(target, 'bkrepo_clean_nodes', { ...repository, before: '2099-01-01T00:00:00' });
    expect([refused.planned, refused.told]).toEqual([['error: Files Would Be Deleted'], ['error: Files Would Be Deleted']]);
    const young = await invoke(target, 'bkrepo_clean_nodes', { ...repository, unused_days: 1, force: true });
    expect([young.told, await count()]).toEqual([['warning: Nothing Deleted'], 3]);
    expect(young.progress).toEqual([
      expect.stringMatching(
        /^deleting files of payments\/files that have not been used since \d{4}-[\d-]+T[\d:]+ \(one day, and 12 hours because the time zone of the server is not known\)$/,
      ),
    ]);
    const folder = await invoke(target, 'bkrepo_clean_nodes', { ...repository, path: 'a', before: '2099-01-01T00:00:00', force: true });
    expect([folder.told, folder.progress.at(-1), await count()]).toEqual([[], 'deleted 2 files of payments/files/a, 10 bytes', 1]);
    const all = await invoke(target, 'bkrepo_clean_nodes', { ...repository, before: '2099-01-01T00:00:00', force: true });
    expect([all.told, await count()]).toEqual([[], 0]);
  });

  test.each([
    ['no age', { force: true }, 'error: No Age Given'],
    ['two ages', { force: true, unused_days: 1, before: '2026-01-01T00:00:00' }, 'error: Conflicting Attributes'],
    ['a time with a zone', { force: true, before: '2026-01-01T00:00:00Z' }, 'error: Invalid Attribute Value'],
  ])('%s is refused at plan', async (_name, config, problem) => {
    expect((await invoke(target, 'bkrepo_clean_nodes', { ...repository, ...config })).planned).toContain(problem);
  });
});
