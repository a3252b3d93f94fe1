import { existsSync, readFileSync } from 'node:fs';
import { startRegistry } from '../../src/registry/server';
import { expectStatus } from '../acceptance/support/command';
import { machineCore } from '../acceptance/support/core-binary';
import { inProject, installPacked } from '../acceptance/support/project';

test('an app for another server creates everything there, and the files follow', async () => {
  const modules = installPacked();
  try {
    await inProject({ modules, main: '', core: machineCore() }, async (project) => {
      const from = project.registry.url;
      const to = await startRegistry({ data: project.path('home/new'), port: 0, strict: true, closeGraceMs: 0 });
      const post = async (path: string, body: object): Promise<void> =>
        expect((await fetch(from + path, { method: 'POST', body: JSON.stringify(body) })).status).toBe(201) as unknown as void;
      const repoform = (args: readonly string[]) => project.run(process.execPath, ['node_modules/repoform/dist/repoform.js', ...args]);
      try {
        await post('/api/v2/remotes', { name: 'own', package_type: 'generic', repo_type: 'local' });
        await post('/api/v2/remotes', { name: 'images', package_type: 'docker', repo_type: 'local' });
        const login = { base_url: 'https://files.example.com', username: 'ci', password: 'upstream-1' };
        await post('/api/v2/remotes', { name: 'up', package_type: 'generic', repo_type: 'remote', ...login });
        await post('/api/v2/virtuals', { name: 'all', package_type: 'generic', members: ['up', 'own'] });
        const put = await fetch(`${from}/api/v2/remotes/own/files/docs/hello.txt`, { method: 'PUT', body: 'hello' });
        expect(put.status).toBe(201);

        const adopted = await repoform(['adopt', 'artifactapi', '--endpoint', from, '--move-to', to.url, '--out', 'moved']);
        expect(expectStatus(adopted, 0).text).toContain('  own: one file, 5 bytes\n');
        expect(existsSync(project.path('moved/imports.ts'))).toBe(false);
        expect(readFileSync(project.path('moved/README.md'), 'utf8')).toContain(`copy-files artifactapi --from ${from} --to ${to.url}\n`);
        const cdktf = (args: string, env: NodeJS.ProcessEnv = {}) =>
          project.run('sh', ['-c', `cd moved && exec ../node_modules/.bin/cdktf ${args}`], { ARTIFACTAPI_ENDPOINT: to.url, ...env });
        const secret = { TF_VAR_up_password: 'upstream-1' };
        const deployed = expectStatus(await cdktf('deploy --auto-approve', secret), 0);
        expect(deployed.text).toContain('Resources: 4 added, 0 changed, 0 destroyed.');
        expect((await cdktf('diff', secret)).text).toContain('No changes.');

        const copy = ['copy-files', 'artifactapi', '--from', from, '--to', to.url];
        expect(expectStatus(await repoform(copy), 0).text).toContain('own: copied one file, 5 bytes\n');
        expect(await (await fetch(`${to.url}/api/v1/local/own/docs/hello.txt`)).text()).toBe('hello');
        expect(expectStatus(await repoform(copy), 0).text).toContain('own: already there: one file, 5 bytes\n');
        const replaced = await fetch(`${to.url}/api/v2/remotes/own/files/docs/hello.txt`, { method: 'DELETE' });
        expect(replaced.status).toBe(204);
        await fetch(`${to.url}/api/v2/remotes/own/files/docs/hello.txt`, { method: 'PUT', body: 'other' });
        expect(expectStatus(await repoform(copy), 3).text).toContain('own/docs/hello.txt: the target has a file with other content there');
        expectStatus(await repoform([...copy, '--replace']), 0);
        const wrong = await repoform(['copy-files', 'artifactapi', '--from', from, '--to', `${from}/`]);
        expect(expectStatus(wrong, 2).text).toContain('--from and --to are the same server');
      } finally {
        await to.close();
      }
    });
  } finally {
    modules.remove();
  }
}, 300_000);
