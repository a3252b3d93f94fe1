import { addRemote, addVirtual, call, cleanUp } from '../helpers';
import { CORE, JSON_TYPE, local, problem, sha256 } from './pypi-registry';
import { metadataOf, sdist, upload, wheel } from './python-files';

afterEach(cleanUp);

test.each(['POST', 'PUT'])('what was uploaded by %s is in the index with its facts, in both representations', async (method) => {
  const { url, at, page } = await local();
  const [whl, source] = [await wheel(CORE), sdist({ ...CORE, name: 'acme-core', version: '1.0.post1' })];
  for (const each of [whl, source]) {
    const answer =
      method === 'POST'
        ? await upload(at(''), each)
        : await fetch(`${url}/api/v2/remotes/l/files/${each.file}`, { method: 'PUT', body: new Uint8Array(each.content) });
    expect([answer.status, method === 'POST' ? await answer.text() : '']).toEqual([method === 'POST' ? 200 : 201, '']);
  }
  const metadata = { sha256: sha256(metadataOf(CORE)) };
  const common = { 'requires-python': '>=3.8, <4', 'upload-time': expect.stringMatching(/^20\d\d-.*Z$/) as string };
  const file = `acme-core/${whl.file}`;
  expect(await page('simple/acme-core/')).toEqual({
    meta: { 'api-version': '1.1' },
    name: 'acme-core',
    versions: ['1.0', '1.0.post1'],
    files: [
      {
        ...{ filename: whl.file, url: at(file), hashes: { sha256: sha256(whl.content) }, size: whl.content.length },
        ...{ ...common, 'core-metadata': metadata, 'dist-info-metadata': metadata },
      },
      {
        ...{ filename: source.file, url: at(`acme-core/${source.file}`), hashes: { sha256: sha256(source.content) } },
        ...{ size: source.content.length, ...common },
      },
    ],
  });
  const html = await call('GET', at('simple/acme-core/'));
  expect([html.status, html.header('content-type'), html.header('vary')]).toEqual([200, 'text/html; charset=utf-8', 'accept']);
  expect(html.text).toContain(
    `<a href="${at(file)}#sha256=${sha256(whl.content)}" data-requires-python="&gt;=3.8, &lt;4" data-core-metadata="sha256=${metadata.sha256}" data-dist-info-metadata="sha256=${metadata.sha256}">${whl.file}</a>`,
  );
  expect((await call('GET', at(`${file}.metadata`))).text).toBe(metadataOf(CORE));
  expect(Buffer.from(await (await fetch(at(file))).arrayBuffer()).equals(whl.content)).toBe(true);
  expect((await call('GET', at(`acme-core/${source.file}.metadata`))).status).toBe(404);
  for (const spelled of ['simple/Acme_Core', 'simple/acme-core', 'simple/ACME.core/', 'simple/acme%5fcore/?x=1']) {
    const moved = await call('GET', at(spelled));
    expect([moved.status, moved.header('location')]).toEqual([301, at('simple/acme-core/') + (/\?.*/.exec(spelled)?.[0] ?? '')]);
  }
  expect(await page('simple/')).toMatchObject({ projects: [{ name: 'acme-core' }] });
  for (const absent of ['simple/other/', 'acme-core/acme_core-2.0-py3-none-any.whl', 'acme-core/acme_core-2.0-py3-none-any.whl.metadata'])
    expect([absent, (await call('GET', at(absent))).status]).toEqual([absent, 404]);
});

test('the same file again changes nothing, and another one of its name is refused, however that is spelled', async () => {
  const { url, at, page } = await local();
  const given = await wheel(CORE);
  for (let time = 0; time < 2; time++) expect((await upload(at(''), given)).status).toBe(200);
  const other = await wheel({ ...CORE, headers: ['Summary: another'] });
  const [status, phrase] = await problem(await upload(at(''), other));
  expect([status, phrase]).toEqual([400, expect.stringMatching(/^File already exists: acme-core\/acme_core-1.0-py3-none-any.whl with/)]);
  for (const file of ['Acme_Core-1.0-py3-none-any.whl', 'acme.core-1.0-PY3-none-any.whl', 'acme_core-1.0.0-py3-none-any.whl']) {
    expect([file, (await upload(at(''), { ...given, file })).status]).toEqual([file, 400]);
    const put = await call('PUT', `${url}/api/v2/remotes/l/files/${file}`, { body: new Uint8Array(given.content) });
    expect([put.status, put.text]).toEqual([409, 'file "acme-core/acme_core-1.0-py3-none-any.whl" already exists in "l"\n']);
  }
  expect((await page('simple/acme-core/')).files).toHaveLength(1);
});

test('of files that are uploaded at once none is lost, and of two with one name one is taken', async () => {
  const { at, page } = await local();
  const versions = Array.from({ length: 10 }, (_, n) => `1.${n}`);
  const files = await Promise.all(versions.map((version) => wheel({ ...CORE, version })));
  const rivals = await Promise.all(['a', 'b', 'c'].map((text) => wheel({ ...CORE, version: '2.0', headers: [`Summary: ${text}`] })));
  const answers = await Promise.all([...files, ...rivals].map((file) => upload(at(''), file)));
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(11).fill(200), 400, 400]);
  expect((await page('simple/acme-core/')).versions).toEqual([...versions, '2.0']);
});

test('a version is yanked and is no more, with a reason or none', async () => {
  const { at, page } = await local();
  for (const version of ['1.0', '1.1']) await upload(at(''), await wheel({ ...CORE, version }));
  const yanked = async () => (await page('simple/acme-core/')).files.map((file) => file['yanked']);
  expect((await call('PUT', at('Acme-Core/1.0.0/yanked'), { body: 'breaks\n on "Windows"' })).status).toBe(200);
  expect(await yanked()).toEqual(['breaks on "Windows"', undefined]);
  expect((await call('GET', at('simple/acme-core/'))).text).toContain('data-yanked="breaks on &quot;Windows&quot;"');
  expect((await call('GET', at('acme-core/1.0/yanked'))).text).toBe('breaks on "Windows"');
  expect((await call('PUT', at('acme-core/1.0/yanked'))).status).toBe(200);
  expect(await yanked()).toEqual([true, undefined]);
  expect((await call('DELETE', at('acme-core/1.0/yanked'))).status).toBe(200);
  expect(await yanked()).toEqual([undefined, undefined]);
  const refused = async (method: string, path: string, body?: string) => {
    const { status, json } = await call(method, at(path), { body });
    return [status, (json as { message: string }).message];
  };
  expect(await refused('DELETE', 'acme-core/1.0/yanked')).toEqual([404, 'acme-core/1 is not yanked']);
  expect(await refused('PUT', 'acme-core/3.0/yanked')).toEqual([404, 'acme-core 3 is not in this repository']);
  expect(await refused('PUT', 'acme-core/1.0/yanked', 'x'.repeat(3000))).toEqual([413, 'body is larger than 2048 bytes']);
  expect(await refused('PUT', 'acme-core/latest/yanked')).toEqual([
    405,
    `PUT is not supported at this URL; twine and uv upload to ${at('')}`,
  ]);
});

test('who uploads into a remote, a virtual or an index is told where else', async () => {
  const { url, at } = await local();
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: 'http://127.0.0.1:9' });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['l', 'r'] });
  const given = await wheel(CORE);
  const refused = async (place: string) => (await problem(await upload(`${url}/api/v1/${place}`, given))).slice(0, 2);
  const virtual = 'repository "v" is virtual and takes no changes; publish into its local members: l';
  for (const place of ['virtual/v/', 'virtual/v', 'virtual/v/simple/']) expect(await refused(place)).toEqual([405, virtual]);
  expect(await refused('remote/r/')).toEqual([405, 'repository "r" is remote and takes no changes; publish into a local repository']);
  expect(await refused('local/l/simple/')).toEqual([405, `POST is not supported at this URL; twine and uv upload to ${at('')}`]);
  expect((await upload(`${url}/api/v1/local/l`, given)).status).toBe(200);
});

test('a strict registry takes no form and shows names and hashes alone', async () => {
  const { url, at } = await local({ strict: true });
  const { file, content } = await wheel(CORE);
  expect((await upload(at(''), { file, content })).status).toBe(404);
  const body = new Uint8Array(content);
  expect((await call('PUT', `${url}/api/v2/remotes/l/files/${file}`, { body })).status).toBe(201);
  const { text } = await call('GET', at('simple/acme-core/'), { headers: { accept: JSON_TYPE } });
  expect(text).toContain(`<a href="${at(`acme-core/${file}`)}#sha256=${sha256(content)}">${file}</a>`);
  expect((await call('GET', at(`acme-core/${file}.metadata`))).status).toBe(404);
});
