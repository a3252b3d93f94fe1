import type { ValueRecord } from '../../../src/common/value';
import { done, errors } from '../../../src/testing/subject';
import { readData } from '../../../src/testing/read-subject';
import { answer, said, Stand } from './stand';

const type = 'bkrepo_repository_access_mode';
let stand: Stand;
let count = 0;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

async function repository(fields: Record<string, unknown> = {}): Promise<ValueRecord> {
  const name = `files-${(count += 1)}`;
  await stand.bk.repository('payments', name, fields);
  return { project: 'payments', repository: name };
}

/** A permission on paths, as the resource makes it. */
const onPaths = (name: unknown): ValueRecord => ({
  project: 'payments',
  resource_type: 'NODE',
  name: `on-${String(name)}`,
  repositories: [String(name)],
  include_pattern: ['/'],
  actions: ['READ'],
});

const mode = (accessControlMode: string): object => ({ id: 'f00d', accessControlMode, officeDenyGroupSet: [], bkiamv3Check: false });
const touching = (asked: readonly string[]): string[] =>
  asked.map((call) => call.replace(/\?.*$/, '')).filter((call) => /mode|inrepo/.test(call));

describe('the access mode of a repository, which it always has,', () => {
  it('is set by a create without asking for it before, which would store another, and read back', async () => {
    const config: ValueRecord = { ...(await repository()), mode: 'STRICT' };
    const asked = await stand.asked(async () => void (await stand.made(type, config)));
    expect(asked.map((call) => call.replace(/\?.*$/, ''))).toEqual([
      `GET /repository/api/repo/info/payments/${String(config['repository'])}`,
      'POST /auth/api/mode/repo/toggle',
      'GET /auth/api/mode/repo/query',
    ]);
  });

  it.each(['DIR_CTRL', 'STRICT', 'DEFAULT'])(
    'is set to STRICT where it is %s, and a second apply after a failed one is none',
    async (there) => {
      const at = await repository();
      await stand.made('bkrepo_permission', onPaths(at['repository']));
      const body = { projectId: at['project'], repoName: at['repository'], accessControlMode: there };
      await stand.bk.done('POST', '/auth/api/mode/repo/toggle', { body });
      const made = await stand.made(type, { ...at, mode: 'STRICT' });
      expect(made.state).toMatchObject({ mode: 'STRICT' });
      expect((await stand.made(type, { ...at, mode: 'STRICT' })).state).toEqual(made.state);
    },
  );

  it('is shown as drift when something else changes it, and set back', async () => {
    const config: ValueRecord = { ...(await repository()), mode: 'STRICT' };
    const made = await stand.made(type, config);
    stand.server.fault({ kind: answer(mode('DEFAULT')), method: 'GET', path: /mode\/repo\/query/ });
    const core = await stand.core();
    const { instance, drift, diagnostics } = await core.refresh(made);
    expect([drift, said(diagnostics)]).toEqual([['mode'], []]);
    expect((await core.plan(type, config, instance)).action).toBe('update');
  });

  it('can be held at DEFAULT, which a look at it would change in a repository with permissions on paths', async () => {
    const config: ValueRecord = { ...(await repository()), mode: 'DEFAULT' };
    const made = await stand.made(type, config);
    const core = await stand.core();
    expect([(await core.refresh(made)).drift, (await core.plan(type, config, made)).action]).toEqual([[], 'none']);
  });

  it.each([
    ['public', { public: true }, 'is public, and the server ignores the access mode of public repositories; set public = false'],
    ['missing', undefined, 'the server has no repository'],
  ])('is refused on a %s repository, which the server would ignore without a word', async (_, fields, words) => {
    const at = fields ? await repository(fields) : { project: 'payments', repository: 'not-there' };
    const core = await stand.core();
    const plan = await core.plan(type, { ...at, mode: 'STRICT' });
    const asked = await stand.asked(async () => {
      const { instance, diagnostics } = await core.apply(plan);
      expect([instance, said(diagnostics)]).toEqual([undefined, [expect.stringContaining(words)]]);
      expect(diagnostics[0]?.path).toBe('repository');
    });
    expect(touching(asked)).toEqual([]);
  });

  it('is asked for by no import or lookup of a repository that does not exist, for which the server would keep one', async () => {
    const core = await stand.core();
    const asked = await stand.asked(async () => {
      const { instance, diagnostics } = await core.import(type, 'payments/not-there');
      expect([instance, diagnostics.map(({ summary }) => summary)]).toEqual([undefined, ['Nothing to Import']]);
      expect((await readData(core, type, { project: 'payments', repository: 'not-there' })).errors).toHaveLength(1);
    });
    expect(touching(asked)).toEqual([]);
  });

  it('is read where answers name neither project nor repository', async () => {
    const at = await repository();
    stand.server.fault({ kind: answer(mode('STRICT')), method: 'GET', path: /mode\/repo\/query/, times: 9 });
    expect(done(await (await stand.core()).import(type, `payments/${String(at['repository'])}`)).state).toMatchObject({
      ...at,
      mode: 'STRICT',
    });
  });

  it('warns of DIR_CTRL, in which viewers of the project may write, and not of STRICT', async () => {
    const at = await repository();
    const core = await stand.core();
    const told = async (value: string): Promise<unknown> =>
      (await core.plan(type, { ...at, mode: value })).diagnostics.map(({ severity, summary, path }) => [severity, summary, path]);
    expect([await told('DIR_CTRL'), await told('STRICT')]).toEqual([[['warning', 'Viewers May Write', 'mode']], []]);
  });
});

it('reads that write are made by nothing that manages something else', async () => {
  const at = await repository();
  const asked = await stand.asked(async () => {
    const core = await stand.core();
    const name = `other-${count}`;
    const made = [
      await stand.made('bkrepo_local_repository', { project: 'payments', name, type: 'GENERIC' }),
      await stand.made('bkrepo_permission', onPaths(at['repository'])),
      await stand.made('bkrepo_role', { project: 'payments', role_id: name, name }),
      await stand.made('bkrepo_generic_file', { project: 'payments', repository: at['repository'] ?? null, path: 'a', content: 'a' }),
    ];
    for (const instance of made) {
      await core.refresh(instance);
      expect(errors((await core.apply(await core.plan(instance.type, null, instance))).diagnostics)).toEqual([]);
    }
  });
  expect(touching(asked)).toEqual([]);
});
