import { createHash } from 'node:crypto';
import { mergeMetadata } from '../../../src/registry/formats/types/maven/metadata';
import { call, cleanUp, registry } from '../helpers';
import { addRepository, addUser, bkRepo, paths } from '../bkrepo/artifacts/support';

afterEach(cleanUp);

const sum = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const pom = (version: string, artifact = 'lib') =>
  `<project><groupId>com.acme</groupId><artifactId>${artifact}</artifactId><version>${version}</version></project>`;

/** A local Maven repository of BK-Repo. */
async function maven() {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'mvn', type: 'MAVEN' });
  const send = (method: string, path: string, ...[body, headers = {}]: [body?: string, headers?: Record<string, string>]) =>
    admin.send(method, `/maven/pp/mvn/${path}`, { ...(body !== undefined && { body }), headers });
  const put = async (path: string, body: string) => expect([path, (await send('PUT', path, body)).status]).toEqual([path, 201]);
  const text = async (path: string) => (await send('GET', path)).text;
  return { admin, send, put, text };
}

const tags = (document: string, name: string) =>
  [...document.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'g'))].map(([, text]) => text);

test('the documents of an artifact list what was deployed, whatever the client says in its own', async () => {
  const { admin, send, put, text } = await maven();
  const at = 'com/acme/lib';
  await put(`${at}/1.10.0/lib-1.10.0.jar`, 'jar');
  await put(`${at}/1.10.0/lib-1.10.0.pom`, pom('1.10.0'));
  await put(`${at}/1.9.0/lib-1.9.0.pom`, pom('1.9.0'));
  const claimed =
    '<metadata><groupId>com.acme</groupId><artifactId>lib</artifactId><versioning><versions><version>9</version></versions></versioning></metadata>';
  await put(`${at}/maven-metadata.xml`, claimed);
  await put(`${at}/maven-metadata.xml.sha1`, sum('sha1', claimed));
  expect((await send('PUT', `${at}/maven-metadata.xml.md5`, sum('md5', 'other'))).status).toBe(409);
  const document = await text(`${at}/maven-metadata.xml`);
  expect([tags(document, 'version'), tags(document, 'latest'), tags(document, 'release')]).toEqual([
    ['1.9.0', '1.10.0'],
    ['1.9.0'],
    ['1.9.0'],
  ]);
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    expect(await text(`${at}/maven-metadata.xml.${algorithm}`)).toBe(sum(algorithm, document));
    expect(await text(`${at}/1.10.0/lib-1.10.0.jar.${algorithm}`)).toBe(sum(algorithm, 'jar'));
  }
  const packages = await admin.tell('GET', '/repository/api/version/page/pp/mvn?packageKey=gav://com.acme:lib');
  expect(packages.data).toMatchObject({ records: [{ name: '1.9.0' }, { name: '1.10.0', contentPath: `/${at}/1.10.0/lib-1.10.0.jar` }] });
  expect((await send('DELETE', `${at}/1.9.0`)).status).toBe(200);
  expect(tags(await text(`${at}/maven-metadata.xml`), 'version')).toEqual(['1.10.0']);
  expect((await send('DELETE', 'com')).status).toBe(200);
  expect((await send('GET', `${at}/maven-metadata.xml`)).status).toBe(404);
  expect((await admin.tell('GET', '/repository/api/package/page/pp/mvn')).data).toMatchObject({ totalRecords: 0 });
});

test('of several documents about an artifact the newest tells what is newest, with the versions of all', () => {
  const [older, newer] = [
    ['1.10', '20250101000000'],
    ['1.9', '20260101000000'],
  ].map(([version, time]) =>
    Buffer.from(
      `<metadata><groupId>g</groupId><artifactId>a</artifactId><versioning><latest>${version}</latest><versions><version>${version}</version></versions><lastUpdated>${time}</lastUpdated></versioning></metadata>`,
    ),
  ) as [Buffer, Buffer];
  for (const order of [
    [older, newer],
    [newer, older],
  ]) {
    const merged = mergeMetadata(order);
    expect(['latest', 'lastUpdated', 'version'].map((name) => tags(merged, name))).toEqual([['1.9'], ['20260101000000'], ['1.9', '1.10']]);
  }
});

test('of a snapshot the newest build of each file is listed, and answers for the snapshot', async () => {
  const { send, put, text } = await maven();
  const at = 'com/acme/lib/2.0-SNAPSHOT';
  await put(`${at}/lib-2.0-20260102.030405-9.jar`, 'nine');
  await put(`${at}/lib-2.0-20260102.030405-10.jar`, 'ten');
  await put(`${at}/lib-2.0-20260102.030405-9-sources.tar.gz`, 'sources');
  const document = await text(`${at}/maven-metadata.xml`);
  expect(tags(document, 'buildNumber')).toEqual(['10']);
  expect(tags(document, 'value').sort()).toEqual(['2.0-20260102.030405-10', '2.0-20260102.030405-9']);
  expect([tags(document, 'classifier'), tags(document, 'extension').sort()]).toEqual([['sources'], ['jar', 'tar.gz']]);
  expect(await text(`${at}/lib-2.0-SNAPSHOT.jar`)).toBe('ten');
  expect(await text(`${at}/lib-2.0-SNAPSHOT.jar.sha1`)).toBe(sum('sha1', 'ten'));
  expect((await send('GET', `${at}/lib-2.0-SNAPSHOT.war`)).status).toBe(404);
  const above = await text('com/acme/lib/maven-metadata.xml');
  expect([tags(above, 'version'), tags(above, 'release')]).toEqual([['2.0-SNAPSHOT'], []]);
  expect((await send('DELETE', `${at}/lib-2.0-20260102.030405-10.jar`)).status).toBe(200);
  expect(await text(`${at}/lib-2.0-SNAPSHOT.jar`)).toBe('nine');
});

test.each<[what: string, path: string, body: string, status: number, reason: string]>([
  [
    'a POM of another artifact',
    'com/acme/lib/1.0/lib-1.0.pom',
    pom('1.0', 'evil'),
    400,
    'its artifactId is "evil", but its path says "lib"',
  ],
  ['a POM of another version', 'com/acme/lib/1.0/lib-1.0.pom', pom('2.0'), 400, 'its version is "2.0", but its path says "1.0"'],
  ['no XML', 'com/acme/lib/1.0/lib-1.0.pom', 'hello', 400, 'not a POM: its outermost element is not <project>'],
  ['broken XML', 'com/acme/lib/1.0/lib-1.0.pom', '<project><groupId>', 400, 'not a POM: <groupId> is not closed'],
  ['nested without end', 'com/acme/lib/1.0/lib-1.0.pom', '<a>'.repeat(10_000), 400, 'its elements are nested too deeply'],
  ['a large POM', 'com/acme/lib/1.0/lib-1.0.pom', ' '.repeat((4 << 20) + 1), 413, 'at most 4194304 are allowed'],
  ['a file of another artifact', 'com/acme/lib/1.0/evil-1.0.jar', 'x', 400, 'expected GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.EXTENSION'],
  ['a file without a group', 'lib/1.0/lib-1.0.jar', 'x', 400, 'expected GROUP/ARTIFACT/VERSION/ARTIFACT-VERSION.EXTENSION'],
  [
    'a document of another artifact',
    'com/acme/lib/maven-metadata.xml',
    '<metadata><groupId>com.acme</groupId><artifactId>evil</artifactId></metadata>',
    400,
    'it is about com/acme/evil',
  ],
  ['a checksum before its file', 'com/acme/lib/1.0/lib-1.0.jar.sha1', '00', 404, 'upload the file before its checksum'],
  ['an endless checksum', 'com/acme/lib/1.0/lib-1.0.jar.sha1', '0'.repeat(5000), 413, 'larger than 4096 bytes'],
])('%s is refused with a reason in the status line too, and nothing is stored', async (...[, path, body, status, reason]) => {
  const { admin } = await maven();
  const authorization = `Basic ${btoa('admin:password')}`;
  const answer = await fetch(`${admin.url}/maven/pp/mvn/${path}`, { method: 'PUT', body, headers: { authorization } });
  expect([answer.status, await answer.json()]).toEqual([
    status,
    { status: String(status), error: expect.stringContaining(reason) as string },
  ]);
  expect(answer.statusText).toContain(reason);
  expect(await paths(admin, 'mvn')).toEqual([]);
});

test('a checksum that does not match is a conflict, and what is stored stays', async () => {
  const { send, put, text } = await maven();
  await put('com/acme/lib/1.0/lib-1.0.jar', 'jar');
  const answer = await send('PUT', 'com/acme/lib/1.0/lib-1.0.jar.sha1', sum('sha1', 'other'));
  expect([answer.status, answer.reason]).toEqual([409, expect.stringContaining('checksum conflict') as string]);
  expect(await text('com/acme/lib/1.0/lib-1.0.jar.sha1')).toBe(sum('sha1', 'jar'));
  expect((await send('PUT', 'com/acme/lib/1.0/lib-1.0.jar', 'new', { 'x-bkrepo-no-overwrite': 'true' })).status).toBe(403);
  expect(await text('com/acme/lib/1.0/lib-1.0.jar')).toBe('jar');
});

test('of twenty versions that are deployed at once none is lost', async () => {
  const { send, text } = await maven();
  const versions = Array.from({ length: 20 }, (_, n) => `1.${n}`);
  const answers = await Promise.all(versions.map((version) => send('PUT', `com/acme/lib/${version}/lib-${version}.pom`, pom(version))));
  expect(answers.map(({ status }) => status)).toEqual(versions.map(() => 201));
  expect(tags(await text('com/acme/lib/maven-metadata.xml'), 'version')).toEqual(versions);
});

test('of files that are deployed at once to one path, and may replace none, there is one', async () => {
  const { send, text } = await maven();
  const put = (content: string) => send('PUT', 'com/acme/lib/1.0/lib-1.0.jar', content, { 'x-bkrepo-no-overwrite': 'true' });
  const contents = ['a', 'b', 'c', 'd'];
  const statuses = (await Promise.all(contents.map(put))).map(({ status }) => status);
  expect([...statuses].sort()).toEqual([201, 403, 403, 403]);
  expect(await text('com/acme/lib/1.0/lib-1.0.jar')).toBe(contents[statuses.indexOf(201)]);
});

test('who may only read may not deploy, and nobody without a password', async () => {
  const { admin, put } = await maven();
  await put('com/acme/lib/1.0/lib-1.0.jar', 'jar');
  const reader = await addUser(admin, 'reader', { repos: ['mvn'], actions: ['READ'] });
  const at = '/maven/pp/mvn/com/acme/lib/1.0/lib-1.0.jar';
  const statuses = [await reader.send('GET', at), await reader.send('PUT', at, { body: 'x' }), await call('GET', admin.url + at)].map(
    ({ status }) => status,
  );
  expect(statuses).toEqual([200, 403, 401]);
});

test('ArtifactAPI has no such type', async () => {
  const { url } = await registry();
  const answer = await call('POST', `${url}/api/v2/remotes`, { body: { name: 'm', package_type: 'maven', repo_type: 'local' } });
  expect([answer.status, answer.text]).toEqual([
    400,
    expect.stringContaining('package_type: must be one of alpine, docker, generic, goproxy, helm') as string,
  ]);
});
