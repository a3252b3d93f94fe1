import type { ValueRecord } from '../../../src/common/value';
import type { Core, Instance } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { refusal, said, Stand } from './stand';

let stand: Stand;
let count = 0;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const types = ['bkrepo_local_repository', 'bkrepo_composite_repository'] as const;
const fresh = (fields: ValueRecord = {}): ValueRecord => ({
  project: 'payments',
  name: `holder-${(count += 1)}`,
  type: 'GENERIC',
  ...fields,
});
const nameOf = (instance: Instance): string => String((instance.state as ValueRecord)['name']);
const exists = async (instance: Instance): Promise<unknown> =>
  stand.bk.done('GET', `/repository/api/repo/exist/payments/${nameOf(instance)}`);
const would = (type: string, instance: Instance, files: string): string =>
  `Delete Would Lose Files: ${type} "payments/${nameOf(instance)}" holds ${files}, which would be lost. Remove them first, or set force_destroy = true (in TypeScript: forceDestroy), apply that, and then delete it.`;
const upload = (instance: Instance, path: string): Promise<void> => stand.file('payments', nameOf(instance), path);
/** Deletes without a plan before, as core does with what is tainted. */
const blindly = async (core: Core, instance: Instance): ReturnType<Core['apply']> =>
  core.apply({
    ...(await (await stand.core()).plan(instance.type, instance.state as ValueRecord, instance)),
    action: 'delete',
    config: null,
  });

describe.each(types)('a delete of %s', (type) => {
  it('that holds files is refused at plan, with some of their names', async () => {
    const made = await stand.made(type, fresh());
    for (const path of ['a.txt', 'b/c.txt', 'd.txt', 'e.txt']) await upload(made, path);
    const { diagnostics } = await (await stand.core()).plan(type, null, made);
    expect(said(diagnostics)).toEqual([would(type, made, '4 files ("a.txt", "b/c.txt", "d.txt", ...)')]);
  });

  it('that got a file after the plan is refused at apply, and stays in state', async () => {
    const made = await stand.made(type, fresh());
    const core = await stand.core();
    const plan = await core.plan(type, null, made);
    expect(plan.diagnostics).toEqual([]);
    await upload(made, 'late.txt');
    const { instance, diagnostics } = await core.apply(plan);
    expect([instance, said(diagnostics)]).toEqual([made, [would(type, made, '1 file ("late.txt")')]]);
    expect(await exists(made)).toBe(true);
  });

  it('that was tainted, which shows nothing at plan, is refused at apply', async () => {
    const config = fresh();
    const made = await stand.made(type, config);
    await upload(made, 'a.txt');
    const core = await stand.core();
    const plan = await core.plan(type, config, { ...made, tainted: true });
    expect([plan.action, plan.diagnostics]).toEqual(['replace', []]);
    const { instance, diagnostics } = await core.apply(plan);
    expect([nameOf(instance as Instance), said(diagnostics)]).toEqual([nameOf(made), [would(type, made, '1 file ("a.txt")')]]);
    expect(await exists(made)).toBe(true);
  });

  it('for a replacement is refused at plan', async () => {
    const config = fresh();
    const made = await stand.made(type, config);
    await upload(made, 'a.txt');
    const { diagnostics } = await (await stand.core()).plan(type, { ...config, visibility: 'SYSTEM' }, made);
    expect(said(diagnostics)).toEqual([would(type, made, '1 file ("a.txt")')]);
  });

  it('is allowed by force_destroy in the state, not by one in the configuration alone', async () => {
    const config = fresh();
    const made = await stand.made(type, config);
    await upload(made, 'a.txt');
    const core = await stand.core();
    const change = { ...config, force_destroy: true, visibility: 'SYSTEM' };
    expect(said((await core.plan(type, change, made)).diagnostics)).toEqual([would(type, made, '1 file ("a.txt")')]);
    const forced = await stand.made(type, { ...config, force_destroy: true }, made);
    const asked = await stand.asked(async () => {
      const plan = await core.plan(type, null, forced);
      expect(await core.apply(plan)).toEqual({ instance: undefined, diagnostics: [] });
    });
    expect(asked).toEqual([
      `GET /repository/api/repo/info/payments/${nameOf(made)}`,
      `DELETE /repository/api/repo/delete/payments/${nameOf(made)}?forced=true`,
    ]);
    expect(await exists(made)).toBe(false);
  });

  it('does not count files of the same run at plan, and counts them at apply when they are still there', async () => {
    const made = await stand.made(type, fresh());
    const file = { project: 'payments', repository: nameOf(made), path: 'docs/own file.txt', content: 'own' };
    const owned = await stand.made('bkrepo_generic_file', file);
    const core = await stand.core();
    await core.refresh(owned);
    const plan = await core.plan(type, null, made);
    expect(plan.diagnostics).toEqual([]);
    const early = await core.apply(plan);
    expect([early.instance, said(early.diagnostics)]).toEqual([made, [would(type, made, '1 file ("docs/own file.txt")')]]);
    expect((await core.apply(await core.plan('bkrepo_generic_file', null, owned))).instance).toBeUndefined();
    expect(await core.apply(plan)).toEqual({ instance: undefined, diagnostics: [] });
  });

  it('counts a file of somebody else beside those of the same run', async () => {
    const made = await stand.made(type, fresh());
    const owned = await stand.made('bkrepo_generic_file', {
      project: 'payments',
      repository: nameOf(made),
      path: 'own.txt',
      content: 'own',
    });
    await upload(made, 'other.txt');
    const core = await stand.core();
    await core.refresh(owned);
    expect(said((await core.plan(type, null, made)).diagnostics)).toEqual([would(type, made, '1 file ("other.txt")')]);
  });

  it('that cannot find out what there is does not go on', async () => {
    const made = await stand.made(type, fresh());
    stand.server.fault({ kind: refusal(500, 250102), path: /node/, times: 99 });
    const core = await stand.core({ max_retries: 0 });
    expect((await core.plan(type, null, made)).diagnostics.map(({ summary }) => summary)).toEqual(['Server Error']);
    const { instance, diagnostics } = await blindly(core, made);
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([made, ['Server Error']]);
    expect(await exists(made)).toBe(true);
  });

  it('of what is gone already is done', async () => {
    const made = await stand.made(type, fresh());
    await stand.bk.done('DELETE', `/repository/api/repo/delete/payments/${nameOf(made)}`);
    expect(await blindly(await stand.core(), made)).toEqual({ instance: undefined, diagnostics: [] });
  });

  it('that the server refuses because of what came in between says what to do (251008)', async () => {
    const made = await stand.made(type, fresh());
    stand.server.fault({ kind: refusal(400, 251008), method: 'DELETE' });
    const from = stand.server.log.length;
    const { instance, diagnostics } = await blindly(await stand.core(), made);
    expect([instance, said(diagnostics)[0]]).toEqual([
      made,
      expect.stringContaining(
        'the repository holds artifacts; set force_destroy = true (in TypeScript: forceDestroy) and apply it before the delete',
      ),
    ]);
    const deletes = stand.server.log.slice(from).filter(({ method }) => method === 'DELETE');
    expect(deletes.map(({ path }) => path)).toEqual([`/repository/api/repo/delete/payments/${nameOf(made)}?forced=false`]);
  });
});

describe('types of repositories where the server counts only packages', () => {
  it('are refused for files, which the server would remove without being forced', async () => {
    const config = fresh({ type: 'MAVEN' });
    const made = await stand.made('bkrepo_local_repository', config);
    const path = 'org/example/one/1.0/one-1.0.jar';
    await stand.bk.repository('payments', 'source');
    await stand.file('payments', 'source', path);
    const from = { srcProjectId: 'payments', srcRepoName: 'source', srcFullPath: path };
    const to = { destProjectId: 'payments', destRepoName: nameOf(made), destFullPath: path };
    await stand.bk.done('POST', '/repository/api/node/copy', { body: { ...from, ...to, overwrite: false } });
    expect(await stand.bk.done('GET', `/repository/api/package/page/payments/${nameOf(made)}`)).toMatchObject({ records: [] });
    const core = await stand.core();
    const told = [would('bkrepo_local_repository', made, '1 file ("org/example/one/1.0/one-1.0.jar")')];
    expect(said((await core.plan('bkrepo_local_repository', null, made)).diagnostics)).toEqual(told);
    expect(said((await blindly(core, made)).diagnostics)).toEqual(told);
    await stand.bk.done('DELETE', `/repository/api/repo/delete/payments/${nameOf(made)}?forced=false`);
    expect(await exists(made)).toBe(false);
  });

  it('are refused for files that only one search for each repository shows, when a project has more than are looked at together', async () => {
    const [one, other] = [await stand.made('bkrepo_local_repository', fresh()), await stand.made('bkrepo_local_repository', fresh())];
    await upload(one, 'a.txt');
    const nodes = Array.from({ length: 1000 }, (_, index) => ({ projectId: 'payments', repoName: 'another', fullPath: `/${index}` }));
    const pages = Array.from({ length: 10 }, (_, page) => nodes.map((node) => ({ ...node, fullPath: `${node.fullPath}-${page}` })));
    for (const records of pages)
      stand.server.fault({ kind: { status: 200, text: JSON.stringify({ code: 0, data: { records } }) }, path: /search/ });
    const core = await stand.core();
    const plans = [];
    for (const instance of [one, other]) plans.push(said((await core.plan(instance.type, null, instance)).diagnostics));
    expect(plans).toEqual([[would('bkrepo_local_repository', one, '1 file ("a.txt")')], []]);
  });
});

it('remote, virtual and proxy repositories have only what can be fetched again, and are deleted with it', async () => {
  const config = fresh({ type: 'NPM', upstream_url: 'https://npm.example.com' });
  const made = await stand.made('bkrepo_remote_repository', config);
  const core = await stand.core();
  const asked = await stand.asked(async () =>
    expect(await core.apply(await core.plan('bkrepo_remote_repository', null, made))).toEqual({ instance: undefined, diagnostics: [] }),
  );
  expect(asked).toEqual([
    `GET /repository/api/repo/info/payments/${nameOf(made)}`,
    `DELETE /repository/api/repo/delete/payments/${nameOf(made)}?forced=true`,
  ]);
});

it('who is no administrator but made the project deletes its empty repositories', async () => {
  const [username, password] = (await stand.bk.user('maker')).split(':') as [string, string];
  const core = await stand.core({}, { username, password });
  done(await core.ensure('bkrepo_project', { name: 'own', display_name: 'Own' }));
  const made = done(await core.ensure('bkrepo_local_repository', { project: 'own', name: 'empty', type: 'GENERIC' }));
  expect(await core.apply(await core.plan('bkrepo_local_repository', null, made))).toEqual({ instance: undefined, diagnostics: [] });
});
