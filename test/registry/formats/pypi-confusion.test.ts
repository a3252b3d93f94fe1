import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { CORE, JSON_TYPE, local, type Page, sha256, WHEEL } from './pypi-registry';
import { upload, wheel } from './python-files';

afterEach(cleanUp);

test('a public project never answers for one that has a file in a local member, however its name is spelled', async () => {
  const { url, at } = await local();
  const evil = await wheel({ name: 'acme-core', version: '9.9' });
  const open = await upstream((request, response) => {
    if (String(request.url).endsWith('.whl')) return void response.end(evil.content);
    response.setHeader('content-type', 'text/html').end(`<a href="/packages/${evil.file}">${evil.file}</a>`);
  });
  const broken = await upstream((_request, response) => void response.writeHead(500).end());
  for (const [name, base_url] of Object.entries({ open: open.url, broken: broken.url }))
    await addRemote(url, { name, package_type: 'pypi', base_url });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['open', 'broken', 'l'] });
  await addVirtual(url, { name: 'w', package_type: 'pypi', members: ['open', 'l'] });
  await upload(at(''), await wheel(CORE));
  const get = (path: string) => call('GET', `${url}/api/v1/virtual/v/${path}`, { headers: { accept: JSON_TYPE } });
  for (const spelled of ['acme-core', 'Acme.Core', 'ACME__core', 'acme_-_core']) {
    const followed = await fetch(`${url}/api/v1/virtual/v/simple/${spelled}/`, { headers: { accept: JSON_TYPE } });
    expect([spelled, ((await followed.json()) as Page).versions]).toEqual([spelled, ['1.0']]);
  }
  for (const path of [
    'simple/acme-core/acme_core-9.9-py3-none-any.whl',
    'packages/acme_core-9.9-py3-none-any.whl',
    'packages/Acme.Core-9.9.tar.gz',
    'packages/acme_core-9.9-py3-none-any.whl.metadata',
    'pypi/acme_core/json',
    'pypi/acme-core/9.9/json',
    'pypi/acme_core/json/',
    'simple/acme-core/9.9/more.html',
    'packages/acme_core-9.9-py3-none-any.whl/',
    'packages/acme_core-9.9-py3-none-any.whl/more',
    'packages/acme_core-9.9-py3-none-any.whl.sig',
    'packages/acme_core-latest.tar.gz',
    'Acme.Core/more',
  ])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect([open.requests.length, broken.requests.length]).toEqual([0, 0]);
  // Nothing internal is of this name: whoever fails is told, and no index is made without it.
  const failed = await get('simple/other/');
  expect([failed.status, failed.json]).toMatchObject([
    502,
    { message: expect.stringContaining('member "broken" of virtual "v" failed') as string },
  ]);
  const other = await call('GET', `${url}/api/v1/virtual/w/simple/other/`);
  expect([other.status, other.text]).toEqual([200, expect.stringContaining(evil.file)]);
  await call('DELETE', `${url}/api/v2/remotes/l/files/acme-core/${WHEEL}`);
  expect((await call('GET', `${url}/api/v1/virtual/w/simple/acme-core/`)).text).toContain(evil.file);
});

test('an internal index that is a remote is waited for, comes before what is public, and is told of when it fails', async () => {
  const { url } = await registry();
  let status = 200;
  const linked = (text: string) => `<a href="/packages/${WHEEL}#sha256=${sha256(text)}">${WHEEL}</a>`;
  const corp = await upstream((_request, response) => {
    setTimeout(() => response.writeHead(status, { 'content-type': 'text/html' }).end(linked('internal')), 300);
  });
  const open = await upstream((_request, response) => void response.setHeader('content-type', 'text/html').end(linked('public')));
  for (const [name, { url: base_url }] of Object.entries({ corp, open }))
    await addRemote(url, { name, package_type: 'pypi', base_url, mutable_ttl: 0 });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['corp', 'open'] });
  const hashes = async (project: string) => {
    const answer = await call('GET', `${url}/api/v1/virtual/v/simple/${project}/`);
    return [answer.status, ...[...answer.text.matchAll(/sha256=(\w+)/g)].map(([, hash]) => hash)];
  };
  expect(await hashes('acme-core')).toEqual([200, sha256('internal')]);
  status = 503;
  // The last good copy, or nothing.
  expect(await hashes('acme-core')).toEqual([200, sha256('internal')]);
  expect(await hashes('acme-other')).toEqual([502]);
  status = 404;
  expect(await hashes('acme-third')).toEqual([200, sha256('public')]);
});
