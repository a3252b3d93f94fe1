import type { ValueRecord } from '../../../src/common/value';
import type { Core } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { answer, refusal, said, Stand } from './stand';

let stand: Stand;
beforeAll(async () => void (stand = await Stand.start({ creatorGrantDelay: 300 })));
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

const listed = async (name: string): Promise<unknown> =>
  ((await stand.bk.done('GET', `/repository/api/project/search?namePrefix=${name}`)) as { records: unknown[] }).records;

describe('#10 a project, which the server never deletes,', () => {
  const stays = (name: string, how: string): string =>
    `Project Stays on the Server: BK-Repo cannot delete projects: "${name}" is removed from the state but stays on the server${how}, and its name remains taken. To manage it again, set adopt_existing = true (in TypeScript: adoptExisting), or import it: terraform import bkrepo_project.<name in your configuration> '${name}'.`;

  it('#10 leaves the state with a warning, and is made again by an import', async () => {
    const config = { name: 'staying', display_name: 'Staying' };
    const made = await stand.made('bkrepo_project', config);
    const core = await stand.core();
    const plan = await core.plan('bkrepo_project', null, made);
    expect(said(plan.diagnostics)).toEqual([stays('staying', '')]);
    const asked = await stand.asked(async () => {
      const { instance, diagnostics } = await core.apply(plan);
      expect([instance, said(diagnostics)]).toEqual([undefined, [stays('staying', '')]]);
    });
    expect(asked).toEqual(['GET /repository/api/project/list?names=staying']);
    expect(await listed('staying')).toMatchObject([{ name: 'staying', metadata: [] }]);
    const again = await (await stand.core()).ensure('bkrepo_project', config);
    expect(said(again.diagnostics)[0]).toContain("terraform import bkrepo_project.<name in your configuration> 'staying'");
    expect(done(await (await stand.core()).import('bkrepo_project', 'staying')).state).toEqual(made.state);
  });

  it('#10 is taken over by a create that says so, and becomes what the configuration says', async () => {
    const config = { name: 'returning', display_name: 'Before', disable_on_destroy: true };
    const core = await stand.core();
    await core.apply(await core.plan('bkrepo_project', null, await stand.made('bkrepo_project', config)));
    const wanted = { ...config, display_name: 'After', metadata: { team: 'a' }, adopt_existing: true };
    const asked = await stand.asked(async () => {
      const taken = done(await (await stand.core()).ensure('bkrepo_project', wanted));
      expect(taken.state).toMatchObject({ display_name: 'After', metadata: { team: 'a' }, enabled: true });
    });
    expect(asked.filter((call) => !call.startsWith('GET'))).toEqual(['PUT /repository/api/project/returning']);
    expect(await stand.bk.done('GET', '/repository/api/project/enabled/returning')).toBe(true);
  });

  it('#10 is disabled on the server with disable_on_destroy', async () => {
    const made = await stand.made('bkrepo_project', { name: 'ending', display_name: 'Ending', disable_on_destroy: true });
    const core = await stand.core();
    const asked = await stand.asked(async () => {
      const { diagnostics } = await core.apply(await core.plan('bkrepo_project', null, made));
      expect(said(diagnostics)).toEqual([stays('ending', ', disabled')]);
    });
    expect(asked).toEqual(['GET /repository/api/project/list?names=ending', 'PUT /repository/api/project/ending/enabled?enabled=false']);
    expect(await stand.bk.done('GET', '/repository/api/project/enabled/ending')).toBe(false);
  });

  it('#10 that is gone with its database is not disabled any more', async () => {
    const made = await stand.made('bkrepo_project', { name: 'vanished', display_name: 'Vanished', disable_on_destroy: true });
    stand.server.fault({ kind: refusal(400, 251004), method: 'PUT' });
    const core = await stand.core();
    const { instance, diagnostics } = await core.apply(await core.plan('bkrepo_project', null, made));
    expect([instance, diagnostics.map(({ severity }) => severity)]).toEqual([undefined, ['warning']]);
  });

  it.each(['CODE_service', 'CLOSED_SOURCE_service'])('#10 is read, kept and imported when no list shows it (%s)', async (name) => {
    const config = { name, display_name: 'Hidden' };
    const made = await stand.made('bkrepo_project', config);
    expect(await stand.bk.done('GET', `/repository/api/project/list?names=${name}`)).toEqual([]);
    expect(await (await stand.core()).refresh(made)).toMatchObject({ instance: made, drift: [], diagnostics: [] });
    expect(done(await (await stand.core()).import('bkrepo_project', name)).state).toEqual(made.state);
    const again = await (await stand.core()).ensure('bkrepo_project', config);
    expect(again.diagnostics.map(({ summary }) => summary)).toEqual(['Already on the Server']);
  });

  it('#10 is taken over, too, when no list shows it', async () => {
    const config = { name: 'CODE_adopted', display_name: 'Before' };
    const made = await stand.made('bkrepo_project', config);
    const wanted = { ...config, display_name: 'After', adopt_existing: true };
    const adopted = done(await (await stand.core()).ensure('bkrepo_project', wanted));
    expect(adopted.state).toMatchObject({ display_name: 'After' });
    expect((await (await stand.core()).refresh(made)).drift).toEqual(['display_name']);
  });
});

describe('#3 a project that is not in the list', () => {
  it('#3 is not gone when the caller lost the right to see it', async () => {
    const made = await stand.made('bkrepo_project', { name: 'guarded', display_name: 'Guarded' });
    const [username, password] = (await stand.bk.user('outsider')).split(':') as [string, string];
    const { instance, diagnostics } = await (await stand.core({}, { username, password })).refresh(made);
    expect(instance).toEqual(made);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Not Allowed']);
    expect(diagnostics[0]?.detail).toContain('the project "guarded" exists, but the provider\'s user has no access to it');
  });

  it('#3 is not gone when the server does not know who asks (400/250202)', async () => {
    const made = await stand.made('bkrepo_project', { name: 'anonymous', display_name: 'Anonymous' });
    const { instance, diagnostics } = await (await stand.core({}, {})).refresh(made);
    expect([instance, diagnostics.map(({ severity }) => severity)]).toEqual([made, ['error']]);
    expect(diagnostics[0]?.detail).toContain('code 250202');
  });
});

describe('#11 the rights of a creator come a moment later', () => {
  let core: Core;
  beforeAll(async () => {
    const [username, password] = (await stand.bk.user('maker')).split(':') as [string, string];
    core = await stand.core({}, { username, password });
  });

  it('#11 a project and a repository in it are made one after the other by who is no administrator', async () => {
    const project = done(await core.ensure('bkrepo_project', { name: 'young', display_name: 'Young' }));
    expect(project.state).toMatchObject({ name: 'young', project_id: 'young' });
    const repository = { project: 'young', name: 'first', type: 'GENERIC', description: 'mine' };
    expect(done(await core.ensure('bkrepo_local_repository', repository)).state).toMatchObject({ name: 'first', description: 'mine' });
    const file = { project: 'young', repository: 'first', path: 'hello.txt', content: 'hello' };
    done(await core.ensure('bkrepo_generic_file', file));
  });

  it.each([
    ['403/250113', refusal(403, 250113)],
    ['404/251006', refusal(404, 251006)],
    ['data null', answer(null)],
  ])('#11 a repository is read again after %s', async (what, kind) => {
    await stand.bk.project('grown').catch(() => undefined);
    const name = `again-${what.replace(/\W/g, '-')}`;
    stand.server.fault({ kind, method: 'GET', path: /repo\/info/, times: 2 });
    const made = await stand.made('bkrepo_local_repository', { project: 'grown', name, type: 'GENERIC' });
    expect([
      (made.state as ValueRecord)['name'],
      stand.server.log.filter(({ path }) => path.endsWith(`info/grown/${name}`)).length,
    ]).toEqual([name, 3]);
  });
});

describe('what was made but not completed is kept, so that nothing is orphaned', () => {
  it('a repository that cannot be read back', async () => {
    await stand.bk.project('halves').catch(() => undefined);
    stand.server.fault({ kind: refusal(500, 250102), method: 'GET', path: /repo\/info/, times: 10 });
    const config = { project: 'halves', name: 'half', type: 'GENERIC' };
    const { instance, diagnostics } = await (await stand.core({ max_retries: 0 })).ensure('bkrepo_local_repository', config);
    stand.server.heal();
    expect([instance?.tainted, (instance?.state as ValueRecord)['name']]).toEqual([true, 'half']);
    expect(diagnostics[0]?.detail).toContain(
      'Cannot complete bkrepo_local_repository "halves/half", which was created and is kept in the state as tainted (untaint it, or apply again to replace it)',
    );
    const core = await stand.core();
    const next = done(await core.ensure('bkrepo_local_repository', config, instance));
    expect([next.tainted, await core.refresh(next)]).toMatchObject([undefined, { instance: next, drift: [] }]);
  });

  it('a user whom the server does not promote', async () => {
    const config = { user_id: 'chief', name: 'Chief', password: 'a-long-password', admin: true };
    const { instance, diagnostics } = await (await stand.core()).ensure('bkrepo_user', config);
    expect([instance?.tainted, (instance?.state as ValueRecord)['user_id'], diagnostics.map(({ summary }) => summary)]).toEqual([
      true,
      'chief',
      ['Not Allowed'],
    ]);
    expect(await stand.bk.done('GET', '/auth/api/user/userinfo/chief')).toMatchObject({ userId: 'chief', admin: false });
  });

  it('a project whose switches are not set, which can only be untainted', async () => {
    stand.server.fault({ kind: refusal(500, 250102), method: 'PUT', times: 10 });
    const config = { name: 'halved', display_name: 'Halved', enabled: false };
    const { instance, diagnostics } = await (await stand.core({ max_retries: 0 })).ensure('bkrepo_project', config);
    expect(instance?.tainted).toBe(true);
    expect(diagnostics[0]?.detail).toContain('kept in the state as tainted (untaint it and apply again)');
  });

  it('a role whose members are not set', async () => {
    await stand.bk.project('halves').catch(() => undefined);
    await stand.bk.user('member');
    stand.server.fault({ kind: refusal(500, 250102), method: 'PUT', times: 10 });
    const config = { project: 'halves', role_id: 'half', name: 'Half', users: ['member'] };
    const { instance } = await (await stand.core({ max_retries: 0 })).ensure('bkrepo_role', config);
    expect([instance?.tainted, (instance?.state as ValueRecord)['role_id']]).toEqual([true, 'half']);
  });
});
