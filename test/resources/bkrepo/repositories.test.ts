import { UNKNOWN, type ValueRecord } from '../../../src/common/value';
import { answer, PLATFORM, refusal, said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  for (const name of ['alice', 'bob']) await stand.bk.user(name);
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

describe('a personal repository', () => {
  const personal = (name: string, owner: string): ValueRecord => ({
    ...{ project: 'payments', name, type: 'GENERIC', visibility: 'PERSONAL' },
    owner,
  });

  it.each([
    ['a user', undefined],
    ['a platform account', PLATFORM],
  ])('of somebody else than the one in whose name %s asks is refused at plan', async (_, login) => {
    const core = await stand.core({}, login);
    const { diagnostics } = await core.plan('bkrepo_local_repository', personal('theirs', 'alice'));
    expect(diagnostics.map(({ severity, path }) => [severity, path])).toEqual([['error', 'owner']]);
    expect(said(diagnostics)[0]).toContain('"owner": only "alice" could read, change or delete');
    expect(said(diagnostics)[0]).toContain('Set owner = "admin"');
  });

  it('is refused before it is made when the owner is known only then', async () => {
    const core = await stand.core();
    const config = personal('late', 'bob');
    const plan = await core.plan('bkrepo_local_repository', { ...config, owner: UNKNOWN });
    expect(said(plan.diagnostics)).toEqual([]);
    const asked = await stand.asked(async () => {
      const { instance, diagnostics } = await core.apply(plan, config);
      expect([instance, diagnostics.map(({ path }) => path)]).toEqual([undefined, ['owner']]);
    });
    expect(asked.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  it.each(['PROJECT', 'SYSTEM'])('is not what one of the visibility %s is', async (visibility) => {
    const { diagnostics } = await (await stand.core()).plan('bkrepo_local_repository', { ...personal('any', 'alice'), visibility });
    expect(said(diagnostics)).toEqual([]);
  });

  it('of the user of the provider is made', async () => {
    const made = await stand.made('bkrepo_local_repository', personal('mine', 'admin'));
    expect(made.state).toMatchObject({ owner: 'admin' });
  });
});

describe('a file that the server refuses with 405', () => {
  const refused = refusal(405, 250112, 'Request method [PUT] not allowed');
  const config = (path: string): ValueRecord => ({ project: 'payments', repository: 'files', path, content: 'content' });
  beforeAll(() => stand.bk.repository('payments', 'files'));

  it('is put again where the repository takes files, which the server remembers as another for a while', async () => {
    stand.server.fault({ kind: refused, method: 'PUT', path: /^\/generic/, times: 2 });
    await stand.made('bkrepo_generic_file', config('replaced.txt'));
    const puts = stand.server.log.filter(({ method, path }) => method === 'PUT' && path.endsWith('replaced.txt'));
    expect(puts.map(({ text }) => text)).toEqual(['content', 'content', 'content']);
  });

  it.each(['VIRTUAL', 'REMOTE'])('is not put again where the repository is %s, and the message says why', async (category) => {
    stand.server.fault({ kind: refused, method: 'PUT', path: /^\/generic/, times: 9 });
    stand.server.fault({ kind: answer({ ...(await stand.info('payments', 'files')), category }), path: /repo\/info/, times: 9 });
    const core = await stand.core();
    const asked = await stand.asked(async () => {
      const { instance, diagnostics } = await core.ensure('bkrepo_generic_file', config(`${category}.txt`));
      expect([instance, said(diagnostics)]).toEqual([
        undefined,
        [expect.stringContaining(`(a repository of the category ${category} accepts no files)`)],
      ]);
    });
    expect(asked.filter((call) => call.startsWith('PUT'))).toHaveLength(1);
  });
});

it.each(['GENERIC', 'MAVEN', 'NPM'])('a virtual repository of type %s is warned of when the server finds nothing in it', async (type) => {
  await stand.bk.repository('payments', `own-${type}`, { type });
  const config = { project: 'payments', name: `all-${type}`, type, members: [{ project: 'payments', name: `own-${type}` }] };
  const { diagnostics } = await (await stand.core()).plan('bkrepo_virtual_repository', config);
  expect(diagnostics.map(({ summary }) => summary)).toEqual(type === 'NPM' ? [] : ['Virtual Repository Finds Nothing']);
});
