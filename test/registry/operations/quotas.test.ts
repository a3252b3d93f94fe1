import { randomBytes } from 'node:crypto';
import { startBkRepo } from '../../../src/registry/bkrepo';
import { errorOf, imageAt } from '../formats/docker-image';
import { publish } from '../formats/npm-publication';
import { CORE } from '../formats/pypi-registry';
import { upload, wheel } from '../formats/python-files';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder } from '../helpers';

afterEach(cleanUp);

test('a repository takes no more than its quota, exactly, whoever else uploads; removing makes room', async () => {
  const { url } = await registry({ quotas: { 'artifactapi/own': 1000, 'artifactapi/*': 100 } });
  await addRemote(url, { name: 'own', repo_type: 'local' });
  await addRemote(url, { name: 'other', repo_type: 'local' });
  const put = (name: string, size: number, repo = 'own') =>
    call('PUT', `${url}/api/v2/remotes/${repo}/files/${name}`, { body: randomBytes(size) });
  const statuses = (await Promise.all(['a', 'b', 'c', 'd'].map((name) => put(name, 400)))).map(({ status }) => status).sort();
  expect(statuses).toEqual([201, 201, 507, 507]);
  expect((await put('e', 200)).status).toBe(201);
  const refused = await put('f', 1);
  expect([refused.status, refused.text]).toEqual([
    507,
    'the quota of repository "own" would be exceeded: it is 1 kB, of which 1 kB is used, and this needs at least 1 B; delete what is not needed, or have the quota raised\n',
  ]);
  await call('DELETE', `${url}/api/v2/remotes/own/files/e`);
  expect((await put('f', 200)).status).toBe(201);
  expect((await put('a', 101, 'other')).status).toBe(507);
  expect((await put('a', 100, 'other')).status).toBe(201);
});

test('a project of BK-Repo, and all of them, take no more than their quotas', async () => {
  const running = await startBkRepo({ data: tempFolder(), port: 0, seed: true, quotas: { 'bkrepo/blueking': 1000, bkrepo: 1500 } });
  afterwards(() => running.close());
  const headers = { authorization: `Basic ${btoa('admin:password')}`, 'x-bkrepo-overwrite': 'true' };
  const put = (name: string, size: number) =>
    call('PUT', `${running.url}/generic/blueking/generic-local/${name}`, { body: randomBytes(size), headers });
  expect((await put('a', 900)).status).toBe(200);
  const refused = await put('b', 101);
  expect([refused.status, refused.json]).toMatchObject([400, { code: 251025 }]);
  const lack = 'it is 1 kB, of which 900 B is used, and this needs 101 B';
  expect((refused.json as { message: string }).message).toBe(
    `the quota of project [blueking] would be exceeded: ${lack}; delete what is not needed, or have the quota raised`,
  );
  expect((await put('b', 100)).status).toBe(200);
});

test('each client is told in its own form what there is and what it needs', async () => {
  const { url } = await registry({ quotas: { 'artifactapi/*': 100 } });
  for (const package_type of ['docker', 'npm', 'pypi', 'generic'])
    await addRemote(url, { name: package_type, repo_type: 'local', package_type });
  const told = (repo: string, used: string, needs: RegExp) =>
    expect.stringMatching(
      new RegExp(
        `^the quota of repository "${repo}" would be exceeded: it is 100 B, of which ${used} is used, and this needs ${needs.source}; delete what is not needed, or have the quota raised$`,
      ),
    ) as string;

  const put = (name: string, size: number) => call('PUT', `${url}/api/v2/remotes/generic/files/${name}`, { body: randomBytes(size) });
  expect((await put('a', 40)).status).toBe(201);
  const plain = await put('b', 61);
  expect([plain.status, plain.text.trim()]).toEqual([507, told('generic', '40 B', /at least 61 B/)]);

  const { blob } = imageAt(`${url}/v2/docker/app`);
  expect((await blob('x'.repeat(40))).status).toBe(201);
  const layer = await blob('y'.repeat(200));
  expect([layer.status, errorOf(layer).message]).toEqual([507, told('docker', '40 B', /at least 200 B/)]);

  const npm = await publish(url, { name: 'app', version: '1.0.0' }, 'npm');
  expect([npm.status, npm.json]).toEqual([507, { error: told('npm', '0 B', /(?:at least )?\d+ k?B/) }]);

  const python = await upload(`${url}/api/v1/local/pypi/`, await wheel(CORE));
  expect([python.status, python.statusText]).toEqual([507, told('pypi', '0 B', /(?:at least )?\d.* k?B/)]);
});

test('a quota of what is not there is noted at the start, with what may be meant, and applies once it is there', async () => {
  const data = tempFolder();
  const first = await registry({ data });
  for (const name of ['npm-local', 'own']) await addRemote(first.url, { name, repo_type: 'local' });
  await addRemote(first.url, { name: 'files', base_url: 'https://files.example.com' });
  expect(first.notes).toEqual([]);
  await first.close();
  const quotas = { 'artifactapi/npm-locl': 10, 'artifactapi/own': 10, 'artifactapi/zzz': 10, 'artifactapi/files': 10, 'artifactapi/*': 10 };
  const { url, notes } = await registry({ data, quotas });
  expect(notes).toEqual([
    'the quota of artifactapi/npm-locl limits nothing yet: there is no local repository "npm-locl". It applies as soon as there is one. Did you mean "npm-local"?',
    'the quota of artifactapi/zzz limits nothing yet: there is no local repository "zzz". It applies as soon as there is one. There are "npm-local", "own".',
    'the quota of artifactapi/files limits nothing: "files" is not a local repository, and quotas limit uploads only.',
  ]);
  await addRemote(url, { name: 'zzz', repo_type: 'local' });
  expect((await call('PUT', `${url}/api/v2/remotes/zzz/files/a`, { body: 'x'.repeat(11) })).status).toBe(507);
});

test('so is one of a project', async () => {
  const quotas = { 'bkrepo/blueking': 1000, 'bkrepo/bluking': 1000, bkrepo: 10 };
  const { notes } = await registry({ backends: ['bkrepo'], bkrepo: { port: 0, seed: true }, quotas });
  expect(notes).toEqual([
    'the quota of bkrepo/bluking limits nothing yet: there is no project "bluking". It applies as soon as there is one. Did you mean "blueking"?',
  ]);
});
