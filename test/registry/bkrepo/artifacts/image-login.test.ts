import { call, cleanUp, registry, tempFolder } from '../../helpers';
import { image, imageAt } from '../../formats/docker-image';
import { addRepository, after, basic, bkRepo } from './support';

afterEach(cleanUp);

async function withImages(options: Parameters<typeof bkRepo>[0] = {}) {
  const admin = await bkRepo(options);
  await addRepository(admin, { name: 'near', type: 'DOCKER' });
  await addRepository(admin, { name: 'open', type: 'OCI', public: true });
  const authorization = basic('admin', 'password');
  for (const name of ['near', 'open']) {
    expect((await imageAt(`${admin.url}/v2/pp/${name}/app`, { authorization }).push('1', image())).status).toBe(201);
  }
  const token = async (headers: Record<string, string> = {}) => {
    const { status, json } = await call('GET', `${admin.url}/v2/auth?service=bkrepo&scope=repository:pp/near/app:pull`, { headers });
    return status === 200 ? `Bearer ${(json as { token: string }).token}` : status;
  };
  const pull = async (name: string, header?: string | number) => {
    const headers = header === undefined ? {} : { authorization: String(header) };
    return (await call('GET', `${admin.url}/v2/pp/${name}/app/manifests/1`, { headers })).status;
  };
  return { admin, authorization, token, pull };
}

test('clients learn at /v2/ where tokens are, and a token is as good as the login that it was given for', async () => {
  const { admin, authorization, token, pull } = await withImages();
  const ping = await call('GET', `${admin.url}/v2/`);
  const challenge = `Bearer realm="${admin.url}/v2/auth",service="bkrepo"`;
  expect([ping.status, ping.header('www-authenticate'), ping.json]).toMatchObject([401, challenge, { errors: [{ code: 'UNAUTHORIZED' }] }]);
  expect((await call('GET', `${admin.url}/v2/`, { headers: { authorization } })).status).toBe(200);
  const [nobody, user] = [await token(), await token({ authorization })];
  expect([await pull('near'), await pull('near', nobody), await pull('near', user)]).toEqual([401, 401, 200]);
  expect([await pull('open'), await pull('open', nobody)]).toEqual([200, 200]);
  expect(await token({ authorization: basic('admin', 'wrong') })).toBe(401);
  const [claim = '', signature = ''] = String(user).split('.');
  for (const forged of [`${claim}.${'A'.repeat(43)}`, `${claim}x.${signature}`, claim, `${claim}.`])
    expect(await pull('near', forged)).toBe(401);
  expect(await after(301_000, () => pull('near', user))).toBe(401);
  await admin.tell('PUT', '/auth/api/user/update/info/admin', { locked: true });
  expect(await pull('near', user)).toBe(401);
});

test('a token is good for who has the data of the registry that has given it, and for no other', async () => {
  const data = tempFolder();
  const start = (folder = data) => registry({ data: folder, backends: ['bkrepo'], bkrepo: { port: 0 } });
  const [first, other] = [await start(), await start(tempFolder())];
  const headers = { authorization: basic('admin', 'password') };
  const { token } = (await call('GET', `${first.url}/v2/auth`, { headers })).json as { token: string };
  await first.close();
  const statusAt = async (url: string) => (await call('GET', `${url}/v2/`, { headers: { authorization: `Bearer ${token}` } })).status;
  expect([await statusAt((await start()).url), await statusAt(other.url)]).toEqual([200, 401]);
});

test('images have their place at the root of the host and below their services, but not at a strict server', async () => {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'near', type: 'DOCKER' });
  const headers = { authorization: basic('admin', 'password') };
  for (const prefix of ['', '/docker', '/oci', '/api/docker']) {
    const { status, json } = await call('GET', `${admin.url}${prefix}/v2/pp/near/app/tags/list`, { headers });
    expect([prefix, status, json]).toMatchObject([prefix, 404, { errors: [{ code: expect.stringMatching(/^NAME_/) as string }] }]);
  }
  const strict = await bkRepo({ strict: true });
  expect((await call('GET', `${strict.url}/v2/`, { headers })).text).toContain('<html>');
});
