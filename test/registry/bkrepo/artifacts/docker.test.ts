import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, errorOf, image, imageAt } from '../../formats/docker-image';
import { cleanUp, tempFolder } from '../../helpers';
import { addRepository, addUser, basic, bkRepo, type Client, sha256 } from './support';

afterEach(cleanUp);

const ADMIN = { authorization: basic('admin', 'password') };

async function images(...repositories: readonly Record<string, unknown>[]) {
  const data = tempFolder();
  const admin = await bkRepo({ data });
  for (const fields of [{ name: 'images' }, ...repositories]) await addRepository(admin, { type: 'DOCKER', ...fields });
  const at = (place: string, as: Record<string, string> = ADMIN) => imageAt(`${admin.url}/v2/pp/${place}`, as);
  return { data, admin, at };
}

const nodes = async (admin: Client, path: string) => (await admin.send('GET', `/repository/api/node/detail/pp/images/${path}`)).status;

test('an image is pushed in parts and pulled; its tags are the versions of a package', async () => {
  const { admin, at } = await images();
  const app = at('images/team/app');
  const pushed = image();
  const begun = await app.send('POST', 'blobs/uploads/');
  const address = String(begun.header('location'));
  expect([begun.status, address]).toEqual([202, expect.stringMatching(/^\/v2\/pp\/images\/team\/app\/blobs\/uploads\//)]);
  const upload = (method: string, query: string, [from, to]: [from: number, to: number]) =>
    admin.send(method, address + query, { body: pushed.layer.subarray(from, to), headers: { 'content-range': `${from}-${to - 1}` } });
  expect((await upload('PATCH', '', [0, 20])).status).toBe(202);
  expect((await upload('PATCH', '', [30, 40])).status).toBe(416);
  expect((await upload('PUT', `?digest=${digestOf(pushed.layer)}`, [20, pushed.layer.length])).status).toBe(201);
  await app.blob(pushed.config);
  for (const tag of ['1.0', 'latest']) expect((await app.manifest(tag, pushed.manifest)).status).toBe(201);
  const got = await app.send('GET', 'manifests/1.0');
  expect([got.text, got.header('content-type')]).toEqual([pushed.manifest, 'application/vnd.oci.image.manifest.v1+json']);
  expect((await app.send('HEAD', `blobs/${digestOf(pushed.layer)}`)).header('x-checksum-sha256')).toBe(digestOf(pushed.layer).slice(7));
  expect((await app.send('GET', 'tags/list')).json).toEqual({ name: 'pp/images/team/app', tags: ['1.0', 'latest'] });
  const names = async () => {
    const { data } = await admin.tell('GET', '/repository/api/version/page/pp/images?packageKey=docker://team/app&pageNumber=1&pageSize=9');
    return ((data as { records: { name: string }[] } | null)?.records ?? []).map(({ name }) => name).sort();
  };
  expect(await names()).toEqual(['1.0', 'latest']);
  expect((await app.send('DELETE', 'manifests/latest')).status).toBe(202);
  expect(await names()).toEqual(['1.0']);
  expect((await app.send('DELETE', `manifests/${pushed.digest}`)).status).toBe(202);
  expect([await names(), (await app.send('GET', 'manifests/1.0')).status]).toEqual([[], 404]);
  expect(await nodes(admin, `team/app/blobs/${digestOf(pushed.layer)}`)).toBe(200);
});

test('a blob is mounted from a repository that the user may read, and from no other', async () => {
  const { admin, at } = await images({ name: 'secret' }, { name: 'own' }, { name: 'artifacts', type: 'OCI' });
  await at('secret/app').blob('layer');
  await at('artifacts/app').blob('layer');
  await addUser(admin, 'dev', { repos: ['own', 'images'], actions: ['READ', 'WRITE'] });
  const dev = { authorization: basic('dev', 'secret') };
  const mount = async (from: string, as = dev) =>
    (await at('own/app', as).send('POST', `blobs/uploads/?mount=${digestOf('layer')}&from=${from}`)).status;
  for (const from of ['pp/secret/app', 'pp/none/app', 'pp/../secret/app', 'pp', '']) expect([from, await mount(from)]).toEqual([from, 202]);
  expect((await at('own/app', dev).send('GET', `blobs/${digestOf('layer')}`)).status).toBe(404);
  expect((await at('secret/app', dev).send('GET', `blobs/${digestOf('layer')}`)).status).toBe(403);
  expect(await mount('pp/secret/app', ADMIN)).toBe(201);
  expect((await at('own/app', dev).send('GET', `blobs/${digestOf('layer')}`)).text).toBe('layer');
});

test('a blob whose content is lost is not mounted, so that it is uploaded again', async () => {
  const { data, at } = await images({ name: 'own' });
  const layer = 'l'.repeat(200_000);
  await at('images/app').blob(layer);
  const mount = async (image: string) =>
    (await at(image).send('POST', `blobs/uploads/?mount=${digestOf(layer)}&from=pp/images/app`)).status;
  expect(await mount('own/one')).toBe(201);
  rmSync(join(data, 'blobs/sha256', sha256(layer).slice(0, 2), sha256(layer)));
  expect(await mount('own/two')).toBe(202);
  await at('own/two').blob(layer);
  expect((await at('own/two').send('GET', `blobs/${digestOf(layer)}`)).text).toBe(layer);
});

test('who is not logged in is told where to, and who may not push is refused', async () => {
  const { admin, at } = await images({ name: 'open', public: true });
  await at('open/app').push('1.0');
  const nobody = at('images/app', {});
  for (const refused of [await nobody.send('GET', 'manifests/1.0'), await nobody.send('POST', 'blobs/uploads/')]) {
    expect([refused.status, refused.text]).toEqual([401, expect.stringContaining('"code":"UNAUTHORIZED"')]);
    expect(refused.header('www-authenticate')).toMatch(/^Bearer realm="http:.*\/v2\/auth",service=/);
  }
  const { token } = (await admin.send('GET', '/v2/auth?service=bkrepo')).json as { token: string };
  expect((await at('images/app', { authorization: `Bearer ${token}` }).push('1.0')).status).toBe(201);
  expect((await at('images/app', { authorization: `Bearer ${token}x` }).send('GET', 'manifests/1.0')).status).toBe(401);
  expect((await at('open/app', {}).send('GET', 'manifests/1.0')).status).toBe(200);
  await addUser(admin, 'reader', { repos: ['images'], actions: ['READ'] });
  const reader = at('images/app', { authorization: basic('reader', 'secret') });
  expect((await reader.send('GET', 'manifests/1.0')).status).toBe(200);
  for (const refused of [await reader.blob('x'), await reader.send('DELETE', 'manifests/1.0')])
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('"code":"DENIED"')]);
  expect(errorOf(await at('none/app').send('GET', 'manifests/1.0'))).toMatchObject({ status: 404, code: 'NAME_UNKNOWN' });
});

test('a push over the quota of its repository is refused in words, and leaves nothing', async () => {
  const { admin, at } = await images({ name: 'small' });
  expect(await admin.tell('POST', '/repository/api/repo/quota/pp/small?quota=10')).toMatchObject({ code: 0 });
  expect((await at('small/app').blob('x'.repeat(10))).status).toBe(201);
  const over = await at('small/app').blob('y');
  expect(errorOf(over)).toEqual({ status: 400, code: 'BLOB_UPLOAD_INVALID', message: expect.stringContaining('quota') as string });
  expect((await at('small/app').send('GET', `blobs/${digestOf('y')}`)).status).toBe(404);
});
