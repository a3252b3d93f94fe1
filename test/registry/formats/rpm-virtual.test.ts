import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { decompressed } from '../../../src/registry/formats/compression';
import { elementsIn } from '../../../src/registry/formats/types/rpm/packages-in';
import { addRemote, addVirtual, call, cleanUp, registry, upstream } from '../helpers';
import { type Given, rpmPackage } from './rpm-packages';

afterEach(cleanUp);

const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');
const bytesAt = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const hrefOf = (repomd: string, name: string) => new RegExp(`repodata/[0-9a-f]{64}-${name}\\.(?:xml|yaml)\\.gz`).exec(repomd)?.[0] ?? '';

/** A registry with a local of packages, which another one has as its upstream, and a virtual of its own local and of that. */
async function repositories(own: readonly Given[], theirs: readonly Given[]) {
  const open = await registry();
  await addRemote(open.url, { name: 'up', package_type: 'rpm', repo_type: 'local' });
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'rpm', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: `${open.url}/api/v1/local/up`, mutable_ttl: 0 });
  await addVirtual(url, { name: 'v', package_type: 'rpm', members: ['r', 'l'] });
  const put = (root: string, name: string) => async (given: Given) => {
    const { file, content } = rpmPackage(given);
    expect((await call('PUT', `${root}/api/v2/remotes/${name}/files/Packages/${file}`, { body: content })).status).toBe(201);
  };
  const [publish, release] = [put(url, 'l'), put(open.url, 'up')];
  for (const given of own) await publish(given);
  for (const given of theirs) await release(given);
  const v = `${url}/api/v1/virtual/v`;
  const document = async (name: string) => {
    const repomd = (await call('GET', `${v}/repodata/repomd.xml`)).text;
    const content = await bytesAt(`${v}/${hrefOf(repomd, name)}`);
    expect(repomd).toContain(`<checksum type="sha256">${sha256(content)}</checksum>`);
    expect(repomd).toContain(`<open-checksum type="sha256">${sha256(gunzipSync(content))}</open-checksum>`);
    return gunzipSync(content).toString();
  };
  return { url, open, v, publish, release, document };
}

const locations = (primary: string) => [...primary.matchAll(/<location href="(.*?)"/g)].map(([, href]) => href);

test('the indexes of the members are one, whose locations lead to the member that has the package', async () => {
  const { v, document } = await repositories([{ name: 'own' }], [{ name: 'open', files: ['/usr/bin/open'] }, { name: 'other' }]);
  const primary = await document('primary');
  expect(primary).toContain('packages="3"');
  expect(locations(primary)).toEqual([
    '-/r/Packages/open-1.0-1.noarch.rpm',
    '-/r/Packages/other-1.0-1.noarch.rpm',
    '-/l/Packages/own-1.0-1.noarch.rpm',
  ]);
  expect(sha256(await bytesAt(`${v}/-/r/Packages/open-1.0-1.noarch.rpm`))).toBe(
    sha256(rpmPackage({ name: 'open', files: ['/usr/bin/open'] }).content),
  );
  expect(sha256(await bytesAt(`${v}/-/l/Packages/own-1.0-1.noarch.rpm`))).toBe(sha256(rpmPackage({ name: 'own' }).content));
  for (const path of ['-/l/Packages/open-1.0-1.noarch.rpm', '-/none/Packages/own-1.0-1.noarch.rpm', '-/r/Packages/none-1-1.noarch.rpm'])
    expect((await call('GET', `${v}/${path}`)).status).toBe(404);
  expect(await document('filelists')).toContain('<file>/usr/bin/open</file>');
  expect((await document('other')).match(/<package /g)).toHaveLength(3);
  const first = await call('GET', `${v}/repodata/repomd.xml`);
  expect((await call('GET', `${v}/repodata/repomd.xml`)).text).toBe(first.text);
});

test('an upstream adds no version to an internal package, does not stand for one, and is not asked for one', async () => {
  const evil = { name: 'evil', provides: ['own', 'evil(x)'], obsoletes: ['own', 'gone'] };
  const { v, document, publish, open } = await repositories([{ name: 'own' }], [{ name: 'own', version: '9.9' }, evil]);
  expect(locations(await document('primary'))).toEqual(['-/r/Packages/evil-1.0-1.noarch.rpm', '-/l/Packages/own-1.0-1.noarch.rpm']);
  const [, listed = ''] = /<name>evil<\/name>([^]*?)<\/package>/.exec(await document('primary')) ?? [];
  expect([...listed.matchAll(/<rpm:entry name="(.*?)"/g)].map(([, name]) => name)).toEqual(['evil', 'evil(x)', 'gone']);
  for (const document_ of ['filelists', 'other']) expect(await document(document_)).not.toContain('9.9');
  for (const path of [
    '-/r/Packages/own-9.9-1.noarch.rpm',
    'Packages/own-9.9-1.noarch.rpm',
    'Packages/own-9.9-1.noarch.rpm/',
    'x/own-9.9-1.x86_64.rpm.asc',
  ])
    expect([path, (await call('GET', `${v}/${path}`)).status]).toEqual([path, 404]);
  // What becomes internal later is so from then on.
  await publish({ name: 'evil', version: '0.1' });
  expect(locations(await document('primary'))).toEqual(['-/l/Packages/evil-0.1-1.noarch.rpm', '-/l/Packages/own-1.0-1.noarch.rpm']);
  // An upstream that is away is no reason to leave its packages out, nor to go without the copy of its index.
  await open.close();
  expect(locations(await document('primary'))).toEqual(['-/l/Packages/evil-0.1-1.noarch.rpm', '-/l/Packages/own-1.0-1.noarch.rpm']);
});

test('what an upstream publishes is there at once, and what an older repomd.xml names can still be read', async () => {
  const { v, document, release } = await repositories([], [{ name: 'open' }]);
  const old = (await call('GET', `${v}/repodata/repomd.xml`)).text;
  await release({ name: 'open', version: '2.0' });
  expect(locations(await document('primary'))).toHaveLength(2);
  expect(locations(gunzipSync(await bytesAt(`${v}/${hrefOf(old, 'primary')}`)).toString())).toHaveLength(1);
});

/** An upstream of documents, by the types that repomd.xml has for them. */
async function upstreamOf(documents: Readonly<Record<string, string | Buffer>>) {
  const contents = Object.entries(documents).map(([type, text]) => ({
    type,
    content: typeof text === 'string' ? gzipSync(text) : text,
    path: `/repodata/${type}.gz`,
  }));
  const data = contents.map(
    ({ type, content }) =>
      `<data type="${type}"><checksum type="sha256">${sha256(content)}</checksum><location href="repodata/${type}.gz"/></data>`,
  );
  const repomd = `<repomd>${data.join('')}</repomd>`;
  const files = await upstream((request, response) => {
    const found = contents.find(({ path }) => path === request.url);
    if (request.url === '/repodata/repomd.xml') response.end(repomd);
    else if (found) response.end(found.content);
    else response.writeHead(404).end();
  });
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: files.url });
  await addVirtual(url, { name: 'v', package_type: 'rpm', members: ['r'] });
  return `${url}/api/v1/virtual/v`;
}

const element = (name: string, location: string, more = '') =>
  `<package type="rpm"><name>${name}</name><arch>noarch</arch><version epoch="0" ver="1" rel="1"/><checksum type="sha256" pkgid="YES">id-${name}</checksum>${location}${more}</package>`;
const LISTS = { filelists: '<filelists></filelists>', other: '<otherdata></otherdata>' };

test('locations elsewhere stay there, groups, advisories and modules are taken along', async () => {
  const v = await upstreamOf({
    ...LISTS,
    primary: `<metadata>${element('a', '<location href="a.rpm"/>')}${element('b', '<location xml:base="https://cdn.example.com/pool" href="x/b.rpm?k=1&amp;l=2"/>')}${element('c', '<location href="../c.rpm"/>')}</metadata>`,
    group: '<?xml version="1.0"?><!DOCTYPE comps><comps><group><id>g</id></group></comps>',
    updateinfo: '<updates><update><id>FEDORA-1</id></update></updates>',
    modules: '---\ndocument: modulemd\n',
  });
  const repomd = (await call('GET', `${v}/repodata/repomd.xml`)).text;
  const read = async (name: string) => gunzipSync(await bytesAt(`${v}/${hrefOf(repomd, name)}`)).toString();
  const found = [...(await read('primary')).matchAll(/<location .*?\/>/g)].map(String);
  expect(found).toEqual([
    '<location href="-/r/a.rpm"/>',
    '<location xml:base="https://cdn.example.com/pool/x/" href="b.rpm?k=1&amp;l=2"/>',
    '<location href="-/r/c.rpm"/>',
  ]);
  expect(await read('comps')).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<comps>\n<group><id>g</id></group>\n</comps>\n');
  expect(await read('updateinfo')).toContain('<updates>\n<update><id>FEDORA-1</id></update>\n</updates>');
  expect(await read('modules')).toBe('---\ndocument: modulemd\n');
});

test.each([
  ['a package that is not closed', '<metadata><package type="rpm"><name>a</name>', 'it ends within a <package>'],
  ['a tag that is not closed', `<metadata>${element('a', '<location href="a.rpm"/>', '<format>')}</metadata>`, 'is not complete'],
  ['a comment', `<metadata>${element('a', '<location href="a.rpm"/>', '<!-- </package> -->')}</metadata>`, 'has a comment'],
  ['another root', '<filelists></filelists>', 'it does not begin with <metadata>'],
  ['two locations', `<metadata>${element('a', '<location href="a.rpm"/><location href="b.rpm"/>')}</metadata>`, 'not one location'],
  ['another compression', Buffer.from('BZh91AY'), 'compressed with bzip2; supported are gzip, xz and zstd'],
])('an upstream whose index has %s is named', async (_what, primary, reason) => {
  const v = await upstreamOf({ ...LISTS, primary });
  const answer = await call('GET', `${v}/repodata/repomd.xml`);
  expect([answer.status, answer.text]).toEqual([502, expect.stringContaining(reason)]);
  expect(answer.text).toContain('member "r" of virtual "v" failed: its repodata cannot be merged: ');
});

test('a member whose repomd.xml names what it does not have is named', async () => {
  const { filelists } = LISTS;
  const answer = await call('GET', `${await upstreamOf({ filelists, primary: '<metadata></metadata>' })}/repodata/repomd.xml`);
  expect([answer.status, answer.text]).toEqual([
    502,
    expect.stringContaining('member "r" of virtual "v" failed: its repodata/repomd.xml names no other'),
  ]);
});

test('a file of the metadata whose name begins with a hash must have that hash', async () => {
  const [good, bad] = [sha256(Buffer.from('good')), sha256(Buffer.from('bad'))];
  const files = await upstream((_request, response) => void response.end('good'));
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: files.url });
  expect((await call('GET', `${url}/api/v1/remote/r/repodata/${good}-primary.xml.gz`)).text).toBe('good');
  const refused = await call('GET', `${url}/api/v1/remote/r/repodata/${bad}-primary.xml.gz`);
  expect([refused.status, refused.text]).toEqual([502, expect.stringContaining(`but ${bad} was announced`)]);
  expect((await call('GET', `${url}/api/v2/remotes/r/objects`)).text).not.toContain(bad);
});

const FIXTURES = [
  ['gzip', 'H4sIAAAAAAAAA7PJTS1JTEksSdS34wIAwwru1gwAAAA='],
  ['xz', '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQALPG1ldGFkYXRhLz4KAMpqcJHeqgVeAAEkDKYY2NgftvN9AQAAAAAEWVo='],
  ['zstd', 'KLUv/QRYYQAAPG1ldGFkYXRhLz4KODe9EQ=='],
] as const;

describe('content is unpacked by what it begins with', () => {
  const read = async (content: Buffer, limit = 1000) => {
    const parts: Buffer[] = [];
    for await (const part of decompressed(content, limit)) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  // Made by the tools of these names.
  test.each(FIXTURES)('%s', async (_tool, base64) => expect(await read(Buffer.from(base64, 'base64'))).toBe('<metadata/>\n'));

  test('plain text, and no more than so many bytes of anything', async () => {
    expect(await read(Buffer.from('<metadata/>\n'))).toBe('<metadata/>\n');
    await expect(read(gzipSync(Buffer.alloc(5000)))).rejects.toThrow('unpacked it has more than 1000 bytes');
    await expect(read(gzipSync('<metadata/>').subarray(0, 20))).rejects.toThrow('unexpected end of file');
  });
});

test.each([1, 2, 3, 7, 1000])('packages are found in parts of %d bytes', async (size) => {
  const text = 'x<metadata packages="2"><package a="1">ä</package>\n<packages/><package>\n<b/></package></metadata>';
  async function* parts() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
  }
  const found: string[] = [];
  for await (const each of elementsIn(parts(), { root: 'metadata', name: 'package' })) found.push(each);
  expect(found).toEqual(['<package a="1">ä</package>', '<package>\n<b/></package>']);
});

test('a repomd.xml that is larger than any real one is refused as the fault of the upstream, at once', async () => {
  const data = '<data type="x"><checksum type="sha256">0</checksum><location href="repodata/x"/></data>';
  const up = await upstream((_request, response) => response.end(`<repomd>${data.repeat(10_000)}</repomd>`));
  const { url } = await registry();
  await addRemote(url, { name: 'r', package_type: 'rpm', base_url: up.url });
  await addVirtual(url, { name: 'v', package_type: 'rpm', members: ['r'] });
  for (const path of ['remote/r/repodata/repomd.xml', 'virtual/v/repodata/repomd.xml', 'remote/r/repodata/x']) {
    const answer = await call('GET', `${url}/api/v1/${path}`);
    expect([path, answer.status, answer.text]).toEqual([path, 502, expect.stringContaining('has 870017 bytes; at most 262144 are read')]);
  }
});
