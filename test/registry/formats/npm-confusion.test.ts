import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, type TestUpstream, upstream } from '../helpers';
import { publish } from './npm-publication';

afterEach(cleanUp);

const APP = '@acme/app';

/** A registry that has one version of a package, after a while. */
function having(version: string, of: string, { delay = 0, status = 200 } = {}): Promise<TestUpstream> {
  return upstream((request, response) => {
    setTimeout(() => {
      const path = decodeURIComponent(String(request.url)).slice(1);
      if (path.endsWith('.tgz')) return void response.writeHead(status).end(of);
      const manifest = {
        name: APP,
        version,
        description: of,
        dist: { tarball: `http://${request.headers.host}/${APP}/-/app-${version}.tgz` },
      };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ name: APP, 'dist-tags': { latest: version }, versions: { [version]: manifest } }));
    }, delay);
  });
}

/** A virtual of what is internal and, behind it, of a public registry that has a newer version under the same name. */
async function behind(internal: TestUpstream | 'local') {
  const data = tempFolder();
  const { url } = await registry({ data });
  const open = await having('9.9.9', 'public');
  await addRemote(url, { name: 'open', package_type: 'npm', base_url: open.url });
  if (internal === 'local') {
    await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
    await publish(url, { name: APP, version: '1.0.0' });
  } else await addRemote(url, { name: 'l', package_type: 'npm', base_url: internal.url });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'open'] });
  return { data, open, get: (path: string) => call('GET', `${url}/api/v1/virtual/v/${path}`) };
}

test('a slow internal registry is waited for, and its tags and files come first', async () => {
  const { get } = await behind(await having('1.0.0', 'internal', { delay: 400 }));
  const { json } = await get('@acme%2fapp');
  expect(json).toMatchObject({ 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { description: 'internal' } } });
  expect((await get('@acme/app/-/app-1.0.0.tgz')).text).toBe('internal');
});

test.each([500, 401, 403, 429])('an internal registry that answers %s is not replaced by the public one', async (status) => {
  const { get } = await behind(await having('1.0.0', 'internal', { status }));
  for (const path of ['@acme%2fapp', '@acme/app/latest', '@acme/app/-/app-9.9.9.tgz', '-/package/@acme%2fapp/dist-tags']) {
    const answer = await get(path);
    expect([path, answer.status, answer.json]).toEqual([
      path,
      502,
      { error: expect.stringContaining('member "l" of virtual "v"') as string },
    ]);
  }
});

test('an internal registry that is down is not replaced by the public one, and what is cached of it is still served', async () => {
  const internal = await having('1.0.0', 'internal');
  const { get } = await behind(internal);
  expect((await get('@acme/app/-/app-1.0.0.tgz')).text).toBe('internal');
  await internal.stop();
  expect((await get('@acme/app/-/app-1.0.0.tgz')).text).toBe('internal');
  for (const path of ['@acme%2fapp', '@acme/app/-/app-9.9.9.tgz']) expect([path, (await get(path)).status]).toEqual([path, 502]);
});

test('a local repository that has lost content is not replaced by the public one', async () => {
  const { data, open, get } = await behind('local');
  const blobs = join(data, 'blobs', 'sha256');
  for (const folder of readdirSync(blobs)) rmSync(join(blobs, folder), { recursive: true });
  for (const path of ['@acme%2fapp', '@acme/app/latest', '@acme/app/-/app-1.0.0.tgz', '-/package/@acme%2fapp/dist-tags']) {
    const answer = await get(path);
    expect([path, answer.status >= 500, answer.text]).toEqual([path, true, expect.not.stringContaining('public') as string]);
  }
  expect((await get('@acme/app/-/app-9.9.9.tgz')).status).toBe(404);
  expect(open.requests).toHaveLength(0);
});

test('in a search, the internal package stands before a public one of its name, whatever the order of the members', async () => {
  const { url } = await registry();
  const found = { package: { name: APP, version: '9.9.9', description: 'public' } };
  const open = await upstream((_request, response) => void response.end(JSON.stringify({ objects: [found], total: 1 })));
  await addRemote(url, { name: 'open', package_type: 'npm', base_url: open.url });
  await addRemote(url, { name: 'l', package_type: 'npm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['open', 'l'] });
  await publish(url, { name: APP, version: '1.0.0', manifest: { description: 'internal' } });
  const { objects } = (await call('GET', `${url}/api/v1/virtual/v/-/v1/search?text=app`)).json as { objects: unknown[] };
  expect(objects).toEqual([
    expect.objectContaining({ package: expect.objectContaining({ version: '1.0.0', description: 'internal' }) as unknown }),
  ]);
});

test('the tags of a package that several local members have are joined, the first member that has one giving it', async () => {
  const { url } = await registry();
  for (const name of ['l', 'm']) await addRemote(url, { name, package_type: 'npm', repo_type: 'local' });
  await addVirtual(url, { name: 'v', package_type: 'npm', members: ['l', 'm'] });
  await publish(url, { name: APP, version: '1.0.0' });
  await publish(url, { name: APP, version: '2.0.0', tags: { latest: '2.0.0', next: '2.0.0' } }, 'm');
  const tags = (await call('GET', `${url}/api/v1/virtual/v/-/package/@acme%2fapp/dist-tags`)).json;
  expect(tags).toEqual({ latest: '1.0.0', next: '2.0.0' });
  expect((await call('GET', `${url}/api/v1/virtual/v/@acme%2fapp`)).json).toMatchObject({ 'dist-tags': tags as object });
});
