import type { ValueRecord } from '../../../src/common/value';
import { done } from '../../../src/testing/subject';
import { answer, said, Stand } from './stand';

const type = 'bkrepo_role';
let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
  await stand.bk.repository('payments', 'files');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

/** A role as the server tells it, which never says in which repository it is. */
const told = (roleId: string, kind: 'PROJECT' | 'REPO'): object => ({
  ...{ id: `id-of-${kind}`, roleId, type: kind, name: `${kind} ${roleId}`, projectId: 'payments', repoName: null, admin: false },
  ...{ users: [], description: 'd', source: null, deptInfoList: null },
});
const detail = (roleId: string): RegExp => new RegExp(`role/detail/${roleId}/payments$`);

describe('a role of a repository, which the server tells too when it is asked for one of the project,', () => {
  it('is not imported as one of the project', async () => {
    stand.server.fault({ kind: answer(told('rr', 'REPO')), path: detail('rr'), times: 9 });
    const { instance, diagnostics } = await (await stand.core()).import(type, 'payments/rr');
    expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Nothing to Import']]);
  });

  it('does not hide the one of the project, which is then found in the list', async () => {
    stand.server.fault({ kind: answer(told('both', 'REPO')), path: detail('both'), times: 9 });
    stand.server.fault({ kind: answer([told('both', 'PROJECT')]), path: /role\/list\/payments$/, times: 9 });
    const { instance } = await (await stand.core()).import(type, 'payments/both');
    expect(instance?.state).toMatchObject({ id: 'id-of-PROJECT', name: 'PROJECT both' });
  });

  it('takes the role_id, so that none is made under another one', async () => {
    stand.server.fault({ kind: answer(told('taken', 'REPO')), path: detail('taken'), times: 9 });
    const asked = await stand.asked(async () => {
      const config = { project: 'payments', role_id: 'taken', name: 'New' };
      const { instance, diagnostics } = await (await stand.core()).ensure(type, config);
      expect([instance, diagnostics.map(({ path }) => path)]).toEqual([undefined, ['role_id']]);
      expect(said(diagnostics)[0]).toContain('has a role with the role_id "taken" ("REPO taken")');
    });
    expect(asked.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  it('is managed by its own key', async () => {
    const config: ValueRecord = { project: 'payments', role_id: 'writers', name: 'Writers', repository: 'files' };
    const made = await stand.made(type, config);
    expect(done(await (await stand.core()).import(type, 'payments/writers/files')).state).toEqual(made.state);
    expect((await (await stand.core()).import(type, 'payments/writers')).instance).toBeUndefined();
  });
});

it('an update that met no role is an error, though the server answers it with 200', async () => {
  const config = { project: 'payments', role_id: 'gone', name: 'Gone' };
  const made = await stand.made(type, config);
  const core = await stand.core();
  const plan = await core.plan(type, { ...config, name: 'Renamed' }, made);
  stand.server.fault({ kind: answer(false), method: 'PUT' });
  const { instance, diagnostics } = await core.apply(plan);
  expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([made, ['Not Found']]);
  expect(said(diagnostics)[0]).toContain('the server no longer has a role with the id');
});
