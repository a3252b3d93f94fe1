import { cleanUp } from '../../helpers';
import { addRepository, addUser, after, bkRepo, paths, put, sha256, type Client } from './support';

afterEach(cleanUp);

const API = '/repository/api/node';
const deletion = (deletedNumber: number, deletedSize: number) => ({
  status: 200,
  code: 0,
  data: { deletedNumber, deletedSize, deletedTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/) as string },
});
const done = { status: 200, code: 0, data: null };
const refused = (status: number, code: number) => ({ status, code, data: null });

test('details of a file, a folder, the top, and of what is missing', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/dir/a', 'hello');
  expect(await admin.tell('GET', `${API}/detail/pp/rr/dir//a`)).toMatchObject({
    code: 0,
    data: { fullPath: '/dir/a', path: '/dir/', size: 5, sha256: sha256('hello') },
  });
  expect(await admin.tell('GET', `${API}/detail/pp/rr/dir`)).toMatchObject({
    code: 0,
    data: { fullPath: '/dir', folder: true, sha256: null, md5: null, size: 0 },
  });
  expect(await admin.tell('GET', `${API}/detail/pp/rr`)).toMatchObject({
    code: 0,
    data: { fullPath: '/', path: '/', name: '', folder: true },
  });
  expect(await admin.tell('GET', `${API}/detail/pp/rr/none`)).toEqual(refused(400, 251010));
  expect(await admin.tell('GET', `${API}/detail/pp/none/a`)).toEqual(refused(404, 251006));
});

test('a folder is made once, with those above it', async () => {
  const admin = await bkRepo();
  expect(await admin.tell('POST', `${API}/mkdir/pp/rr/a/b`)).toEqual(done);
  expect(await paths(admin)).toEqual(['/a', '/a/b']);
  await put(admin, 'rr/file', 'x');
  for (const path of ['a/b', 'a', 'file', '']) expect(await admin.tell('POST', `${API}/mkdir/pp/rr/${path}`)).toEqual(refused(400, 251012));
  expect(await admin.tell('POST', `${API}/mkdir/pp/rr/file/below`)).toEqual(refused(400, 251013));
});

test('a deletion takes all that is below and is no error the second time', async () => {
  const admin = await bkRepo();
  for (const path of ['dir/a', 'dir/sub/b', 'directory', 'Dir/c']) await put(admin, `rr/${path}`, 'xxx');
  expect(await admin.tell('DELETE', `${API}/delete/pp/rr/dir`)).toEqual(deletion(2, 6));
  expect(await admin.tell('DELETE', `${API}/delete/pp/rr/dir`)).toEqual(deletion(0, 0));
  expect(await paths(admin)).toEqual(['/Dir', '/Dir/c', '/directory']);
  for (const path of ['', '/', 'a/..'])
    expect(await admin.tell('DELETE', `${API}/delete/pp/rr/${encodeURIComponent(path)}`)).toEqual(refused(400, 250112));
});

test('up to 200 paths are deleted at once', async () => {
  const admin = await bkRepo();
  for (const path of ['a/x', 'a/y', 'b', 'c']) await put(admin, `rr/${path}`, 'x');
  expect(await admin.tell('DELETE', `${API}/batch/pp/rr`, ['/a', '/a/x', 'b', '/none'])).toEqual(deletion(3, 3));
  expect(await paths(admin)).toEqual(['/c']);
  expect(await admin.tell('DELETE', `${API}/batch/pp/rr`, [])).toEqual(refused(400, 250104));
  expect(await admin.tell('DELETE', `${API}/batch/pp/rr`, ['/c', '/'])).toEqual(refused(400, 250112));
  expect(await admin.tell('DELETE', `${API}/batch/pp/rr`, Array(201).fill('/c'))).toEqual(refused(400, 250131));
  expect(await admin.tell('DELETE', `${API}/batch/pp/rr`, Array(200).fill('/c'))).toEqual(deletion(1, 1));
});

test('a node is renamed with all that is below it, in both forms of the call', async () => {
  const admin = await bkRepo();
  for (const path of ['dir/a', 'dir/sub/b', 'taken']) await put(admin, `rr/${path}`, path);
  const rename = (fullPath: string, newFullPath: string) =>
    admin.tell('POST', `${API}/rename`, { projectId: 'pp', repoName: 'rr', fullPath, newFullPath });
  expect(await rename('/dir', '/new/place')).toEqual(done);
  expect(await paths(admin)).toEqual(['/new', '/new/place', '/new/place/a', '/new/place/sub', '/new/place/sub/b', '/taken']);
  expect((await admin.send('GET', '/generic/pp/rr/new/place/sub/b')).text).toBe('dir/sub/b');
  expect(await admin.tell('POST', `${API}/rename/pp/rr/new/place/a?newFullPath=/moved`)).toEqual(done);
  expect((await admin.send('GET', '/generic/pp/rr/moved')).text).toBe('dir/a');
  expect(await rename('/none', '/x')).toEqual(refused(400, 251010));
  expect(await rename('/moved', '/taken')).toEqual(refused(400, 251012));
  expect(await rename('/new', '/new/below')).toEqual(refused(400, 251013));
  expect(await rename('/', '/x')).toEqual(refused(400, 250112));
});

describe('moves and copies', () => {
  const transfer = (
    admin: Client,
    how: 'move' | 'copy',
    ...[srcFullPath, destFullPath, fields = {}]: [from: string, to: string, fields?: object]
  ) => admin.tell('POST', `${API}/${how}`, { srcProjectId: 'pp', srcRepoName: 'rr', srcFullPath, destFullPath, ...fields });

  test('a file goes to a new path, or into a folder under its name', async () => {
    const admin = await bkRepo();
    await put(admin, 'rr/a', 'x', { 'x-bkrepo-meta-k': 'v' });
    await put(admin, 'rr/dir/b', 'y');
    expect(await transfer(admin, 'copy', '/a', '/new/c')).toEqual(done);
    expect(await transfer(admin, 'copy', '/a', '/dir')).toEqual(done);
    expect(await transfer(admin, 'move', '/a', '/moved')).toEqual(done);
    expect(await paths(admin)).toEqual(['/dir', '/dir/a', '/dir/b', '/moved', '/new', '/new/c']);
    expect((await admin.tell('GET', `${API}/detail/pp/rr/moved`)).data).toMatchObject({ metadata: { k: 'v' }, sha256: sha256('x') });
    expect((await admin.send('GET', '/generic/pp/rr/new/c')).text).toBe('x');
  });

  test('a folder becomes a new one, or goes into one that is there', async () => {
    const admin = await bkRepo();
    for (const path of ['src/a', 'src/sub/b', 'dest/x']) await put(admin, `rr/${path}`, path);
    expect(await transfer(admin, 'copy', '/src', '/copy')).toEqual(done);
    expect(await transfer(admin, 'move', '/src', '/dest')).toEqual(done);
    const moved = ['/dest', '/dest/src', '/dest/src/a', '/dest/src/sub', '/dest/src/sub/b', '/dest/x'];
    expect(await paths(admin)).toEqual(['/copy', '/copy/a', '/copy/sub', '/copy/sub/b', ...moved]);
    expect(await transfer(admin, 'move', '/dest', '/dest/src/deeper')).toEqual(refused(400, 251013));
  });

  test('it goes to another repository', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'other' });
    await put(admin, 'rr/dir/a', 'x');
    expect(await transfer(admin, 'move', '/dir', '/there', { destProjectId: 'pp', destRepoName: 'other' })).toEqual(done);
    expect([await paths(admin), await paths(admin, 'other')]).toEqual([[], ['/there', '/there/a']]);
    expect((await admin.send('GET', '/generic/pp/other/there/a')).text).toBe('x');
  });

  test('a file in the way is 251013 unless it may be overwritten', async () => {
    const admin = await bkRepo();
    for (const path of ['a', 'b', 'dir/c']) await put(admin, `rr/${path}`, path);
    expect(await transfer(admin, 'copy', '/a', '/b')).toEqual(refused(400, 251013));
    expect(await transfer(admin, 'copy', '/dir', '/b', { overwrite: true })).toEqual(refused(400, 251013));
    expect(await transfer(admin, 'copy', '/a', '/b/c', { overwrite: true })).toEqual(refused(400, 251013));
    expect(await transfer(admin, 'copy', '/a', '/b', { overwrite: true })).toEqual(done);
    expect((await admin.send('GET', '/generic/pp/rr/b')).text).toBe('a');
    expect(await transfer(admin, 'move', '/none', '/x')).toEqual(refused(400, 251010));
    expect(await transfer(admin, 'move', '/a', '/a')).toEqual(done);
    expect(await transfer(admin, 'move', '/dir/c', '/dir')).toEqual(done);
    expect(await paths(admin)).toEqual(['/a', '/b', '/dir', '/dir/c']);
  });

  test('only repositories with files of their own take part', async () => {
    const admin = await bkRepo();
    await addRepository(admin, {
      name: 'virtual',
      category: 'VIRTUAL',
      configuration: { type: 'virtual', settings: {}, repositoryList: [] },
    });
    await put(admin, 'rr/a', 'x');
    expect(await transfer(admin, 'copy', '/a', '/b', { destRepoName: 'virtual' })).toEqual(refused(400, 250112));
    expect(await transfer(admin, 'copy', '/a', '/b', { srcRepoName: 'virtual' })).toEqual(refused(400, 250112));
  });

  test('both ends need the right to write', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'other' });
    await put(admin, 'rr/a', 'x');
    const writer = await addUser(admin, 'writer', { repos: ['rr'], actions: ['READ', 'WRITE'] });
    expect(await transfer(writer, 'copy', '/a', '/b', { destRepoName: 'other' })).toEqual(refused(403, 250113));
    expect(await transfer(writer, 'copy', '/a', '/b')).toEqual(done);
  });
});

test('the expiry of a node is changed', async () => {
  const admin = await bkRepo();
  await put(admin, 'rr/a', 'x');
  expect(await admin.tell('POST', `${API}/update/pp/rr/a`, { expires: 2 })).toEqual(done);
  expect(await admin.tell('POST', `${API}/update/pp/rr/none`, { expires: 2 })).toEqual(refused(400, 251010));
  await after(2 * 86_400_000 + 1000, async () => {
    expect(await admin.tell('GET', `${API}/detail/pp/rr/a`)).toEqual(refused(400, 251010));
  });
});

test('a folder is listed page by page', async () => {
  const admin = await bkRepo();
  for (const path of ['b.txt', 'a/x', 'a/y/z', 'c.txt']) await put(admin, `rr/${path}`, 'x', { 'x-bkrepo-meta-k': 'v' });
  const page = async (path: string, query: string) => {
    const { data } = await admin.tell('GET', `${API}/page/pp/rr/${path}?${query}`);
    const { records, ...rest } = data as { records: { fullPath: string; metadata: object }[] };
    return { records: records.map(({ fullPath }) => fullPath), ...rest };
  };
  expect(await page('', 'pageSize=2')).toEqual({
    records: ['/a', '/b.txt'],
    pageNumber: 1,
    pageSize: 2,
    totalRecords: 3,
    totalPages: 2,
    count: 3,
    page: 1,
  });
  expect(await page('', 'pageSize=2&pageNumber=2')).toMatchObject({ records: ['/c.txt'], pageNumber: 2 });
  expect(await page('', 'pageNumber=0')).toMatchObject({ records: ['/a', '/b.txt', '/c.txt'], pageNumber: 1, pageSize: 20 });
  expect(await page('', 'includeFolder=false')).toMatchObject({ records: ['/b.txt', '/c.txt'] });
  expect(await page('a', 'deep=true')).toMatchObject({ records: ['/a/x', '/a/y', '/a/y/z'], totalRecords: 3 });
  expect(await page('a', 'deep=true&sort=true')).toMatchObject({ records: ['/a/y', '/a/x', '/a/y/z'] });
  const records = async (query: string) =>
    ((await admin.tell('GET', `${API}/page/pp/rr/a?includeFolder=false&${query}`)).data as { records: unknown[] }).records;
  expect(await records('')).toMatchObject([{ fullPath: '/a/x', metadata: {}, nodeMetadata: [] }]);
  expect(await records('includeMetadata=true')).toMatchObject([{ metadata: { k: 'v' }, nodeMetadata: [{ key: 'k' }] }]);
  expect(await admin.tell('GET', `${API}/page/pp/rr/?pageSize=100001`)).toEqual(refused(400, 250105));
  expect(await admin.tell('GET', `${API}/page/pp/rr/?pageSize=0`)).toEqual(refused(500, 250102));
});

test('the size of a folder is that of its files', async () => {
  const admin = await bkRepo();
  for (const path of ['a/x', 'a/y/z']) await put(admin, `rr/${path}`, 'xxxx');
  expect((await admin.tell('GET', `${API}/size/pp/rr/a`)).data).toEqual({ subNodeCount: 3, subNodeWithoutFolderCount: 2, size: 8 });
  expect((await admin.tell('GET', `${API}/size/pp/rr/a/x`)).data).toEqual({ subNodeCount: 0, subNodeWithoutFolderCount: 0, size: 4 });
  expect((await admin.tell('GET', `${API}/size/pp/rr`)).data).toEqual({ subNodeCount: 4, subNodeWithoutFolderCount: 2, size: 8 });
  expect(await admin.tell('GET', `${API}/size/pp/rr/none`)).toEqual(refused(400, 251010));
});

test('files that were not touched since a date are cleaned up', async () => {
  const admin = await bkRepo();
  for (const path of ['a', 'dir/b']) await put(admin, `rr/${path}`, 'xx');
  expect(await admin.tell('DELETE', `${API}/clean/pp/rr?date=2020-01-01T00:00:00.000Z`)).toEqual(deletion(0, 0));
  expect(await admin.tell('DELETE', `${API}/clean/pp/rr/dir?date=2999-01-01T00:00:00`)).toEqual(deletion(1, 2));
  expect(await admin.tell('DELETE', `${API}/clean/pp/rr?date=2999-01-01T00:00:00.000Z`)).toEqual(deletion(1, 2));
  expect(await paths(admin)).toEqual(['/dir']);
  expect(await admin.tell('DELETE', `${API}/clean/pp/rr`)).toEqual(refused(400, 250103));
  expect(await admin.tell('DELETE', `${API}/clean/pp/rr?date=soon`)).toEqual(refused(500, 250102));
});

describe('what was deleted', () => {
  type Point = { id: number; fullPath: string };
  const points = async (admin: Client, path: string) => (await admin.tell('GET', `${API}/list-deleted/pp/rr/${path}`)).data as Point[];
  const restore = (admin: Client, path: string, query: string) => admin.tell('POST', `${API}/restore/pp/rr/${path}?${query}`);

  test('is listed and comes back with all that was deleted with it', async () => {
    const admin = await bkRepo();
    for (const path of ['dir/a', 'dir/sub/b']) await put(admin, `rr/${path}`, 'xx', { 'x-bkrepo-meta-k': 'v' });
    await admin.tell('DELETE', `${API}/delete/pp/rr/dir/a`);
    await after(1000, () => admin.tell('DELETE', `${API}/delete/pp/rr/dir`));
    expect(await points(admin, 'dir/a')).toEqual([
      {
        id: expect.any(Number) as number,
        fullPath: '/dir/a',
        size: 2,
        sha256: sha256('xx'),
        metadata: { k: 'v' },
        deletedBy: 'admin',
        deletedTime: expect.stringMatching(/^\d{4}-/) as string,
      },
    ]);
    const [point] = await points(admin, 'dir');
    const counts = { restoreCount: 3, skipCount: 0, conflictCount: 0 };
    expect(await restore(admin, 'dir', `deletedId=${point?.id}`)).toEqual({ status: 200, code: 0, data: { fullPath: '/dir', ...counts } });
    expect(await paths(admin)).toEqual(['/dir', '/dir/sub', '/dir/sub/b']);
    expect(await points(admin, 'dir')).toEqual([]);
  });

  test('yields to what is there now, takes its place, or fails', async () => {
    const admin = await bkRepo();
    await put(admin, 'rr/a', 'old');
    await admin.tell('DELETE', `${API}/delete/pp/rr/a`);
    await put(admin, 'rr/a', 'new');
    const [point] = await points(admin, 'a');
    expect((await restore(admin, 'a', `deletedId=${point?.id}`)).data).toEqual({
      fullPath: '/a',
      restoreCount: 0,
      skipCount: 1,
      conflictCount: 0,
    });
    expect(await restore(admin, 'a', `deletedId=${point?.id}&conflictStrategy=FAILED`)).toEqual(refused(400, 251013));
    expect((await admin.send('GET', '/generic/pp/rr/a')).text).toBe('new');
    const taken = await restore(admin, 'a', `deletedId=${point?.id}&conflictStrategy=OVERWRITE`);
    expect(taken.data).toEqual({ fullPath: '/a', restoreCount: 1, skipCount: 0, conflictCount: 1 });
    expect((await admin.send('GET', '/generic/pp/rr/a')).text).toBe('old');
    expect(await restore(admin, 'a', `deletedId=1&conflictStrategy=NONE`)).toEqual(refused(500, 250102));
    expect(await restore(admin, 'a', '')).toEqual(refused(400, 250103));
  });
});

describe('a search', () => {
  const eq = (field: string, value: unknown) => ({ field, value, operation: 'EQ' });
  const search = (who: Client, rules: unknown[], fields = {}) =>
    who.tell('POST', `${API}/search`, { rule: { relation: 'AND', rules }, ...fields });

  test('selects, sorts and pages', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'other' });
    for (const [path, build] of [
      ['rr/a', '1'],
      ['rr/dir/b', '2'],
      ['other/c', '2'],
    ] as const)
      await put(admin, path, build, { 'x-bkrepo-meta-build': build });
    const all = [eq('projectId', 'pp'), eq('folder', false)];
    const sort = { properties: ['name'], direction: 'DESC' };
    const page = { pageNumber: 1, pageSize: 2 };
    expect(await search(admin, all, { select: ['name', 'repoName', 'metadata'], sort, page })).toEqual({
      status: 200,
      code: 0,
      data: {
        ...{ pageNumber: 1, pageSize: 2, totalRecords: 3, totalPages: 2, count: 3, page: 1 },
        records: [
          ['c', 'other'],
          ['b', 'rr'],
        ].map(([name, repoName]) => ({
          ...{ name, repoName, metadata: { build: '2' } },
          nodeMetadata: [{ key: 'build', value: '2', system: false, description: null, link: null, color: null }],
        })),
      },
    });
    const names = async (rules: unknown[], url = 'search') => {
      const told = await admin.tell('POST', `${API}/${url}`, { select: ['name'], rule: { rules }, sort: { properties: ['name'] } });
      return (told.data as { records: { name: string }[] }).records.map(({ name }) => name);
    };
    expect(await names([...all, eq('metadata.build', '2')])).toEqual(['b', 'c']);
    expect(await names([...all, eq('repoName', 'rr')], 'query')).toEqual(['a', 'b']);
    expect(await names([...all, { field: 'repoName', value: ['other', 'none'], operation: 'IN' }])).toEqual(['c']);
    expect(await names([...all, { field: 'fullPath', value: '/dir/', operation: 'PREFIX' }])).toEqual(['b']);
    expect(await names([...all, { relation: 'OR', rules: [eq('name', 'a'), eq('name', 'c')] }])).toEqual(['a', 'c']);
  });

  test('must name its project', async () => {
    const admin = await bkRepo();
    expect(await search(admin, [eq('name', 'a')])).toEqual(refused(400, 250105));
    expect(await admin.tell('POST', `${API}/search`, { rule: eq('projectId', 'pp') })).toEqual(refused(400, 250105));
    expect(await admin.tell('POST', `${API}/search`, { rule: { rules: [{ ...eq('a', 1), operation: 'LIKE' }] } })).toEqual(
      refused(400, 250106),
    );
    expect(await search(admin, [eq('projectId', 'pp'), { ...eq('name', '('), operation: 'REGEX' }])).toMatchObject({ code: 0 });
    await put(admin, 'rr/a', 'x');
    expect(await search(admin, [eq('projectId', 'pp'), { ...eq('name', '('), operation: 'REGEX' }])).toEqual(refused(400, 250105));
  });

  test('leaves out what the caller may not read', async () => {
    const admin = await bkRepo();
    await addRepository(admin, { name: 'secret' });
    for (const path of ['rr/a', 'secret/b']) await put(admin, path, 'x');
    const reader = await addUser(admin, 'reader', { repos: ['rr'], actions: ['READ'] });
    const found = async (...rules: unknown[]) =>
      ((await search(reader, [eq('projectId', 'pp'), ...rules])).data as { records: { name: string }[] }).records.map(({ name }) => name);
    // Across the repositories of a project, whatever their type, only who manages it may search; a real server says so.
    expect(await search(reader, [eq('projectId', 'pp')])).toEqual(refused(403, 250113));
    expect(await search(admin, [eq('projectId', 'pp')])).toMatchObject({ status: 200, data: { totalRecords: 2 } });
    expect(await found({ field: 'repoName', value: ['other'], operation: 'NIN' })).toEqual(['a']);
    expect(await found({ field: 'repoName', value: ['rr', 'secret'], operation: 'IN' })).toEqual(['a']);
    expect(await search(reader, [eq('projectId', 'pp'), eq('repoName', 'secret')])).toEqual(refused(403, 250113));
  });
});
