import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, call, cleanUp, registry, tarball, tempFolder } from '../helpers';
import { type RegistryOptions } from '../../../src/registry/server';
import { bkRepo, put, sha256 } from '../bkrepo/artifacts/support';
import { chart } from '../formats/helm-charts';
import { publish } from '../formats/npm-publication';
import { upload, wheel } from '../formats/python-files';

afterEach(cleanUp);

const pathIn = (data: string, content: string | Uint8Array) => join(data, 'blobs/sha256', sha256(content).slice(0, 2), sha256(content));

/** What may happen to content on a disk. */
const HARMS: Record<string, (path: string) => void> = {
  deleted: (path) => rmSync(path),
  'cut off': (path) => truncateSync(path, 5),
  replaced: (path) => writeFileSync(path, 'others'),
};

async function local(options: Partial<RegistryOptions> = {}, package_type = 'generic') {
  const data = tempFolder();
  const { url } = await registry({ ...options, data });
  await addRemote(url, { name: 'own', repo_type: 'local', package_type });
  return {
    data,
    url,
    put: (path: string, body: string | Uint8Array, headers = {}) =>
      call('PUT', `${url}/api/v2/remotes/own/files/${path}`, { body, headers }),
    get: (path: string) => call('GET', `${url}/api/v1/local/own/${path}`),
    blobs: async () => ((await call('GET', `${url}/api/v2/stats`)).json as { blobs: number }).blobs,
    blobPath: (content: string | Uint8Array) => pathIn(data, content),
    arriving: () => readdirSync(join(data, 'tmp')),
  };
}

const CONTENTS = { small: 's'.repeat(100), large: 'l'.repeat(200_000) };

describe.each(Object.keys(CONTENTS) as (keyof typeof CONTENTS)[])('a %s file', (size) => {
  const content = CONTENTS[size];

  test.each(Object.keys(HARMS))('whose content was %s is repaired by uploading it again, and by nothing else', async (harm) => {
    const { put, get, blobs, blobPath, arriving } = await local();
    const first = await put('dir/file', content);
    expect(first.status).toBe(201);
    HARMS[harm]?.(blobPath(content));
    // It was never read, so that it is in no memory. A large one that is cut off breaks off.
    expect(
      await get('dir/file').then(
        ({ status }) => status,
        () => 'broken off',
      ),
    ).toBe(size === 'small' || harm === 'deleted' ? 500 : 'broken off');
    for (const other of ['other', `${content}more`, content.replace(/.$/, 'x')]) {
      const refused = await put('dir/file', other);
      expect([refused.status, refused.text]).toEqual([409, 'file "dir/file" already exists in "own"\n']);
    }
    expect((await put('dir/file', content, { 'x-checksum-sha256': sha256('other') })).status).toBe(409);
    expect([await blobs(), arriving()]).toEqual([1, []]);
    const again = await put('dir/file', content, { 'content-type': 'text/x-other' });
    expect([again.status, again.json]).toEqual([201, first.json]);
    expect((await get('dir/file')).text).toBe(content);
    expect([(await put('dir/file', content)).status, await blobs(), arriving()]).toEqual([409, 1, []]);
  });
});

test('a small file that is in memory is served from there, and repaired all the same', async () => {
  const { put, get, blobPath } = await local();
  await put('f', CONTENTS.small);
  expect((await get('f')).text).toBe(CONTENTS.small);
  for (const harm of Object.values(HARMS)) {
    harm(blobPath(CONTENTS.small));
    expect((await get('f')).text).toBe(CONTENTS.small);
    expect([(await put('f', 'other')).status, (await put('f', CONTENTS.small)).status]).toEqual([409, 201]);
    expect((await put('f', CONTENTS.small)).status).toBe(409);
  }
});

test('a file with its content is refused without being stored', async () => {
  const { put, data } = await local();
  await put('f', CONTENTS.large);
  rmSync(join(data, 'tmp'), { recursive: true });
  expect((await put('f', CONTENTS.large)).status).toBe(409);
});

test('a repair needs no room, of the repository or of the store', async () => {
  const { put, get, blobPath } = await local({ storeLimit: 200_000, quotas: { 'artifactapi/own': 200_000 } });
  expect((await put('f', CONTENTS.large)).status).toBe(201);
  rmSync(blobPath(CONTENTS.large));
  expect([(await put('f', CONTENTS.large)).status, (await get('f')).text === CONTENTS.large]).toEqual([201, true]);
  expect((await put('g', 'x')).status).toBe(507);
});

test('what is the same file to clients under another name repairs nothing', async () => {
  const { put, blobPath } = await local({}, 'pypi');
  const { file, content } = await wheel({ name: 'demo', version: '1.0' });
  expect((await put(file, content)).status).toBe(201);
  rmSync(blobPath(content));
  expect((await put(file.replace('demo', 'Demo'), content)).status).toBe(409);
  expect((await put(file, content)).status).toBe(201);
});

describe('publishing again restores content that was lost, whatever the answer', () => {
  type Place = Awaited<ReturnType<typeof local>>;
  const app = tarball({ 'package/package.json': '{"name":"app","version":"1.0.0"}' });
  const pad = chart('pad', '1.0.0');
  const layer = 'a layer';
  const cases: Record<
    string,
    { content: Uint8Array | string; path: string; again: number; publish: (at: Place) => Promise<{ status: number }> }
  > = {
    npm: {
      content: app,
      path: 'app/-/app-1.0.0.tgz',
      again: 409,
      publish: ({ url }) => publish(url, { name: 'app', version: '1.0.0', content: app }, 'own'),
    },
    helm: {
      content: pad,
      path: 'pad-1.0.0.tgz',
      again: 409,
      publish: ({ url }) => call('POST', `${url}/api/v1/local/own/api/charts`, { body: pad }),
    },
    docker: {
      content: layer,
      path: `v2/app/blobs/sha256:${sha256(layer)}`,
      again: 201,
      publish: ({ url }) => call('POST', `${url}/v2/own/app/blobs/uploads/?digest=sha256:${sha256(layer)}`, { body: layer }),
    },
  };
  test.each(Object.keys(cases))('%s', async (type) => {
    const { content, path, again, publish } = cases[type]!;
    const at = await local({}, type);
    expect((await publish(at)).status).toBe(201);
    rmSync(at.blobPath(content));
    const get = () => (type === 'docker' ? call('GET', `${at.url}/v2/own/${path.slice(3)}`) : at.get(path));
    expect((await get()).status).toBe(500);
    expect([(await publish(at)).status, (await get()).status]).toEqual([again, 200]);
  });

  test('pypi', async () => {
    const at = await local({}, 'pypi');
    const given = await wheel({ name: 'demo', version: '1.0' });
    const publish = async () => (await upload(`${at.url}/api/v1/local/own/`, given)).status;
    expect(await publish()).toBe(200);
    rmSync(at.blobPath(given.content));
    const get = async () => (await at.get(`demo/${given.file}`)).status;
    expect([await get(), await publish(), await get()]).toEqual([500, 200, 200]);
  });
});

test('a client that looks before it uploads, or names another repository that has the content, is told that lost content is not there', async () => {
  const { url, blobPath } = await local({}, 'docker');
  await addRemote(url, { name: 'other', repo_type: 'local', package_type: 'docker' });
  const layer = 'l'.repeat(200_000);
  const digest = `sha256:${sha256(layer)}`;
  const head = async () => (await call('HEAD', `${url}/v2/own/app/blobs/${digest}`)).status;
  const mount = async (image: string) =>
    (await call('POST', `${url}/v2/other/${image}/blobs/uploads/?mount=${digest}&from=own/app`)).status;
  const pushed = async () => (await call('POST', `${url}/v2/own/app/blobs/uploads/?digest=${digest}`, { body: layer })).status;
  expect([await pushed(), await head(), await mount('one')]).toEqual([201, 200, 201]);
  rmSync(blobPath(layer));
  expect((await call('GET', `${url}/v2/own/app/blobs/${digest}`)).status).toBe(500);
  expect([await head(), await mount('two')]).toEqual([404, 202]);
  expect([await pushed(), await head(), await mount('two')]).toEqual([201, 200, 201]);
});

test('BK-Repo: a file whose content is lost is repaired by uploading it again, whole or in parts; another one is 251012', async () => {
  const data = tempFolder();
  const admin = await bkRepo({ data });
  const [file, block] = ['/generic/pp/rr/a', '/generic/block/pp/rr/a'];
  const content = randomBytes(200_000);
  const get = () => admin.send('GET', file);
  const detail = async () => {
    const { data } = (await admin.tell('GET', '/generic/detail/pp/rr/a')) as unknown as { data: { createdDate: string; sha256: string } };
    return [data.createdDate, data.sha256];
  };
  await put(admin, 'rr/a', content);
  const before = await detail();
  expect(await admin.tell('POST', block)).toMatchObject({ code: 251012 });
  rmSync(pathIn(data, content));
  expect((await get()).status).toBe(500);
  expect(await admin.tell('PUT', file, 'other')).toMatchObject({ status: 400, code: 251012 });
  expect(await admin.tell('PUT', file, content)).toMatchObject({ status: 200, code: 0, data: { sha256: sha256(content) } });
  expect([(await get()).status, await detail()]).toEqual([200, before]);
  expect(await admin.tell('PUT', file, content)).toMatchObject({ status: 400, code: 251012 });

  const inParts = async (parts: readonly Uint8Array[]) => {
    const { uploadId } = (await admin.tell('POST', block)).data as { uploadId: string };
    const id = { 'x-bkrepo-upload-id': uploadId };
    for (const [index, part] of parts.entries()) await admin.tell('PUT', file, part, { ...id, 'x-bkrepo-sequence': `${index + 1}` });
    return admin.tell('PUT', block, undefined, id);
  };
  rmSync(pathIn(data, content));
  expect(await inParts([content.subarray(0, 100), content.subarray(101)])).toMatchObject({ code: 251012 });
  expect(await inParts([content.subarray(0, 100), content.subarray(100)])).toMatchObject({ code: 0 });
  expect((await get()).status).toBe(200);
});
