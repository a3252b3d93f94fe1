import type { ValueRecord } from '../../../src/common/value';
import { done } from '../../../src/testing/subject';
import { refusal, said, Stand } from './stand';

let stand: Stand;
let count = 0;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.user('alice');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const fresh = (): ValueRecord => ({ project: 'payments', name: `try-${(count += 1)}`, type: 'GENERIC' });
const creates = (from: number): number => stand.server.log.slice(from).filter(({ path }) => path.endsWith('/create')).length;
const onServer = async (name: unknown): Promise<number> =>
  ((await stand.bk.done('GET', '/repository/api/repo/list/payments')) as { name: string }[]).filter((one) => one.name === name).length;

const overloads = [
  ['429/250124', refusal(429, 250124)],
  ['429/250129', refusal(429, 250129)],
  ['400/250124, after a hop', refusal(400, 250124)],
  ['200/250129', refusal(200, 250129)],
  ['400/250128, a lock that was not had', refusal(400, 250128)],
  ['a page with 429', { status: 429, text: '<html></html>', headers: { 'content-type': 'text/html' } }],
] as const;

describe('#19 a server that has too much to do and says not when to come again', () => {
  it.each(overloads)('#19 is asked again by reads, creates, updates and deletes after %s', async (_, kind) => {
    const config = fresh();
    const core = await stand.core();
    const twice = async <T>(method: string, path: RegExp, work: () => Promise<T>): Promise<T> => {
      stand.server.fault({ kind, method, path });
      const from = stand.server.log.length;
      const result = await work();
      const hits = stand.server.log.slice(from).filter((got) => got.method === method && path.test(got.path));
      expect(hits).toHaveLength(2);
      return result;
    };
    const made = done(await twice('POST', /repo\/create/, () => core.ensure('bkrepo_local_repository', config)));
    expect(await onServer(config['name'])).toBe(1);
    const fresh1 = await stand.core();
    expect((await twice('GET', /repo\/info/, () => fresh1.refresh(made))).instance).toEqual(made);
    const changed = { ...config, description: 'two' };
    done(await twice('POST', /repo\/update/, () => core.ensure('bkrepo_local_repository', changed, made)));
    const destroy = await core.plan('bkrepo_local_repository', null, made);
    expect(await twice('DELETE', /repo\/delete/, () => core.apply(destroy))).toEqual({ instance: undefined, diagnostics: [] });
  });

  it('#19 is not asked for ever, and the message says what to do', async () => {
    stand.server.fault({ kind: refusal(429, 250129, 'rate limit'), method: 'POST', times: 99 });
    const from = stand.server.log.length;
    const { instance, diagnostics } = await (await stand.core({ max_retries: 2 })).ensure('bkrepo_local_repository', fresh());
    expect([instance, creates(from), diagnostics.map(({ summary }) => summary)]).toEqual([undefined, 3, ['Server Busy']]);
    expect(said(diagnostics)[0]).toContain('with code 250129: rate limit (a rate limit of the server rejects the request');
    expect(said(diagnostics)[0]).toContain('An administrator can raise or remove the limit');
  });
});

describe('#20 trouble that leaves open whether something was done', () => {
  const unclear = [
    ['500/250115', refusal(500, 250115)],
    ['500/250116', refusal(500, 250116)],
    ['200/250116', refusal(200, 250116)],
    ['502', { status: 502 }],
    ['504', { status: 504 }],
    ['a broken connection', 'reset'],
  ] as const;

  it.each(unclear)('#20 a read, an update and a delete are tried again after %s', async (_, kind) => {
    const config = fresh();
    const made = await stand.made('bkrepo_local_repository', config);
    stand.server.fault({ kind, method: 'GET', path: /repo\/info/ });
    expect((await (await stand.core()).refresh(made)).instance).toEqual(made);
    stand.server.fault({ kind, method: 'POST', path: /repo\/update/ });
    await stand.made('bkrepo_local_repository', { ...config, description: 'two' }, made);
    const core = await stand.core();
    stand.server.fault({ kind, method: 'DELETE', path: /repo\/delete/ });
    expect(await core.apply(await core.plan('bkrepo_local_repository', null, made))).toEqual({ instance: undefined, diagnostics: [] });
  });

  it.each(unclear.filter(([what]) => what !== 'a broken connection'))(
    '#20 a create is looked at and not sent again after %s',
    async (_, kind) => {
      stand.server.fault({ kind, method: 'POST', path: /repo\/create/ });
      const config = fresh();
      const from = stand.server.log.length;
      const { instance, diagnostics } = await (await stand.core()).ensure('bkrepo_local_repository', config);
      expect([instance, creates(from), diagnostics.map(({ severity }) => severity)]).toEqual([undefined, 1, ['error']]);
      const looks = stand.server.log.slice(from).filter(({ path }) => path.endsWith(`info/payments/${String(config['name'])}`));
      expect([looks.length, await onServer(config['name'])]).toEqual([1, 0]);
    },
  );

  it.each<[type: string, config: () => ValueRecord, path: RegExp]>([
    ['bkrepo_project', () => ({ name: `lost-${(count += 1)}`, display_name: 'Lost' }), /project\/create/],
    [
      'bkrepo_project',
      () => ({ name: `lost-${(count += 1)}`, display_name: 'Lost', enabled: false, metadata: { deptName: 'lost' } }),
      /project\/create/,
    ],
    ['bkrepo_user', () => ({ user_id: `lost-${(count += 1)}`, name: 'Lost', password: 'a-long-password', locked: true }), /user\/create/],
    [
      'bkrepo_role',
      () => ({ project: 'payments', role_id: `lost-${(count += 1)}`, name: `Lost ${count}`, users: ['alice'] }),
      /role\/create/,
    ],
    ['bkrepo_local_repository', () => ({ ...fresh(), description: 'lost' }), /repo\/create/],
    ['bkrepo_user', () => ({ user_id: `lost-${(count += 1)}`, name: 'Lost', password: 'a-long-password' }), /user\/create/],
    ['bkrepo_role', () => ({ project: 'payments', role_id: `lost-${(count += 1)}`, name: `Lost ${count}` }), /role\/create/],
    [
      'bkrepo_permission',
      () => ({ project: 'payments', resource_type: 'PROJECT', name: `lost-${(count += 1)}`, actions: ['READ'], users: ['alice'] }),
      /permission\/create/,
    ],
  ])('#20 %s: a create whose answer is lost is taken for ours and not doubled', async (type, config, path) => {
    const given = config();
    stand.server.fault({ kind: 'lost', method: 'POST', path });
    const from = stand.server.log.length;
    const made = await stand.made(type, given);
    expect(stand.server.log.slice(from).filter((got) => path.test(got.path))).toHaveLength(1);
    expect(await (await stand.core()).refresh(made)).toMatchObject({ instance: made, drift: [] });
  });

  it('#20 a file whose upload was answered by nobody is not overwritten', async () => {
    await stand.bk.repository('payments', 'files');
    stand.server.fault({ kind: 'lost', method: 'PUT' });
    const from = stand.server.log.length;
    await stand.made('bkrepo_generic_file', { project: 'payments', repository: 'files', path: 'lost.txt', content: 'lost' });
    const puts = stand.server.log.slice(from).filter(({ method }) => method === 'PUT');
    expect(puts.map(({ headers }) => headers['x-bkrepo-overwrite'])).toEqual([undefined]);
  });

  it('#20 a create whose answer is lost is no other object that came in between', async () => {
    const config: ValueRecord = { ...fresh(), description: 'mine' };
    const core = await stand.core();
    const plan = await core.plan('bkrepo_local_repository', config);
    await core.plan('bkrepo_local_repository', config);
    stand.server.fault({ kind: { status: 504 }, method: 'POST', path: /repo\/create/ });
    stand.server.fault({ kind: { status: 200, text: '{"code":0,"data":[]}' }, method: 'GET', path: /repo\/list/ });
    await stand.bk.repository('payments', String(config['name']), { description: 'of somebody else' });
    const { instance, diagnostics } = await core.apply(plan);
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Already on the Server']]);
    expect(await stand.info('payments', String(config['name']))).toMatchObject({ description: 'of somebody else' });
  });
});

describe('#26 an object of another cluster', () => {
  it.each([
    ['update', 'POST', /repo\/update/],
    ['delete', 'DELETE', /repo\/delete/],
  ] as const)('#26 is not changed by an %s, and the message says where to', async (operation, method, path) => {
    const config = fresh();
    const made = await stand.made('bkrepo_local_repository', config);
    stand.server.fault({ kind: refusal(400, 250122, 'cross cluster'), method, path });
    const core = await stand.core();
    const from = stand.server.log.length;
    const plan = await core.plan('bkrepo_local_repository', operation === 'delete' ? null : { ...config, description: 'two' }, made);
    const { instance, diagnostics } = await core.apply(plan);
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([made, ['Refused by the Server']]);
    expect(said(diagnostics)[0]).toContain('with code 250122: cross cluster (the object belongs to another cluster; change it there)');
    expect(stand.server.log.slice(from).filter((got) => path.test(got.path))).toHaveLength(1);
  });
});
