import { createHash } from 'node:crypto';
import { addRemote, call, cleanUp, registry, upstream } from '../helpers';

afterEach(cleanUp);

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A repository of packages whose metadata has plain names, as old tools write it; all of it changes at once. */
async function repository() {
  const state = { version: 1 };
  const files = await upstream((request, response) => {
    const primary = `primary ${state.version}`;
    const data = `<data type="primary"><checksum type="sha256">${sha256(primary)}</checksum><location href="repodata/primary.xml.gz"/></data>`;
    const pages: Record<string, string> = {
      '/repodata/repomd.xml': `<repomd xmlns="http://linux.duke.edu/metadata/repo"><revision>${state.version}</revision>${data}</repomd>`,
      '/repodata/repomd.xml.asc': `signature ${state.version}`,
      '/repodata/primary.xml.gz': primary,
    };
    const page = pages[String(request.url)];
    if (page === undefined) response.writeHead(404).end();
    else response.end(page);
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: files.url, mutable_ttl: 3600 });
  const get = (name: string) => call('GET', `${url}/api/v1/remote/r/repodata/${name}`);
  const forget = (name: string) => call('DELETE', `${url}/api/v2/remotes/r/objects/repodata/${name}`);
  return { state, get, forget, files };
}

test('a file of a newer set is never served beside an older repomd.xml, and the newer set is whole at once', async () => {
  const { state, get } = await repository();
  expect((await get('repomd.xml')).text).toContain('<revision>1<');
  state.version = 2;
  const mixed = await get('primary.xml.gz');
  expect([mixed.status, mixed.text]).toEqual([502, expect.stringContaining('its sha256 is')]);
  expect((await get('repomd.xml')).text).toContain('<revision>2<');
  expect((await get('primary.xml.gz')).text).toBe('primary 2');
});

test('a file of an older set is not served beside a newer repomd.xml, whatever its age allows', async () => {
  const { state, get, forget } = await repository();
  for (const name of ['repomd.xml', 'repomd.xml.asc', 'primary.xml.gz']) expect((await get(name)).status).toBe(200);
  state.version = 2;
  expect([(await get('primary.xml.gz')).text, (await get('repomd.xml.asc')).text]).toEqual(['primary 1', 'signature 1']);
  await forget('repomd.xml');
  expect((await get('repomd.xml')).text).toContain('<revision>2<');
  expect([(await get('primary.xml.gz')).text, (await get('repomd.xml.asc')).text]).toEqual(['primary 2', 'signature 2']);
});

test('a file that its upstream says is still the same is not served beside a newer repomd.xml', async () => {
  const repomd = (content: string) =>
    `<repomd><data type="primary"><checksum type="sha256">${sha256(content)}</checksum><location href="repodata/primary.xml.gz"/></data></repomd>`;
  let index = repomd('one');
  const files = await upstream((request, response) => {
    if (request.url === '/repodata/repomd.xml') return void response.end(index);
    const isKnown = request.headers['if-none-match'] === '"a"';
    response.writeHead(isKnown ? 304 : 200, { etag: '"a"' }).end(isKnown ? undefined : 'one');
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: files.url, mutable_ttl: 3600 });
  const get = (name: string) => call('GET', `${url}/api/v1/remote/r/repodata/${name}`);
  expect((await get('primary.xml.gz')).text).toBe('one');
  index = repomd('two');
  await call('DELETE', `${url}/api/v2/remotes/r/objects/repodata/repomd.xml`);
  const mixed = await get('primary.xml.gz');
  expect([mixed.status, mixed.text]).toEqual([502, expect.stringContaining('its sha256 is')]);
});

test('the signature of checksums that never change by their name is confirmed, too, when they have changed', async () => {
  let version = 1;
  const files = await upstream(
    (request, response) => void response.end(`${String(request.url).endsWith('.sig') ? 'signature' : 'sums'} ${version}`),
  );
  const { url } = await registry();
  await addRemote(url, { name: 't', package_type: 'terraform', base_url: files.url, mutable_ttl: 3600 });
  const path = 'terraform-provider-net_1.0.0_SHA256SUMS';
  const get = async (end: string) => (await call('GET', `${url}/api/v1/remote/t/${path}${end}`)).text;
  expect([await get(''), await get('.sig')]).toEqual(['sums 1', 'signature 1']);
  version = 2;
  await call('DELETE', `${url}/api/v2/remotes/t/objects/${path}`);
  expect([await get(''), await get('.sig')]).toEqual(['sums 2', 'signature 2']);
});

test('a set that has not changed is asked for once', async () => {
  const { get, files } = await repository();
  for (let turn = 0; turn < 3; turn++) for (const name of ['repomd.xml', 'primary.xml.gz']) await get(name);
  expect(files.requests).toHaveLength(2);
});

test('the signature of the checksums of a provider is never served beside other checksums', async () => {
  let version = 1;
  const files = await upstream(
    (request, response) => void response.end(`${String(request.url).endsWith('.sig') ? 'signature' : 'sums'} ${version}`),
  );
  const { url } = await registry();
  await addRemote(url, { name: 't', package_type: 'terraform', base_url: files.url, mutable_ttl: 3600 });
  const path = 'v1/providers/corp/net/1.0.0/sha256sums';
  const get = async (end: string) => (await call('GET', `${url}/api/v1/remote/t/${path}${end}`)).text;
  expect([await get(''), await get('.sig')]).toEqual(['sums 1', 'signature 1']);
  version = 2;
  await call('DELETE', `${url}/api/v2/remotes/t/objects/${path}`);
  expect([await get(''), await get('.sig')]).toEqual(['sums 2', 'signature 2']);
});
