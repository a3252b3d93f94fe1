import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder } from '../registry/helpers';
import { describeClient } from './support';

afterEach(cleanUp);

const sha = (algorithm: string, text: string | Buffer): string => createHash(algorithm).update(text).digest('hex');
const FILES = {
  'tool/1.0.0/tool.tar.gz': 'one',
  'tool/1.1.0/tool.tar.gz': 'two',
  'tool/1.1.0/a & b <i>.txt': 'three',
  'README.md': 'four',
};

interface Listed {
  readonly name: string;
  readonly size?: number;
  readonly mtime?: string;
}

async function withFiles(
  files: Readonly<Record<string, string>> = FILES,
): Promise<{ readonly url: string; readonly root: string; readonly upload: string }> {
  const { url } = await registry();
  await addRemote(url, { name: 'files', repo_type: 'local' });
  const upload = `${url}/api/v2/remotes/files/files`;
  for (const [path, body] of Object.entries(files))
    expect((await call('PUT', `${upload}/${path.split('/').map(encodeURIComponent).join('/')}`, { body })).status).toBe(201);
  return { url, root: `${url}/api/v1/local/files`, upload };
}

/** All files below a folder, by their paths. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describeClient('wget', (wget) => {
  test('mirrors a folder by its listings, and what the listing of a virtual has of all members', async () => {
    const { url, root } = await withFiles();
    const near = await registry();
    await addRemote(near.url, { name: 'up', base_url: root });
    await addRemote(near.url, { name: 'own', repo_type: 'local' });
    await call('PUT', `${near.url}/api/v2/remotes/own/files/tool/2.0.0/tool.tar.gz`, { body: 'own' });
    await addVirtual(near.url, { name: 'all', package_type: 'generic', members: ['own', 'up'] });
    const mirrored = async (from: string) => {
      const folder = tempFolder();
      // wget ends with 8 if anything that it follows is not there.
      await wget(['-q', '-r', '-np', '-nH', '--cut-dirs=5', '-R', 'index.html*', '-e', 'robots=off', `${from}/tool/`], {
        cwd: folder,
        env: { HOME: folder },
      });
      return filesIn(folder);
    };
    const expected = ['1.0.0/tool.tar.gz', '1.1.0/a & b <i>.txt', '1.1.0/tool.tar.gz'];
    expect(await mirrored(`${url}/api/v1/local/files`)).toEqual(expected);
    expect(await mirrored(`${near.url}/api/v1/remote/up`)).toEqual(expected);
    expect(await mirrored(`${near.url}/api/v1/virtual/all`)).toEqual([...expected, '2.0.0/tool.tar.gz']);
  });
});

describeClient('curl', (curl) => {
  describeClient('sha256sum', (sha256sum) => {
    test('uploads 64 MB, resumes a download, and the checksum beside the file is right', async () => {
      const { root, upload } = await withFiles({});
      const folder = tempFolder();
      const content = randomBytes(64 << 20);
      writeFileSync(join(folder, 'big.bin'), content);
      const sent = ['-sS', '--fail-with-body', '-T', 'big.bin', '-H', `X-Checksum-Sha256: ${sha('sha256', content)}`, `${upload}/v1/`];
      await curl(sent, { cwd: folder });
      writeFileSync(join(folder, 'part.bin'), content.subarray(0, 10_000_000));
      await curl(['-sS', '--fail-with-body', '-C', '-', '-o', 'part.bin', `${root}/v1/big.bin`], { cwd: folder });
      expect(readFileSync(join(folder, 'part.bin')).equals(content)).toBe(true);
      await curl(['-sS', '--fail-with-body', '-O', `${root}/v1/big.bin.sha256`], { cwd: folder });
      expect(await sha256sum(['-c', 'big.bin.sha256'], { cwd: folder })).toBe('big.bin: OK\n');
    });
  });

  test('an upload that is not what it announces is refused, and not kept', async () => {
    const { root, upload } = await withFiles({});
    const folder = tempFolder();
    writeFileSync(join(folder, 'x'), 'content');
    const digest = (algorithm: string) => createHash(algorithm).update('other').digest('base64');
    for (const header of [
      `X-Checksum-Sha256: ${sha('sha256', 'other')}`,
      `Repr-Digest: sha-512=:${digest('sha512')}:, sha-256=:${digest('sha256')}:`,
      `Digest: SHA-256=${digest('sha256')}`,
      'X-Checksum-Sha256: abc',
    ]) {
      const said = await curl(['-sS', '-T', 'x', '-H', header, `${upload}/x`], { cwd: folder });
      expect([header, said]).toEqual([header, expect.stringMatching(/SHA-256/)]);
    }
    expect((await call('GET', `${root}/x`)).status).toBe(404);
    const right = `Content-Digest: sha-256=:${createHash('sha256').update('content').digest('base64')}:`;
    await curl(['-sS', '--fail-with-body', '-T', 'x', '-H', right, `${upload}/x`], { cwd: folder });
    expect(existsSync(join(folder, 'x'))).toBe(true);
    expect((await call('GET', `${root}/x`)).text).toBe('content');
  });
});

test('a virtual has a file of its local member, whatever an upstream has under the same path', async () => {
  const { root } = await withFiles();
  const near = await registry();
  await addRemote(near.url, { name: 'up', base_url: root });
  await addRemote(near.url, { name: 'own', repo_type: 'local' });
  await call('PUT', `${near.url}/api/v2/remotes/own/files/README.md`, { body: 'own' });
  await addVirtual(near.url, { name: 'all', package_type: 'generic', members: ['up', 'own'] });
  const text = async (path: string) => (await call('GET', `${near.url}/api/v1/virtual/all/${path}`)).text;
  expect(await text('README.md')).toBe('own');
  expect(await text('README.md.sha256')).toBe(`${sha('sha256', 'own')}  README.md\n`);
  expect(await text('tool/1.0.0/tool.tar.gz')).toBe('one');
});

test('a listing in JSON says what there is; names are no markup; a folder without files is not there', async () => {
  const { root } = await withFiles();
  const headers = { accept: 'application/json' };
  expect((await call('GET', `${root}/`, { headers })).json).toEqual([
    { name: 'tool', type: 'directory' },
    { name: 'README.md', type: 'file', size: 4, mtime: expect.any(String) as string },
  ]);
  const page = await call('GET', `${root}/tool/1.1.0/`);
  expect([page.status, page.header('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).toContain('<a href="./a%20%26%20b%20%3Ci%3E.txt">a &#38; b &#60;i&#62;.txt</a>');
  expect((await call('GET', `${root}/nothing/`)).status).toBe(404);
  const { root: hostile } = await withFiles({ 'a\u202etxt.exe': 'x', 'ad\u00admin/x': 'x' });
  const shown = (await call('GET', `${hostile}/`)).text;
  expect(shown).toContain('<a href="./a%E2%80%AEtxt.exe">a\\u202etxt.exe</a>');
  expect(shown).toContain('<a href="./ad%C2%ADmin/">ad\\u00admin/</a>');
  const { root: empty } = await withFiles({});
  expect((await call('GET', `${empty}/`)).status).toBe(200);
});

test.each(['text/html', 'application/json'])('a listing of a virtual in %s says of files what those of its members do', async (accept) => {
  const { root } = await withFiles({ 'v1/far': 'of upstream', 'v1/both': 'of upstream' });
  const near = await registry();
  await addRemote(near.url, { name: 'up', base_url: root });
  for (const [name, files] of Object.entries({ own: { near: 'own', both: 'own' }, second: { near: 'second', 'deep/file': 'x' } })) {
    await addRemote(near.url, { name, repo_type: 'local' });
    for (const [file, body] of Object.entries(files)) await call('PUT', `${near.url}/api/v2/remotes/${name}/files/v1/${file}`, { body });
  }
  for (const [name, members] of Object.entries({ one: ['own'], locals: ['own', 'second'], all: ['up', 'own', 'second'] }))
    await addVirtual(near.url, { name, package_type: 'generic', members });
  const listed = async (at: string) => {
    const { text } = await call('GET', `${at}/v1/`, { headers: { accept } });
    if (accept === 'application/json')
      return (JSON.parse(text) as Listed[]).map(({ name, mtime = '', size = '' }) => [name, mtime, `${size}`]);
    return [...text.matchAll(/>([^<]+)<\/a><\/td><td>(.*?)<\/td><td align="right">(.*?)<\/td>/g)]
      .map(([, name = '', time, size]) => [name.replace(/\/$/, ''), time, size])
      .filter(([name]) => name !== '..');
  };
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string;
  const own = await listed(`${near.url}/api/v1/local/own`);
  expect(own).toEqual([
    ['both', time, '3'],
    ['near', time, '3'],
  ]);
  const virtual = (name: string) => listed(`${near.url}/api/v1/virtual/${name}`);
  expect(await virtual('one')).toEqual(own);
  expect(await virtual('locals')).toEqual([['deep', '', ''], ...own]);
  const [, far] = await listed(root);
  expect(far).toEqual(['far', time, '11']);
  expect(await virtual('all')).toEqual([['deep', '', ''], own[0], far, own[1]]);
});

test('checksums are those of the file, unless one is stored; the strict mode has neither them nor listings', async () => {
  const { url, root, upload } = await withFiles();
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'])
    expect((await call('GET', `${root}/README.md.${algorithm}`)).text).toBe(`${sha(algorithm, 'four')}  README.md\n`);
  await call('PUT', `${upload}/README.md.sha1`, { body: 'mine' });
  expect((await call('GET', `${root}/README.md.sha1`)).text).toBe('mine');
  expect((await call('GET', `${root}/other.sha256`)).status).toBe(404);
  expect(url).not.toBe('');
  const strict = await registry({ strict: true });
  await addRemote(strict.url, { name: 'files', repo_type: 'local' });
  await call('PUT', `${strict.url}/api/v2/remotes/files/files/a/b`, { body: 'x' });
  for (const path of ['a/', 'a/b.sha256']) expect((await call('GET', `${strict.url}/api/v1/local/files/${path}`)).status).toBe(404);
});
