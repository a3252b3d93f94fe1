import { addRepository, client, basic } from '../bkrepo/artifacts/support';
import { rpmPackage } from '../formats/rpm-packages';
import { addRemote, addVirtual, call, cleanUp, openTestStore, registry, tempFolder } from '../helpers';

afterEach(cleanUp);

interface Tables {
  generated_files: { owner: string };
  uploads: { owner: string };
}

/** Begins an upload of an image and sends the first bytes. */
async function begin(repository: string, headers: Record<string, string> = {}): Promise<void> {
  const begun = await call('POST', `${repository}/app/blobs/uploads/`, { headers });
  expect(begun.status).toBe(202);
  const at = new URL(begun.header('location') ?? '', repository).href;
  expect((await call('PATCH', at, { body: 'the first bytes', headers })).status).toBe(202);
}

test('a repository that is deleted takes the indexes that were generated and the uploads that were begun with it, and no others', async () => {
  const data = tempFolder();
  const running = await registry({ data, backends: ['artifactapi', 'bkrepo'], bkrepo: { port: 0 } });
  const { url } = running;
  for (const name of ['l', 'l-2']) {
    await addRemote(url, { name, package_type: 'rpm', repo_type: 'local' });
    const { file, content } = rpmPackage({ name });
    expect((await call('PUT', `${url}/api/v2/remotes/${name}/files/${file}`, { body: content })).status).toBe(201);
    await addVirtual(url, { name: `v${name}`, package_type: 'rpm', members: [name] });
    for (const place of [`local/${name}`, `virtual/v${name}`])
      expect((await call('GET', `${url}/api/v1/${place}/repodata/repomd.xml`)).status).toBe(200);
  }
  const admin = client(running.urls.bkrepo ?? '', basic('admin', 'password'));
  await admin.tell('POST', '/repository/api/project/create', { name: 'pp', displayName: 'pp', description: '' });
  for (const name of ['dd', 'dd-2']) {
    await addRemote(url, { name, package_type: 'docker', repo_type: 'local' });
    await begin(`${url}/v2/${name}`);
    await addRepository(admin, { name, type: 'DOCKER' });
    await begin(`${admin.url}/v2/pp/${name}`, { authorization: basic('admin', 'password') });
  }

  for (const path of ['virtuals/vl', 'remotes/l', 'remotes/dd']) expect((await call('DELETE', `${url}/api/v2/${path}`)).status).toBe(204);
  expect(await admin.tell('DELETE', '/repository/api/repo/delete/pp/dd?forced=true')).toMatchObject({ code: 0 });
  await running.close();

  const store = await openTestStore(data);
  try {
    const db = store.metadata.tables<Tables>();
    const owners = async (table: 'generated_files' | 'uploads') => {
      const rows = await db.selectFrom(table).select('owner').distinct().execute();
      return rows.map(({ owner }) => (JSON.parse(owner) as unknown[]).slice(0, 3).filter((each) => !/^\d{4}-/.test(String(each)))).sort();
    };
    expect(await owners('generated_files')).toEqual([
      ['artifactapi', 'l-2'],
      ['virtual', 'vl-2', ['rpm', [['local', 'l-2']]]],
    ]);
    expect(await owners('uploads')).toEqual([
      ['artifactapi', 'dd-2'],
      ['bkrepo', 'pp', 'dd-2'],
    ]);
  } finally {
    await store.close();
  }
});
