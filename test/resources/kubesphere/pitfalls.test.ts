import type { ValueRecord } from '../../../src/common/value';
import { v3 } from '../../../src/resources/kubesphere/generations/v3';
import { done, freshPlan } from '../../../src/testing/subject';
import { reader } from '../../support/charts';
import { V3, V4 } from '../../support/kubesphere';
import { ADMIN, said, Stand, TYPE } from './stand';

/** What the two generations of servers do otherwise than one expects, each by its number in the list of pitfalls. */
let old: Stand;
let current: Stand;
let first: Stand;
beforeAll(async () => {
  [old, current, first] = (await Promise.all((['3.4', '4.1', '4.1.2'] as const).map((version) => Stand.start({ version })))) as [
    Stand,
    Stand,
    Stand,
  ];
});
afterAll(async () => void (await Promise.all([old, current, first].map((stand) => stand.stop()))));

const bodies = (stand: Stand, method: string, path: RegExp): unknown[] =>
  stand.server.log.filter((got) => got.method === method && path.test(got.path)).map(({ json }) => json);

it('1: the generations disagree on statuses, and answers are read alike', async () => {
  for (const stand of [old, current]) {
    const made = await stand.made({ name: 'one' });
    expect(said((await stand.ensure({ name: 'one' })).diagnostics)).toEqual([expect.stringMatching(/already exists on the server/)]);
    const escaped = await stand.ensure({ name: 'bad', url: stand.url('/none&more'), validate: false });
    expect(said(escaped.diagnostics)).toEqual([expect.stringMatching(/none&more\/index\.yaml : 404 Not Found/)]);
    const core = await stand.core();
    expect((await core.apply(await core.plan(TYPE, null, made))).diagnostics).toEqual([]);
    expect((await core.apply(await core.plan(TYPE, null, made))).diagnostics).toEqual([]);
  }
});

it('2: the parameter validate is only ever sent as true', async () => {
  for (const stand of [old, current]) {
    const quiet = await stand.asked(() => stand.made({ name: 'two-quiet', validate: false }));
    expect(quiet.filter((call) => call.includes('validate'))).toEqual([]);
    const checked = await stand.asked(() => stand.made({ name: 'two-checked' }));
    expect(checked.filter((call) => call.includes('validate'))).toEqual([expect.stringMatching(/\/repos\?validate=true$/)]);
  }
});

it('3: version 4 gets credentials in the URL alone, and version 3 tests with the former ones', async () => {
  const auth = { name: 'three', url: current.url('/auth'), username: reader.username, password_wo: reader.password, wait_for_sync: true };
  const made = await current.made(auth);
  expect(made.state).toMatchObject({ status: 'successful', url: current.url('/auth') });
  const [sent] = bodies(current, 'POST', /\/repos$/).slice(-1) as { spec: object }[];
  expect(sent?.spec).toEqual({ url: current.url('/auth').replace('//', '//ci:p%40ss%2Fw@'), syncPeriod: 0, description: '' });

  const url = old.url('/auth');
  const before = await old.made({ ...auth, url });
  // The server would take it, since the former one still works.
  const wrong = await old.ensure({ ...auth, url, password_wo: 'wrong-one' }, before);
  expect(said(wrong.diagnostics)).toEqual([expect.stringMatching(/401 Unauthorized/)]);
  // And refuse this one, since the former one no longer does.
  old.charts.password = 'rotated-one';
  const after = await old.made({ ...auth, url, password_wo: 'rotated-one' }, before);
  expect(after.state).toMatchObject({ name: 'three', status: 'successful' });
  const plan = await freshPlan(await old.core(), { ...auth, workspace: 'demo', url, password_wo: 'rotated-one' }, after);
  expect(plan.action).toBe('none');
  // The state still has the id of the repository that was replaced, and what is there goes all the same.
  const core = await old.core();
  expect(await core.apply(await core.plan(TYPE, null, after))).toEqual({ instance: undefined, diagnostics: [] });
  const { items } = (await old.ks.done('GET', `${V3}/workspaces/demo/repos?limit=-1`)) as { items: { name: string }[] };
  expect(items.filter(({ name }) => name === 'three')).toEqual([]);
  old.charts.password = reader.password;
});

it('4: without a period version 3 syncs once by itself, and version 4 is told to', async () => {
  const told = async (stand: Stand): Promise<string[]> =>
    (await stand.asked(() => stand.made({ name: 'four', wait_for_sync: true }))).filter((call) => call.endsWith('/action'));
  expect(await told(old)).toEqual([]);
  // Once more if the controller writes the object at the same time.
  expect(new Set(await told(current))).toEqual(new Set([`POST ${V4}/workspaces/demo/repos/four/action`]));
  const config = { name: 'four', workspace: 'demo', url: first.url() };
  const plan = await (await first.core()).plan(TYPE, config);
  const { instance, diagnostics } = await (await first.core()).apply(plan);
  expect(instance).toBeDefined();
  expect([...plan.diagnostics, ...diagnostics].map(({ severity, path }) => [severity, path])).toEqual([
    ['warning', 'sync_period'],
    ['warning', 'sync_on_change'],
  ]);
});

it('4: a trigger does no harm where version 4 cannot be told to sync: the period does it, and a change says so', async () => {
  const config = { name: 'triggered', sync_period: '1h', sync_trigger: 'one', wait_for_sync: true };
  const made = await first.ensure(config);
  expect(made.diagnostics).toEqual([]);
  expect(made.instance?.state).toMatchObject({ status: 'successful' });
  const changed = await first.ensure({ ...config, sync_trigger: 'two' }, made.instance);
  expect(changed.instance?.state).toMatchObject({ sync_trigger: 'two' });
  expect(said(changed.diagnostics)).toEqual([
    expect.stringMatching(
      /^sync_trigger: .*read only when sync_period has passed.*KubeSphere versions before 4\.1\.3 cannot be told to sync\. Leave sync_trigger/,
    ),
  ]);
  const again = await first.ensure({ ...config, sync_trigger: 'two' }, changed.instance);
  expect(again.diagnostics).toEqual([]);
});

it('what nobody else sees is warned of when it is made: system-workspace is for every workspace on version 4 only', async () => {
  const warned = async (stand: Stand): Promise<string[]> => {
    const config = { name: 'nobody', workspace: 'system-workspace', url: stand.url() };
    const made = await (await stand.core()).plan(TYPE, config);
    const change = await (await stand.core()).plan(TYPE, { ...config, description: 'changed' }, await stand.made(config));
    return said([...made.diagnostics, ...change.diagnostics]).filter((text) => text.startsWith('workspace'));
  };
  expect(await warned(old)).toEqual([
    expect.stringMatching(/^workspace: .*on KubeSphere 3 only members of "system-workspace" see the repository; set/),
  ]);
  expect(await warned(current)).toEqual([]);
});

it('5: a period is always sent to version 4, as an integer', async () => {
  const made = await current.made({ name: 'five' });
  const changed = await current.made({ name: 'five', sync_period: '1h' }, made);
  await current.made({ name: 'five' }, changed);
  const sent = [...bodies(current, 'POST', /\/repos$/).slice(-1), ...bodies(current, 'PATCH', /\/five$/)] as {
    spec: { syncPeriod: number };
  }[];
  const periods = sent.map(({ spec }) => spec.syncPeriod);
  // A change that meets a write of the server's controller is sent again.
  expect(periods.filter((period, index) => period !== periods[index - 1])).toEqual([0, 3600, 0]);
});

it('6: version 3 gets durations, and what it would clamp is refused', async () => {
  const made = await old.made({ name: 'six', sync_period: '3600' });
  expect(made.state).toMatchObject({ sync_period: '3600' });
  expect(bodies(old, 'POST', /\/repos$/).at(-1)).toMatchObject({ sync_period: '3600s' });
  expect(said((await old.ensure({ name: 'short', sync_period: '5s' })).diagnostics)).toEqual([expect.stringMatching(/too short/)]);
});

it('7: only the server reads an index, never the provider', async () => {
  for (const stand of [old, current]) {
    await stand.made({ name: 'seven', url: stand.url('/seven') });
    const agents = stand.charts.log.filter(({ path }) => path.startsWith('/seven')).map(({ headers }) => headers['user-agent']);
    expect(agents.length).toBeGreaterThan(0);
    expect(agents.filter((agent) => !agent?.startsWith('Helm/'))).toEqual([]);
  }
});

it.each(['p@ss/w:rd?#%', "it's (50%) & <more>+", 'ü 𐍈', 'a%2Fb'])('8: the password %s arrives, and is no drift', async (password) => {
  for (const stand of [old, current]) {
    stand.charts.password = password;
    const config = {
      name: `eight-${Buffer.from(password).toString('hex')}`.slice(0, 40),
      url: stand.url('/auth/8'),
      username: 'ci',
      password,
    };
    const made = await stand.made(config);
    const plan = await freshPlan(await stand.core(), { workspace: 'demo', ...config }, made);
    expect([plan.action, plan.drift.filter((name) => !['status', 'last_update_time'].includes(name))]).toEqual(['none', []]);
    stand.charts.password = reader.password;
  }
});

it('9: the index that version 3 keeps in the object is never read', async () => {
  const calls = await old.asked(async () => {
    const made = await old.made({ name: 'nine', wait_for_sync: true });
    await (await old.core()).refresh(made);
    expect(JSON.stringify(made.state).length).toBeLessThan(1500);
  });
  expect(calls.filter((call) => call.includes('v2alpha1'))).toEqual([]);
});

it('10: a repository of version 3 without a workspace is possible, with a warning that nobody sees it', async () => {
  const plan = await (await old.core()).plan(TYPE, { name: 'ten', workspace: '', url: old.url() });
  expect(plan.diagnostics.map(({ severity, path }) => [severity, path])).toEqual([['warning', 'workspace']]);
  const { instance } = await (await old.core()).apply(plan);
  expect(await old.ks.done('GET', `${V3}/repos`)).toMatchObject({ items: [{ name: 'ten' }] });
  expect(instance && (await (await old.core()).refresh(instance)).instance?.state).toMatchObject({ name: 'ten', workspace: '' });
});

describe('11: a token that another login revoked', () => {
  let lone: Stand;
  beforeAll(async () => void (lone = await Stand.start({ multipleLogin: false })));
  afterAll(() => lone.stop());

  // Two tokens of one second are the same.
  const nextSecond = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 1100));

  it('is replaced once, and a given one is told to be', async () => {
    const config = (name: string): ValueRecord => ({ name, workspace: 'demo', url: lone.url() });
    const core = await lone.core();
    done(await core.ensure(TYPE, config('eleven')));
    await nextSecond();
    const { json } = await lone.ks.token({ username: 'admin', password: String(ADMIN['password']) });
    const { access_token: token } = json as { access_token: string };
    await nextSecond();
    done(await core.ensure(TYPE, config('eleven-more')));
    const given = await (await lone.core({}, { token })).ensure(TYPE, config('eleven-given'));
    expect(said(given.diagnostics).at(-1)).toMatch(/another login of the same user revoked the token; give the provider a user of its own/);
    expect(JSON.stringify(given.diagnostics)).not.toContain(token);
  });
});

it('12: a replacement on version 4 warns of the applications that go with it', async () => {
  const made = await current.made({ name: 'twelve' });
  const plan = await (await current.core()).plan(TYPE, { name: 'twelve-b', workspace: 'demo', url: current.url() }, made);
  expect([plan.action, said(plan.diagnostics)]).toEqual([
    'replace',
    [expect.stringMatching(/^name: .*deletes its applications.*prevent_destroy/)],
  ]);
});

it('13: repositories of the installer are left alone', async () => {
  const nobody = undefined as never;
  await expect(v3.remove(nobody, { workspace: 'system-workspace', name: 'stable' }, 'builtin-stable')).rejects.toThrow(
    /belongs to the installer/,
  );
  const wanted = { name: 'stable', workspace: 'system-workspace' } as never;
  await expect(v3.update(nobody, { id: 'builtin-stable', wanted, source: false })).rejects.toThrow(/belongs to the installer/);
});

it('14: the display name is the annotation that the server reads', async () => {
  await current.made({ name: 'fourteen', display_name: 'Team charts' });
  const object = (await current.ks.done('GET', `${V4}/workspaces/demo/repos/fourteen`)) as { metadata: { annotations: ValueRecord } };
  expect(object.metadata.annotations).toMatchObject({ 'kubesphere.io/alias-name': 'Team charts' });
});
