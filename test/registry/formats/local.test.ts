import { connect } from 'node:net';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { sdist, upload } from './python-files';

afterEach(cleanUp);

const put = (url: string, path: string, body = 'content') => call('PUT', `${url}/api/v2/remotes/l/files/${path}`, { body });

test('a file is uploaded once, downloaded, listed and deleted', async () => {
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'l', repo_type: 'local' });
  const uploaded = await put(url, 'dir/a%20b.txt');
  expect([uploaded.status, uploaded.json]).toMatchObject([201, { repo: 'l', path: 'dir/a b.txt', size: 7 }]);
  const twice = await put(url, 'dir/a%20b.txt', 'other');
  expect([twice.status, twice.text]).toEqual([409, 'file "dir/a b.txt" already exists in "l"\n']);
  expect((await call('GET', `${url}/api/v1/local/l/dir/a%20b.txt`)).text).toBe('content');
  const head = await call('HEAD', `${url}/api/v1/local/l/dir/a%20b.txt`);
  expect([head.status, head.header('content-length')]).toEqual([200, '7']);
  expect((await call('GET', `${url}/api/v2/locals/l/objects`)).json).toMatchObject({
    items: [{ path: 'dir/a b.txt', size: 7, access_count: 0, fetch_count: 0 }],
    total: 1,
  });
  expect((await call('DELETE', `${url}/api/v2/remotes/l/files/dir/a%20b.txt`)).status).toBe(204);
  expect((await call('DELETE', `${url}/api/v2/remotes/l/files/dir/a%20b.txt`)).status).toBe(404);
  await put(url, 'x');
  expect((await call('DELETE', `${url}/api/v2/locals/l/objects/x`)).status).toBe(204);
  expect((await call('GET', `${url}/api/v1/local/l/x`)).text).toBe('file "x" not found in "l"\n');
});

test.each([
  ['rpm', 'a.rpm', 'a.txt'],
  ['terraform', 'ns/aws/terraform-provider-aws_1.0.0_linux_amd64.zip', 'ns/gcp/terraform-provider-aws_1.0.0_linux_amd64.zip'],
  ['pypi', 'my_pkg-1.0-py3-none-any.whl', 'notes.txt'],
])('a %s repository takes %s and refuses %s', async (package_type, good, bad) => {
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'l', package_type, repo_type: 'local' });
  expect((await put(url, good)).status).toBe(201);
  expect((await put(url, good)).status).toBe(409);
  const refused = await put(url, bad);
  expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/^invalid file name: /)]);
});

test('a remote takes no uploads', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'r', base_url: 'http://example.com' });
  const answer = await call('PUT', `${url}/api/v2/remotes/r/files/x`, { body: 'x' });
  expect([answer.status, answer.text]).toEqual([400, 'repository "r" is not local; files cannot be uploaded to it\n']);
});

test('a local pypi repository has simple pages, and a virtual merges them with those of a remote', async () => {
  const pages: Record<string, string> = {
    '/simple/my-pkg/':
      '<a href="../../files/my_pkg-1.0.tar.gz#sha256=00">my_pkg-1.0.tar.gz</a><a data-yanked="" href="https://cdn.example.com/my_pkg-2.0.tar.gz">my_pkg-2.0.tar.gz</a>',
    '/simple/': '<a href="/simple/my-pkg/">My.Pkg</a><a href="/simple/zed/">zed</a>',
  };
  const remote = await upstream((request, response) => response.end(pages[request.url ?? ''] ?? ''));
  const { url } = await registry({ strict: true });
  await addRemote(url, { name: 'l', package_type: 'pypi', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: remote.url });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['l', 'r'] });
  const uploaded = (await put(url, 'My_Pkg-1.0.tar.gz')).json as { path: string; sha256: string };
  expect(uploaded.path).toBe('my-pkg/My_Pkg-1.0.tar.gz');
  const own = `<a href="${url}/api/v1/local/l/my-pkg/My_Pkg-1.0.tar.gz#sha256=${uploaded.sha256}">My_Pkg-1.0.tar.gz</a>`;
  expect((await call('GET', `${url}/api/v1/local/l/simple/my-pkg/`)).text).toContain(own);
  expect((await call('GET', `${url}/api/v1/local/l/simple/`)).text).toContain(`<a href="${url}/api/v1/local/l/simple/my-pkg/">my-pkg</a>`);
  expect((await call('GET', `${url}/api/v1/local/l/simple/none/`)).status).toBe(404);
  expect((await call('GET', `${url}/api/v1/local/l/my-pkg/My_Pkg-1.0.tar.gz`)).text).toBe('content');
  const links = [...(await call('GET', `${url}/api/v1/virtual/v/simple/my-pkg/`)).text.matchAll(/<a .*<\/a>/g)].map(String);
  expect(links).toEqual([
    own,
    `<a href="${url}/api/v1/remote/r/files/my_pkg-1.0.tar.gz#sha256=00">my_pkg-1.0.tar.gz</a>`,
    '<a href="https://cdn.example.com/my_pkg-2.0.tar.gz" data-yanked="">my_pkg-2.0.tar.gz</a>',
  ]);
  const projects = [...(await call('GET', `${url}/api/v1/virtual/v/simple/`)).text.matchAll(/<a .*<\/a>/g)].map(String);
  expect(projects).toEqual(['<a href="my-pkg/">my-pkg</a>', '<a href="zed/">zed</a>']);
});

test('an upload that breaks off stores nothing', async () => {
  const { url } = await registry();
  await addRemote(url, { name: 'l', repo_type: 'local' });
  const { port } = new URL(url);
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write('PUT /api/v2/remotes/l/files/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf', () => socket.resetAndDestroy());
    });
    socket.on('close', () => resolve()).on('error', () => undefined);
  });
  expect((await put(url, 'x', 'whole')).status).toBe(201);
  expect((await call('GET', `${url}/api/v1/local/l/x`)).text).toBe('whole');
});

test('a generated page is that of the files that are there now, also of a repository that is made anew under the same name', async () => {
  const { url } = await registry();
  const page = async () =>
    [...(await call('GET', `${url}/api/v1/local/l/simple/pkg/`)).text.matchAll(/>(pkg-[^<]*)</g)].map(([, name]) => name);
  const make = () => addRemote(url, { name: 'l', package_type: 'pypi', repo_type: 'local' });
  const publish = (version: string) => upload(`${url}/api/v1/local/l/`, sdist({ name: 'pkg', version }));
  await make();
  await publish('1.0');
  expect(await page()).toEqual(['pkg-1.0.tar.gz']);
  await publish('2.0');
  expect(await page()).toEqual(['pkg-1.0.tar.gz', 'pkg-2.0.tar.gz']);
  await call('DELETE', `${url}/api/v2/remotes/l/files/pkg/pkg-1.0.tar.gz`);
  expect(await page()).toEqual(['pkg-2.0.tar.gz']);
  await call('DELETE', `${url}/api/v2/remotes/l`);
  await make();
  await publish('3.0');
  expect(await page()).toEqual(['pkg-3.0.tar.gz']);
});
