import type { ValueRecord } from '../../../src/common/value';
import type { Instance } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { Stand } from './stand';

const projects = ['north', 'east', 'south', 'west'];
const repositories = projects.flatMap((project) =>
  Array.from({ length: 10 }, (_, index) => ({ project, name: `packages-${index}`, type: 'GENERIC' })),
);

let stand: Stand;
beforeAll(async () => {
  stand = await Stand.start();
  for (const project of projects) await stand.bk.project(project);
});
afterAll(() => stand.stop());

/** How often each form of request was made; numbers and names are stars. */
function summed(calls: readonly string[]): Record<string, number> {
  const forms = calls.map((call) =>
    call
      .replace(/packages-\d+/, '*')
      .replace(/(north|east|south|west)/, '*')
      .replace(/\?.*$/, ''),
  );
  return Object.fromEntries([...new Set(forms)].sort().map((form) => [form, forms.filter((one) => one === form).length]));
}

describe('40 repositories in 4 projects', () => {
  let made: Instance[];

  it('are made with one list a project, and one create and one reading back each', async () => {
    const core = await stand.core();
    const plans = await Promise.all(repositories.map((config) => core.plan('bkrepo_local_repository', config)));
    const asked = await stand.asked(async () => void (made = (await Promise.all(plans.map((plan) => core.apply(plan)))).map(done)));
    expect(summed(asked)).toEqual({
      'GET /repository/api/repo/info/*/*': 40,
      'GET /repository/api/repo/list/*': 4,
      'POST /repository/api/repo/create': 40,
    });
  });

  it.each([1, 10, 40])('are read with one GET and one list a project, %i at a time', async (parallel) => {
    const core = await stand.core();
    const read: unknown[] = [];
    const asked = await stand.asked(async () => {
      for (let start = 0; start < made.length; start += parallel)
        read.push(
          ...(await Promise.all(made.slice(start, start + parallel).map((instance) => core.refresh(instance)))).map((one) => one.instance),
        );
    });
    expect(summed(asked)).toEqual({ 'GET /repository/api/repo/info/*/*': 4, 'GET /repository/api/repo/list/*': 4 });
    expect(read).toEqual(made);
  });

  it('are updated with one write and one reading back each, after one GET and one list a project that show what is there', async () => {
    const core = await stand.core();
    const plans = await Promise.all(
      repositories.map((config, index) => core.plan('bkrepo_local_repository', { ...config, description: 'two' }, made[index])),
    );
    const asked = await stand.asked(async () => void (made = (await Promise.all(plans.map((plan) => core.apply(plan)))).map(done)));
    expect(summed(asked)).toEqual({
      'GET /repository/api/repo/info/*/*': 44,
      'GET /repository/api/repo/list/*': 4,
      'POST /repository/api/repo/update/*/*': 40,
    });
  });

  it('are destroyed with one search of files a project at plan and at apply, and those that are empty are not asked', async () => {
    await stand.file('north', 'packages-3', 'a.txt');
    const core = await stand.core();
    const planned = await stand.asked(async () => {
      const plans = await Promise.all(made.map((instance) => core.plan('bkrepo_local_repository', null, instance)));
      expect(plans.flatMap(({ diagnostics }) => diagnostics.map(({ summary }) => summary))).toEqual(['Delete Would Lose Files']);
    });
    expect(summed(planned)).toEqual({ 'GET /repository/api/node/page/*/*/': 1, 'POST /repository/api/node/search': 4 });
    await stand.bk.done('DELETE', '/generic/north/packages-3/a.txt');
    const next = await stand.core();
    const plans = await Promise.all(made.map((instance) => next.plan('bkrepo_local_repository', null, instance)));
    const asked = await stand.asked(async () => {
      const applied = await Promise.all(plans.map((plan) => next.apply(plan)));
      expect(applied).toEqual(made.map(() => ({ instance: undefined, diagnostics: [] })));
    });
    expect(summed(asked)).toEqual({
      'DELETE /repository/api/repo/delete/*/*': 40,
      'GET /repository/api/repo/info/*/*': 4,
      'GET /repository/api/repo/list/*': 4,
      'POST /repository/api/node/search': 4,
    });
  });
});

it('40 projects are read with one GET and one list', async () => {
  const made: Instance[] = [];
  for (let index = 0; index < 40; index += 1)
    made.push(await stand.made('bkrepo_project', { name: `project-${index}`, display_name: `Project ${index}` }));
  const core = await stand.core();
  const asked = await stand.asked(async () => {
    for (const instance of made) expect((await core.refresh(instance)).instance).toEqual(instance);
  });
  expect(asked).toEqual(['GET /repository/api/project/list?names=project-0', 'GET /repository/api/project/list']);
});

it('40 users are read with one GET and one page, and their tokens with one list for each user', async () => {
  const made: Instance[] = [];
  const tokens: Instance[] = [];
  for (let index = 0; index < 40; index += 1)
    made.push(await stand.made('bkrepo_user', { user_id: `user-${index}`, name: 'Any', password: 'a-long-password' }));
  for (const name of ['one', 'two', 'three']) tokens.push(await stand.made('bkrepo_user_token', { user: 'user-0', name }));
  const core = await stand.core();
  const asked = await stand.asked(async () => {
    for (const instance of [...made, ...tokens]) expect((await core.refresh(instance)).instance).toEqual(instance);
  });
  expect(asked).toEqual([
    'GET /auth/api/user/userinfo/user-0',
    'GET /auth/api/user/page/1/1000',
    'GET /auth/api/user/list/token/user-0',
    'GET /auth/api/user/list/token/user-0',
  ]);
});

it('the permissions of one repository are read by its list, which is what the first one is read by too', async () => {
  await stand.bk.repository('north', 'guarded');
  const base = { project: 'north', resource_type: 'REPO', repositories: ['guarded'], actions: ['READ'] };
  const made: Instance[] = [];
  for (let index = 0; index < 20; index += 1) made.push(await stand.made('bkrepo_permission', { ...base, name: `reader-${index}` }));
  const core = await stand.core();
  const asked = await stand.asked(async () => {
    for (const instance of made) expect((await core.refresh(instance)).instance).toEqual(instance);
  });
  const list = 'GET /auth/api/permission/list?projectId=north&repoName=guarded&resourceType=REPO';
  expect(asked).toEqual([list, list]);
});

it('a permission that moved to another repository outside is looked for there, and is not gone', async () => {
  for (const name of ['first', 'second']) await stand.bk.repository('east', name);
  const config = { project: 'east', resource_type: 'REPO', name: 'movers', repositories: ['first'], actions: ['READ'] };
  const made = await stand.made('bkrepo_permission', config);
  const { id } = made.state as ValueRecord;
  await stand.bk.done('PUT', '/auth/api/permission/repo', { body: { permissionId: id, repos: ['second'] } });
  const { instance, drift } = await (await stand.core()).refresh(made);
  expect([(instance?.state as ValueRecord)['repositories'], drift]).toEqual([['second'], ['repositories']]);
});

it.each([['of the visibility SYSTEM', { visibility: 'SYSTEM' }]])(
  'a repository %s, which lists hide, is read singly and not gone',
  async (what, fields) => {
    const project = 'south';
    const hidden = await stand.made('bkrepo_local_repository', { project, name: `hidden-${what.length}`, type: 'GENERIC', ...fields });
    const shown = await stand.made('bkrepo_local_repository', { project, name: `shown-${what.length}`, type: 'GENERIC' });
    const core = await stand.core();
    const asked = await stand.asked(async () => {
      for (const instance of [shown, shown, hidden, hidden])
        expect(await core.refresh(instance)).toMatchObject({ instance, drift: [], diagnostics: [] });
    });
    expect(asked).toEqual([
      `GET /repository/api/repo/info/south/shown-${what.length}`,
      'GET /repository/api/repo/list/south',
      `GET /repository/api/repo/info/south/hidden-${what.length}`,
      `GET /repository/api/repo/info/south/hidden-${what.length}`,
    ]);
  },
);
