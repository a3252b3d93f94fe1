import { readdirSync, writeFileSync } from 'node:fs';
import { addRepository, bkRepo } from '../registry/bkrepo/artifacts/support';
import { wheel } from '../registry/formats/python-files';
import { call, cleanUp, tempFolder } from '../registry/helpers';
import { distributions, home, installedIn, pythonRepositories } from './python-support';
import { describeClient } from './support';

afterEach(cleanUp);

const CORE = { name: 'acme-core', version: '1.0', headers: ['Summary: of the team', 'Requires-Python: >=3.7'] };

describeClient('twine', (twine) => {
  describeClient('pip', (pip) => {
    test('what twine published into a local is installed by pip from there and from a virtual, whose internal projects come first', async () => {
      const { url, open, local, virtual } = await pythonRepositories();
      const author = home({ pypirc: local.clientConfig({ format: 'pypirc' }) }).with(twine);
      const { files } = await distributions(CORE);
      await author('upload', '--non-interactive', '-r', 'l', ...files);
      // The same files again, as twine can skip files only on the public index.
      await author('upload', '--non-interactive', '-r', 'l', ...files);
      for (const [repository, wanted, expected] of [
        [local, 'Acme_Core', ['acme_core 1.0']],
        [virtual, 'public-pad', ['acme_core 1.0', 'public_pad 1.0']],
      ] as const) {
        const target = tempFolder();
        await home({ pip: repository.clientConfig() }).with(pip)('install', '--target', target, wanted);
        expect(installedIn(target)).toEqual(expected);
      }
      const folder = tempFolder();
      const user = home({ pip: virtual.clientConfig() }).with(pip);
      await expect(user('download', '-d', folder, 'acme-core==9.9')).rejects.toThrow(/from versions: 1\.0\)/);
      expect(open.requests.map((request) => request.url).filter((path) => path?.includes('acme'))).toEqual([]);
      await call('PUT', `${url}/api/v1/local/l/acme-core/1.0/yanked`, { body: 'breaks' });
      await expect(user('download', '-d', folder, 'acme-core')).rejects.toThrow(/No matching distribution/);
      await user('download', '-d', folder, 'acme-core==1.0');
      expect(readdirSync(folder)).toContain('acme_core-1.0-py3-none-any.whl');
    });
  });

  test('why an upload is refused is what twine shows', async () => {
    const { url, local } = await pythonRepositories();
    const { folder, with: at } = home({ pypirc: local.clientConfig({ format: 'pypirc' }) });
    const author = at(twine);
    const { file, content } = await wheel(CORE);
    writeFileSync(`${folder}/${file}`, content);
    await author('upload', '--non-interactive', '-r', 'l', file);
    const other = await wheel({ ...CORE, headers: ['Summary: another'] });
    writeFileSync(`${folder}/${file}`, other.content);
    const said = async (...args: string[]) =>
      (await author('upload', '--non-interactive', ...args, file).catch(String)).replace(/\s+/g, ' ');
    expect(await said('-r', 'l')).toMatch(/400 Bad Request from \S+ File already exists: acme-core\/acme_core-1\.0-py3-none-any\.whl/);
    const elsewhere = (place: string) => said('-u', 'a', '-p', 'b', '--repository-url', `${url}/api/v1/${place}`);
    expect(await elsewhere('virtual/v/')).toContain('repository "v" is virtual and takes no changes; publish into its local members: l');
    expect(await elsewhere('local/l/simple/')).toContain('twine and uv upload to');
  });

  describeClient('pip', (pip) => {
    test('publishes into a local repository of BK-Repo, from where pip installs, with the password of a user', async () => {
      const admin = await bkRepo();
      await addRepository(admin, { name: 'pypi', type: 'PYPI' });
      const place = `${admin.url}/pypi/pp/pypi`;
      const author = home({}).with(twine);
      const { files } = await distributions(CORE);
      await author('upload', '--non-interactive', '-u', 'admin', '-p', 'password', '--repository-url', place, ...files);
      const user = home({}).with(pip);
      const target = tempFolder();
      const index = place.replace('://', '://admin:password@');
      await user('install', '--target', target, '-i', `${index}/simple`, 'acme-core');
      expect(installedIn(target)).toEqual(['acme_core 1.0']);
      await expect(user('install', '--no-input', '--target', tempFolder(), '-i', `${place}/simple`, 'acme-core')).rejects.toThrow(
        /401|No matching/,
      );
      const refused = author('upload', '--non-interactive', '-u', 'admin', '-p', 'wrong', '--repository-url', place, ...files);
      await expect(refused).rejects.toThrow('401');
    });
  });
});

describeClient('uv', (uv) => {
  test('publishes into a local by the name of its index, skips what is there, and installs from a local, a remote and a virtual', async () => {
    const { local, remote, virtual } = await pythonRepositories();
    const author = home({ uv: local.clientConfig({ format: 'uv' }) }).with(uv);
    const { files } = await distributions(CORE);
    for (let time = 0; time < 2; time++) await author('publish', '--index', 'l', ...files);
    for (const [repository, wanted, expected] of [
      [local, 'acme-core', ['acme_core 1.0']],
      [remote, 'public-pad', ['acme_core 9.9', 'public_pad 1.0']],
      [virtual, 'public-pad', ['acme_core 1.0', 'public_pad 1.0']],
    ] as const) {
      const target = tempFolder();
      await home({ uv: repository.clientConfig({ format: 'uv' }) }).with(uv)('pip', 'install', '--target', target, wanted);
      expect(installedIn(target)).toEqual(expected);
    }
  });

  test('why an upload is refused is what uv shows', async () => {
    const { url } = await pythonRepositories();
    const { folder, with: at } = home({});
    const { file, content } = await wheel(CORE);
    writeFileSync(`${folder}/${file}`, content);
    const publish = (place: string) =>
      at(uv)('publish', '-u', 'a', '-p', 'b', '--publish-url', `${url}/api/v1/${place}`, file).catch(String);
    expect(await publish('remote/r/')).toContain('repository "r" is remote and takes no changes');
    expect(await publish('local/l/simple/')).toContain('POST is not supported at this URL; twine and uv upload to');
    expect(await publish('local/l/')).toBe('');
    writeFileSync(`${folder}/${file}`, (await wheel({ ...CORE, headers: ['Summary: another'] })).content);
    expect(await publish('local/l/')).toContain('File already exists: acme-core/acme_core-1.0-py3-none-any.whl');
  });
});

describeClient('pip', (pip) => {
  test.each(['json', 'html'] as const)(
    'keeps to what an upstream of %s says of its files: needs, yanked versions, metadata',
    async (speaks) => {
      const { open, remote } = await pythonRepositories(speaks);
      const target = tempFolder();
      await home({ pip: remote.clientConfig() }).with(pip)('install', '--target', target, 'public-pad');
      expect(installedIn(target)).toEqual(['acme_core 9.9', 'public_pad 1.0']);
      const asked = open.requests.map((request) => String(request.url));
      expect(asked).toContain('/packages/public_pad-1.0-py3-none-any.whl.metadata');
      expect(asked.filter((path) => /public_pad-[23]/.test(path))).toEqual([]);
    },
  );
});
