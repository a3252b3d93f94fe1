import type { ValueRecord } from '../../../src/common/value';
import { providerCore } from '../../../src/testing/target';
import { bkrepo } from '../../../src/resources/bkrepo';
import { done } from '../../../src/testing/subject';
import { readData } from '../../../src/testing/read-subject';
import { answer, said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'files');
  await stand.bk.user('alice');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const { core: offline } = providerCore(bkrepo);
const faults = async (type: string, config: ValueRecord): Promise<(string | undefined)[]> =>
  (await offline.validate(type, config)).map(({ severity, path }) => `${severity} ${path}`);

describe('#14 what the provider does not know', () => {
  it('#14 in answers does not disturb it: new fields, enums and settings', async () => {
    const config = { project: 'payments', name: 'future', type: 'NPM' };
    const made = await stand.made('bkrepo_local_repository', config);
    const info = await stand.info('payments', 'future');
    const configuration = {
      ...info.configuration,
      color: 'green',
      settings: { interceptors: [{ type: 'MOON_PHASE', rules: { phase: 'full' } }], warp: { factor: 9 } },
    };
    stand.server.fault({ kind: answer({ ...info, region: 'mars', visibility: 'GALAXY', configuration }), method: 'GET' });
    const { instance, drift, diagnostics } = await (await stand.core()).refresh(made);
    expect([drift, diagnostics]).toEqual([['visibility', 'settings', 'extra_settings'], []]);
    expect(instance?.state).toMatchObject({
      visibility: 'GALAXY',
      settings: { interceptors: [{ type: 'MOON_PHASE' }] },
      extra_settings: { warp: '{"factor":9}' },
    });
  });

  it('#14 is not written back by an update: what the server has besides stays where the update does not reach', async () => {
    const extra = { warp: { factor: 9 }, webHook: [] };
    await stand.bk.repository('payments', 'extra', { configuration: { type: 'local', settings: extra } });
    const imported = done(await (await stand.core()).import('bkrepo_local_repository', 'payments/extra'));
    await stand.made('bkrepo_local_repository', { project: 'payments', name: 'extra', type: 'GENERIC', description: 'two' }, imported);
    expect((await stand.info('payments', 'extra')).configuration).toMatchObject({ settings: extra });
  });

  const repository = { project: 'payments', name: 'one', type: 'NPM' };
  it.each<[string, ValueRecord, string]>([
    ['bkrepo_local_repository', { ...repository, type: 'npm' }, 'type'],
    ['bkrepo_local_repository', { ...repository, visibility: 'PUBLIC' }, 'visibility'],
    ['bkrepo_local_repository', { ...repository, visibility: 'PERSONAL' }, 'owner'],
    ['bkrepo_local_repository', { ...repository, quota: -1 }, 'quota'],
    ['bkrepo_local_repository', { ...repository, settings: { interceptors: [{ type: 'MOON', rules: {} }] } }, 'settings'],
    ['bkrepo_local_repository', { ...repository, settings: { receive_rate_limit: 'fast' } }, 'settings'],
    ['bkrepo_remote_repository', { ...repository, type: 'CONAN', upstream_url: 'https://conan.example.com' }, 'type'],
    ['bkrepo_proxy_repository', { ...repository, upstream_url: 'https://npm.example.com' }, 'type'],
    [
      'bkrepo_composite_repository',
      { ...repository, type: 'RPM', channels: [{ name: 'one', url: 'https://rpm.example.com' }] },
      'channels',
    ],
    ['bkrepo_permission', { project: 'payments', resource_type: 'SYSTEM', name: 'a', actions: ['READ'] }, 'resource_type'],
    ['bkrepo_permission', { project: 'payments', resource_type: 'PROJECT', name: 'a', actions: ['ADMIN'] }, 'actions'],
    ['bkrepo_repository_access_mode', { project: 'payments', repository: 'one', mode: 'LOOSE' }, 'mode'],
  ])('#14 in a configuration is an error at validation: %s %j', async (type, config, path) => {
    expect(await faults(type, config)).toEqual([`error ${path}`]);
  });
});

describe('#15 names that differ only in case', () => {
  it('#15 are two repositories, each read by itself and by list', async () => {
    const configs = ['Tools', 'tools'].map((name) => ({ project: 'payments', name, type: 'GENERIC', description: name }));
    const made = [];
    for (const config of configs) made.push(await stand.made('bkrepo_local_repository', config));
    const core = await stand.core();
    for (const instance of [...made, ...made]) expect(await core.refresh(instance)).toMatchObject({ instance, drift: [] });
  });

  it.each([
    ['bkrepo_project', 'payments', answer([{ name: 'PAYMENTS', displayName: 'Other', description: '', metadata: [] }])],
    ['bkrepo_user_token', 'alice/ci', answer([{ name: 'CI', createdAt: '2026-01-01T00:00:00', expiredAt: null }])],
    ['bkrepo_permission', 'payments/PROJECT/all', answer([{ projectId: 'payments', resourceType: 'PROJECT', permName: 'ALL' }])],
  ])('#15 are not taken for one another when a list has one of them (%s)', async (type, id, kind) => {
    stand.server.fault({ kind, method: 'GET', path: /list/ });
    stand.server.fault({ kind: answer(false), method: 'GET', path: /exist/ });
    const { instance, diagnostics } = await (await stand.core()).import(type, id);
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Nothing to Import']]);
  });

  it('#15 are not taken for one another when the server does not tell them apart', async () => {
    stand.server.fault({ kind: answer({ ...(await stand.info('payments', 'files')), name: 'Files' }), method: 'GET' });
    const { instance, diagnostics } = await (await stand.core()).import('bkrepo_local_repository', 'payments/files');
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Unexpected Answer']]);
  });
});

describe('#16 names', () => {
  const long = (length: number): string => 'a'.repeat(length);
  const cases: readonly (readonly [string, string, ValueRecord, readonly string[], readonly string[]])[] = [
    [
      'bkrepo_project',
      'name',
      { display_name: 'Any' },
      ['ab', '_a', 'a-b_C9', long(100)],
      ['a', '1ab', 'a.b', '-ab', 'a b', 'ä1', long(101), 'ab\n', ''],
    ],
    [
      'bkrepo_local_repository',
      'name',
      { project: 'ab', type: 'NPM' },
      ['ab', '_a', 'a.b-c_D9', 'a..', long(64)],
      ['a', '1ab', '.ab', 'a/b', 'a b', long(65), 'ab\n', ''],
    ],
    [
      'bkrepo_local_repository',
      'project',
      { name: 'ab', type: 'NPM' },
      ['ab', 'tenant.ab', '9.ab'],
      ['a', '.ab', 'a.b.cd', 'tenant.', '1ab'],
    ],
    [
      'bkrepo_user',
      'user_id',
      { name: 'A', password: 'x1' },
      ['ab', '9a', '_a', 'a-b@c.d', long(100)],
      ['a', 'anonymous', '-ab', '@ab', 'a b', 'a:b', 'a/b', long(101)],
    ],
    [
      'bkrepo_user_token',
      'name',
      { user: 'ab' },
      ['a', 'a b', '100%', 'ü#?&;', '...', long(200)],
      ['', '.', '..', 'a/b', ' a', 'a ', 'a\nb', long(201)],
    ],
  ];

  it.each(cases)('#16 %s.%s: what the server takes and what it does not', async (...[type, name, rest, good, bad]) => {
    for (const value of good) expect([value, await faults(type, { ...rest, [name]: value })]).toEqual([value, []]);
    for (const value of bad) expect([value, await faults(type, { ...rest, [name]: value })]).toEqual([value, [`error ${name}`]]);
  });
});

describe('#17 reads that change something on the server', () => {
  it('#17 are no drift: rows that a look at permissions makes, and modes that a look at them writes', async () => {
    const config = { project: 'payments', resource_type: 'REPO', name: 'readers', repositories: ['files'], actions: ['READ'] };
    const made = await stand.made('bkrepo_permission', config);
    await stand.bk.done('GET', '/auth/api/permission/list/inrepo?projectId=payments&repoName=files');
    await stand.bk.done('GET', '/auth/api/mode/repo/query?projectId=payments&repoName=files');
    const core = await stand.core();
    expect(await core.refresh(made)).toMatchObject({ instance: made, drift: [], diagnostics: [] });
    const mode = await core.ensure('bkrepo_repository_access_mode', { project: 'payments', repository: 'files', mode: 'DIR_CTRL' });
    expect(said(mode.diagnostics)).toEqual([]);
    expect((await core.refresh(done(mode))).drift).toEqual([]);
    expect(stand.server.log.filter(({ path }) => path.includes('inrepo'))).toEqual([]);
  });
});

describe('#18 pages', () => {
  const users = (from: number, count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ userId: `user-${String(from + index).padStart(5, '0')}`, name: 'Any' }));
  const page = (records: readonly object[]): object => ({
    pageNumber: 1,
    pageSize: 1000,
    totalRecords: -1,
    totalPages: -1,
    records,
    count: -1,
    page: 1,
  });
  const read = async (): Promise<[count: number, asked: string[]]> => {
    const core = await stand.core();
    stand.server.calls();
    const { state, errors } = await readData(core, 'bkrepo_users', {});
    expect(errors).toEqual([]);
    return [((state as ValueRecord)['users'] as unknown[]).length, stand.server.calls()];
  };
  const pages = (...numbers: number[]): string[] => numbers.map((number) => `GET /auth/api/user/page/${number}/1000`);

  it.each<[what: string, answers: readonly unknown[], count: number, asked: string[]]>([
    [
      'end with a short one, whatever the totals say',
      [page(users(0, 1000)), page(users(1000, 1000)), page(users(2000, 7))],
      2007,
      pages(1, 2, 3),
    ],
    ['end with an empty one', [page(users(0, 1000)), page([])], 1000, pages(1, 2)],
    ['end with one without records', [page(users(0, 1000)), null], 1000, pages(1, 2)],
    ['may be a plain list', [users(0, 3)], 3, pages(1)],
    ['may be a plain list that is longer than a page', [users(0, 1500)], 1500, pages(1)],
    ['may be the same each time', [users(0, 1000), users(0, 1000), users(0, 1000)], 1000, pages(1, 2)],
  ])('#18 %s', async (...[, answers, count, asked]) => {
    answers.forEach((data, index) =>
      stand.server.fault({ kind: answer(data), path: new RegExp(`/user/page/${index + 1}/1000`), times: 9 }),
    );
    expect(await read()).toEqual([count, asked]);
  });

  it('#18 begin with 1 and are no larger than what is asked for', async () => {
    const core = await stand.core();
    const config = { project: 'payments', repository: 'files', limit: 5 };
    const asked = await stand.asked(async () => expect((await readData(core, 'bkrepo_nodes', config)).errors).toEqual([]));
    expect(asked).toEqual([
      'GET /repository/api/node/page/payments/files/?pageNumber=1&pageSize=6&includeFolder=false&includeMetadata=true&deep=true',
    ]);
  });
});
