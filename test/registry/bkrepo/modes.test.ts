import { TestBkRepo } from '../../support/bkrepo';

let bk: TestBkRepo;
let alice: string;
beforeEach(async () => {
  bk = await TestBkRepo.start();
  await bk.project('pp');
  await bk.repository('pp', 'files');
  alice = await bk.user('alice');
});
afterEach(() => bk.stop());

const PERMISSIONS = '/auth/api/permission';
const MODES = '/auth/api/mode/repo';
type Fields = Record<string, unknown>;

const permission = (fields: Fields) => {
  const body = { resourceType: 'REPO', projectId: 'pp', permName: 'p1', createBy: 'admin', updatedBy: 'admin', ...fields };
  return bk.done('POST', `${PERMISSIONS}/create`, { body });
};
const may = async (fields: Fields): Promise<unknown> => {
  const body = { uid: 'alice', resourceType: 'REPO', action: 'READ', projectId: 'pp', repoName: 'files', ...fields };
  return bk.done('POST', `${PERMISSIONS}/check`, { body });
};

describe('the access mode', () => {
  const toggle = (fields: Fields) => bk.done('POST', `${MODES}/toggle`, { body: { projectId: 'pp', repoName: 'files', ...fields } });
  const query = (name = 'files') => bk.done('GET', `${MODES}/query?projectId=pp&repoName=${name}`);
  const DEFAULT = { accessControlMode: 'DEFAULT', officeDenyGroupSet: [], bkiamv3Check: false };

  test('is made by looking and changed by toggling (11.17)', async () => {
    const seen = (await query()) as Fields;
    expect(seen).toEqual({ ...DEFAULT, id: expect.stringMatching(/^[0-9a-f]{24}$/) as string });
    expect(await query()).toEqual(seen);
    const strict = { accessControlMode: 'STRICT', officeDenyGroupSet: ['g'], bkiamv3Check: true };
    expect(await toggle(strict)).toEqual({ ...seen, ...strict });
    expect(await query()).toEqual({ ...seen, ...strict });
    expect((await bk.call('GET', `${MODES}/query?projectId=pp&repoName=files`, { as: alice })).code).toBe(250236);
    const wrong = { projectId: 'pp', repoName: 'files', accessControlMode: 'OPEN' };
    expect((await bk.call('POST', `${MODES}/toggle`, { body: wrong })).code).toBe(250106);
  });

  test('that is not said is DEFAULT', async () => {
    const seen = (await toggle({ accessControlMode: 'STRICT', officeDenyGroupSet: ['g'] })) as Fields;
    expect(await toggle({})).toEqual({ ...seen, ...DEFAULT });
  });

  test('of a repository with a permission on paths is DIR_CTRL at the first look, which stores it; a permission alone is none', async () => {
    await permission({ resourceType: 'NODE', repos: ['files'], users: ['alice'], actions: ['WRITE'], includePattern: ['/a'] });
    const mayWrite = () => may({ resourceType: 'NODE', action: 'WRITE', path: '/a/x' });
    expect(await mayWrite()).toBe(false);
    expect(await query()).toMatchObject({ accessControlMode: 'DIR_CTRL' });
    expect(await mayWrite()).toBe(true);
    await bk.done('DELETE', '/repository/api/repo/delete/pp/files');
    expect(await query()).toMatchObject({ accessControlMode: 'DIR_CTRL' });
  });

  test('lets viewers write only where a permission on some path makes the server look', async () => {
    const members = { permissionId: 'project_view', projectId: 'pp', userId: ['alice'] };
    await bk.done('PUT', `${PERMISSIONS}/user`, { body: members });
    await toggle({ accessControlMode: 'DIR_CTRL' });
    const mayWrite = (path: string) => may({ resourceType: 'NODE', action: 'WRITE', path });
    expect([await mayWrite('/b'), await may({ resourceType: 'NODE', action: 'DOWNLOAD', path: '/b' })]).toEqual([false, true]);
    await permission({ resourceType: 'NODE', repos: ['files'], users: ['bob1'], actions: ['WRITE'], includePattern: ['/a'] });
    expect([await mayWrite('/b'), await mayWrite('/a/x'), await mayWrite('/Personal/bob1')]).toEqual([true, false, false]);
  });

  test('of a public or a missing repository does not change, in silence', async () => {
    await bk.repository('pp', 'open', { public: true });
    for (const repoName of ['open', 'none']) {
      expect(await toggle({ repoName, accessControlMode: 'STRICT' })).toMatchObject({ accessControlMode: 'DEFAULT' });
      expect(await query(repoName)).toMatchObject({ accessControlMode: 'DEFAULT' });
    }
  });

  test('decides whether permissions on paths count; patterns are prefixes, and an inclusion wins', async () => {
    const paths = { includePattern: ['/a/'], excludePattern: ['/a/secret'] };
    await permission({ resourceType: 'NODE', repos: ['files'], users: ['alice'], actions: ['WRITE'], ...paths });
    const mayWrite = (path: string) => may({ resourceType: 'NODE', action: 'WRITE', path });
    expect(await mayWrite('/a/x')).toBe(false);
    await toggle({ accessControlMode: 'DIR_CTRL' });
    expect([await mayWrite('/a/x'), await mayWrite('/a/secrets'), await mayWrite('/b')]).toEqual([true, true, false]);
    expect(await may({ resourceType: 'NODE', action: 'READ', path: '/a/x' })).toBe(false);
    await toggle({ accessControlMode: 'DEFAULT' });
    expect(await mayWrite('/a/x')).toBe(false);
  });

  test('STRICT lets permissions on repositories of packages count for their files, but not of files', async () => {
    await bk.repository('pp', 'packages', { type: 'NPM' });
    await permission({ repos: ['files', 'packages'], users: ['alice'], actions: ['WRITE'] });
    const mayWrite = (repoName: string) => may({ resourceType: 'NODE', action: 'WRITE', path: '/a', repoName });
    for (const repoName of ['files', 'packages']) await toggle({ accessControlMode: 'STRICT', repoName });
    expect([await mayWrite('files'), await mayWrite('packages')]).toEqual([false, true]);
  });
});
