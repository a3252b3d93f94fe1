import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, image, imageAt } from '../registry/formats/docker-image';
import { addRepository, addUser, bkRepo } from '../registry/bkrepo/artifacts/support';
import { addRemote, call, cleanUp, registry, tarball, tempFolder, upstream } from '../registry/helpers';
import { containersHome, dockerRepositories, pushIndex } from './docker-support';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

/** A layer as a file. */
function layerIn(folder: string, text: string): string {
  const path = join(folder, 'layer.tar.gz');
  writeFileSync(path, tarball({ 'hello.txt': text }));
  return path;
}

const lines = (text: string) => text.trim().split('\n');

describeClient('crane', (crane) => {
  const env = () => ({ HOME: tempFolder() });

  test('pushes, lists, changes, copies and deletes images of a local', async () => {
    const { host } = await dockerRepositories();
    const layer = layerIn(tempFolder(), 'ours');
    const run = (...args: string[]) => crane(args, { env: env() });
    await run('append', '-f', layer, '-t', `${host}/l/team/app:1.0`);
    await run('mutate', `${host}/l/team/app:1.0`, '--label', 'by=us', '-t', `${host}/l/team/app:2.0`);
    await run('tag', `${host}/l/team/app:2.0`, 'latest');
    await run('copy', `${host}/l/team/app:2.0`, `${host}/l/other/app:2.0`);
    expect(lines(await run('ls', `${host}/l/team/app`))).toEqual(['1.0', '2.0', 'latest']);
    const digest = (await run('digest', `${host}/l/other/app:2.0`)).trim();
    expect(JSON.parse(await run('config', `${host}/l/team/app@${digest}`))).toMatchObject({ config: { Labels: { by: 'us' } } });
    expect(await run('validate', '--remote', `${host}/l/other/app:2.0`)).toContain('PASS');
    await run('delete', `${host}/l/team/app:2.0`);
    await run('delete', `${host}/l/team/app@${digest}`);
    expect(lines(await run('ls', `${host}/l/team/app`))).toEqual(['1.0']);
    expect((await run('digest', `${host}/l/other/app:2.0`)).trim()).toBe(digest);
    await expect(run('digest', `${host}/l/team/app:2.0`)).rejects.toThrow(/MANIFEST_UNKNOWN|404/);
    await expect(run('ls', `${host}/none/app`)).rejects.toThrow('NAME_UNKNOWN: repository "none" not found');
  });

  test('pulls images of two platforms through a remote and a virtual, by tag and digest; banned tags by digest alone', async () => {
    const { host, open } = await dockerRepositories({ ban_tags_enabled: true, ban_tags: ['^edge$'] });
    const { index, images } = await pushIndex(`${open}/v2/library/app`, '1.0');
    await pushIndex(`${open}/v2/library/app`, 'edge');
    const run = (...args: string[]) => crane(args, { env: env() });
    for (const place of ['r', 'v']) {
      expect(await run('manifest', `${host}/${place}/library/app:1.0`)).toBe(index);
      for (const { architecture, digest } of images)
        expect((await run('digest', '--platform', `linux/${architecture}`, `${host}/${place}/library/app:1.0`)).trim()).toBe(digest);
      expect(lines(await run('ls', `${host}/${place}/library/app`))).toEqual(['1.0', 'edge']);
      expect(await run('manifest', `${host}/${place}/library/app@${digestOf(index)}`)).toBe(index);
    }
    await expect(run('manifest', `${host}/r/library/app:edge`)).rejects.toThrow('DENIED: tag "edge" is banned on remote "r"');
    await run('copy', `${host}/v/library/app:1.0`, `${host}/l/library/app:1.0`);
    for (const { digest } of images) expect(await run('validate', '--remote', `${host}/l/library/app@${digest}`)).toContain('PASS');
    await expect(run('copy', `${host}/l/library/app:1.0`, `${host}/r/library/app:2.0`)).rejects.toThrow(
      'UNSUPPORTED: repository "r" is remote and takes no changes; publish into a local repository',
    );
  });

  test('an image that was pushed into a member is that one in the virtual, whatever a public one of its name has', async () => {
    const { host, url, open } = await dockerRepositories();
    const [ours, theirs] = [image(), image()];
    await imageAt(`${url}/v2/l/team/app`).push('1.0', ours);
    for (const tag of ['1.0', '9.9']) await imageAt(`${open}/v2/team/app`).push(tag, theirs);
    const run = (...args: string[]) => crane(args, { env: env() });
    expect((await run('digest', `${host}/v/team/app:1.0`)).trim()).toBe(ours.digest);
    expect(lines(await run('ls', `${host}/v/team/app`))).toEqual(['1.0']);
    for (const wanted of [':9.9', `@${theirs.digest}`])
      await expect(run('manifest', `${host}/v/team/app${wanted}`)).rejects.toThrow('MANIFEST_UNKNOWN');
    expect((await call('GET', `${url}/v2/v/team/app/blobs/${digestOf(theirs.layer)}`)).status).toBe(404);
  });

  test('pulls from an upstream that demands a login by token', async () => {
    const login = `Basic ${Buffer.from('ci:hush').toString('base64')}`;
    const { open } = await dockerRepositories();
    const { index } = await pushIndex(`${open}/v2/private/app`, '1.0');
    const guarded = await upstream((request, response) => {
      const { authorization } = request.headers;
      if (request.url?.startsWith('/token')) {
        if (authorization !== login) return void response.writeHead(401).end();
        return void response.end(JSON.stringify({ token: 'good', expires_in: 300 }));
      }
      if (authorization !== 'Bearer good') {
        const challenge = `Bearer realm="${guarded.url}/token",service="test",scope="repository:private/app:pull"`;
        return void response.writeHead(401, { 'www-authenticate': challenge }).end();
      }
      response.writeHead(307, { location: `${open}${request.url}` }).end();
    });
    const { url } = await registry();
    await addRemote(url, { name: 'p', package_type: 'docker', base_url: guarded.url, username: 'ci', password: 'hush' });
    expect(await crane(['manifest', `${new URL(url).host}/p/private/app:1.0`], { env: env() })).toBe(index);
  });
});

describeClient('skopeo', (skopeo) => {
  test('copies an image of two platforms from a virtual into a local, and on from there', async () => {
    const { host, open, home } = await dockerRepositories();
    const { index } = await pushIndex(`${open}/v2/library/app`, '1.0');
    const run = (...args: string[]) => skopeo(args, { env: { HOME: home } });
    await run('copy', '--all', `docker://${host}/v/library/app:1.0`, `docker://${host}/l/mirror/app:1.0`);
    await run('copy', '--all', `docker://${host}/l/mirror/app:1.0`, `oci:${join(home, 'layout')}:app`);
    expect(readdirSync(join(home, 'layout', 'blobs', 'sha256'))).toContain(digestOf(index).slice('sha256:'.length));
    await run('copy', '--all', `oci:${join(home, 'layout')}:app`, `docker://${host}/l/again/app:1.0`);
    expect(await run('inspect', '--raw', `docker://${host}/l/again/app:1.0`)).toBe(index);
    expect(JSON.parse(await run('list-tags', `docker://${host}/r/library/app`))).toMatchObject({ Tags: ['1.0'] });
    await run('delete', `docker://${host}/l/again/app:1.0`);
    await expect(run('inspect', `docker://${host}/l/again/app:1.0`)).rejects.toThrow('manifest unknown');
    await expect(run('copy', '--all', `oci:${join(home, 'layout')}:app`, `docker://${host}/v/app:1.0`)).rejects.toThrow(
      'repository \\"v\\" is virtual and takes no changes; publish into its local members: l',
    );
  });

  test('logs in to BK-Repo, and may there what its user may', async () => {
    const admin = await bkRepo();
    for (const [name, type] of [
      ['images', 'DOCKER'],
      ['artifacts', 'OCI'],
    ] as const)
      await addRepository(admin, { name, type });
    await addUser(admin, 'reader', { repos: ['images'], actions: ['READ'] });
    const { host } = new URL(admin.url);
    const home = containersHome([`[[registry]]\nlocation = "${host}"\ninsecure = true\n`]);
    const run = (...args: string[]) => skopeo(args, { env: { HOME: home } });
    const layout = await layoutIn(run, home);
    for (const repo of ['images', 'artifacts']) {
      await run('copy', '--dest-creds', 'admin:password', layout, `docker://${host}/pp/${repo}/team/app:1.0`);
      const tags = await run('list-tags', '--creds', 'admin:password', `docker://${host}/pp/${repo}/team/app`);
      expect(JSON.parse(tags)).toMatchObject({ Tags: ['1.0'] });
    }
    const versions = await admin.tell('GET', '/repository/api/version/page/pp/images?packageKey=docker://team/app&pageNumber=1&pageSize=5');
    expect(versions).toMatchObject({ data: { records: [{ name: '1.0' }] } });
    await run('login', '--authfile', join(home, 'auth.json'), '--tls-verify=false', '-u', 'reader', '-p', 'secret', host);
    const auth = ['--authfile', join(home, 'auth.json')];
    await run('copy', '--src-authfile', join(home, 'auth.json'), `docker://${host}/pp/images/team/app:1.0`, `dir:${join(home, 'copy')}`);
    await expect(run('copy', '--dest-authfile', join(home, 'auth.json'), layout, `docker://${host}/pp/images/app:2.0`)).rejects.toThrow(
      'denied',
    );
    await expect(run('inspect', ...auth, `docker://${host}/pp/artifacts/team/app:1.0`)).rejects.toThrow('denied');
    await expect(run('inspect', '--no-creds', `docker://${host}/pp/images/team/app:1.0`)).rejects.toThrow(/unauthorized|authentication/);
    await expect(run('inspect', '--creds', 'admin:wrong', `docker://${host}/pp/images/team/app:1.0`)).rejects.toThrow(
      /unauthorized|authentication/,
    );
  });
});

/** A layout with one image, copied there from a local. */
async function layoutIn(run: (...args: string[]) => Promise<string>, home: string): Promise<string> {
  const { url } = await registry();
  await addRemote(url, { name: 'l', package_type: 'docker', repo_type: 'local' });
  await imageAt(`${url}/v2/l/app`).push('1.0', image());
  await run('copy', '--src-tls-verify=false', `docker://${new URL(url).host}/l/app:1.0`, `oci:${join(home, 'layout')}:app`);
  return `oci:${join(home, 'layout')}:app`;
}

describeClient('buildah', (buildah) => {
  describeClient('podman', (podman) => {
    test('an image that buildah built and pushed is pulled by podman through the virtual', async () => {
      const { host, home } = await dockerRepositories();
      const store = ['--root', join(home, 'root'), '--runroot', join(home, 'run'), '--storage-driver', 'vfs'];
      const env = { HOME: home, TMPDIR: home };
      const build = (...args: string[]) => buildah([...store, ...args], { env });
      const pod: Run = (args) => podman([...store, '--cgroup-manager', 'cgroupfs', ...args], { env });
      mkdirSync(join(home, 'files'));
      writeFileSync(join(home, 'files', 'hello.txt'), 'ours');
      const container = (await build('from', 'scratch')).trim();
      await build('copy', container, join(home, 'files'), '/');
      await build('commit', container, `${host}/l/team/built:1.0`);
      await build('push', `${host}/l/team/built:1.0`);
      await pod(['pull', `${host}/v/team/built:1.0`]);
      await pod(['save', '--format', 'oci-dir', '-o', join(home, 'saved'), `${host}/v/team/built:1.0`]);
      expect(readFileSync(join(home, 'saved', 'index.json'), 'utf8')).toContain('manifest');
      await pod(['tag', `${host}/v/team/built:1.0`, `${host}/l/team/built:2.0`]);
      await pod(['push', `${host}/l/team/built:2.0`]);
      await build('rm', '--all');
      await pod(['rmi', '--all', '--force']);
      await expect(pod(['pull', `${host}/v/team/none:1.0`])).rejects.toThrow('manifest unknown');
    });
  });
});
