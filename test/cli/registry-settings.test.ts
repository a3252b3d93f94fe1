import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltCommand } from './command';

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());

const registry = (env: NodeJS.ProcessEnv, ...args: string[]) =>
  command.start(['registry', '--port', '0', '--data', 'none', ...args], env).ended;

describe('variables of repoform registry', () => {
  test('every option has one, and the command line takes precedence', async () => {
    const env = {
      ...{ REPOFORM_BACKEND: 'artifactapi,bkrepo', REPOFORM_HOST: 'localhost', REPOFORM_DATA: 'named', REPOFORM_STRICT: 'Yes' },
      ...{
        REPOFORM_PORT: '1',
        REPOFORM_BKREPO_PORT: '0',
        REPOFORM_BKREPO_PREFIX: '/bk',
        REPOFORM_PUBLIC_URL: 'https://packages.example.com',
      },
    };
    const running = command.start(['registry', '--port', '0'], env);
    const text = await running.line(/^(The registry runs at \S+ \(strict\) and keeps its data in named\n.*)\n/m);
    expect(text).toMatch(/^BK-Repo runs at \S+:\d+\/bk \(strict\)$/m);
    running.signal('SIGTERM');
    await running.ended;
    const { stdout } = await command.run('registry', '--help');
    const help = stdout.slice(stdout.indexOf('\nOptions:'), stdout.indexOf('\nCommands:'));
    const options = help.split(/\n(?= {2}-)/).slice(1);
    expect(options.length).toBeGreaterThan(40);
    expect(options.filter((each) => !/\(env:|env: [A-Z]/.test(each)).map((each) => each.trim().split(/\s/)[0])).toEqual(['-h,']);
  });

  test('that are empty count as not set', async () => {
    const names = [
      'REPOFORM_CACHE_SIZE',
      'REPOFORM_QUOTA',
      'REPOFORM_RATE_LIMIT',
      'REPOFORM_PUBLIC_URL',
      'REPOFORM_AUTH',
      'DATABASE_URL',
      'MINIO_BUCKET',
    ];
    const running = command.start(['registry', '--port', '0', '--data', 'empty'], Object.fromEntries(names.map((name) => [name, ''])));
    expect(await running.line(/^The registry runs at (http:\S+)/m)).toMatch(/^http:/);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test('remotes to leave unchecked are names, for BK-Repo with the project, and globs', async () => {
    const said = 'A remote must be a name (of BK-Repo project/repository), or a glob of names (letters, digits, ".", "_", "-", "*", "?")';
    for (const name of ['', 'a b', 'a/b/c', '/a', 'https://charts.example.com'])
      expect((await registry({}, '--unverified', `charts,${name}`)).stderr).toContain(said);
    const running = command.start(['registry', '--port', '0', '--data', 'unverified', '--unverified', 'charts,legacy-*,blueking/helm-?']);
    expect(await running.line(/^The registry runs at (http:\S+)/m)).toMatch(/^http:/);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  const switches = ['AUTH', 'INSECURE', 'STRICT', 'TRUST_FORWARDED', 'TRACE_UPSTREAMS', 'S3_CREATE_BUCKET', 'SEED'].map(
    (name) => `REPOFORM_${name}`,
  );
  test.each(switches)('%s that is neither yes nor no is refused', async (name) => {
    const said = `${name}: "maybe" is neither yes nor no; expected 1, true, yes or on, or 0, false, no, off or nothing`;
    expect(await registry({ [name]: 'maybe' })).toEqual({ code: 2, stdout: '', stderr: `repoform: ${said}\n` });
  });

  test('an endpoint without a bucket is refused by the name of its variable, as is one with an unknown scheme', async () => {
    const { stderr } = await registry({ MINIO_ENDPOINT: '127.0.0.1:9' });
    expect(stderr).toContain('MINIO_ENDPOINT is set, but no bucket; name one with --s3-bucket or MINIO_BUCKET');
    const secure = await registry({ MINIO_ENDPOINT: '127.0.0.1:9', MINIO_BUCKET: 'artifacts', MINIO_SECURE: 'maybe' });
    expect(secure.stderr).toContain('MINIO_SECURE: "maybe" is neither yes nor no; expected 1, true, yes or on');
  });

  test.each(['--cache-size', '--store-limit', '--quota'])('a size for %s has a unit', async (option) => {
    const value = option === '--quota' ? 'artifactapi/a=5' : '5';
    const { code, stderr } = await registry({}, option, value);
    expect(code).toBe(2);
    expect(stderr).toContain('A size must be a number with a unit, such as 500MB, 50GB or 2TiB');
  });
});

describe('the data folder', () => {
  test.each([
    ['/proc/repoform/x', 'no folders can be created in /proc'],
    ['file', 'file is a file, not a folder'],
    ['file/below', 'file is a file, not a folder'],
  ])('%s is refused at once', async (data, reason) => {
    writeFileSync(join(command.folder, 'file'), '');
    const { code, stderr } = await command.run('registry', '--port', '0', '--data', data);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^repoform: the data folder ${data} cannot be used: \\S*${reason}; choose another with --data\\n$`, 'm'),
    );
  });
});

describe('archives', () => {
  test('a source of migrate that is not there is told with the option that names it', async () => {
    const { code, stderr } = await command.run('registry', 'migrate', '--from', 'nowhere', '--data', 'moved');
    expect([code, stderr]).toEqual([1, 'repoform: there is no registry in nowhere; name its data folder with --from\n']);
  });

  test('what is not an archive is named', async () => {
    mkdirSync(join(command.folder, 'folder'));
    writeFileSync(join(command.folder, 'bad.tar'), 'no archive');
    const { code, stderr } = await command.run('registry', 'import', 'bad.tar', '--data', 'imported');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'repoform: bad.tar: this is not an archive of a registry, or not all of one; expected what "repoform registry export"',
    );
    expect((await command.run('registry', 'import', 'folder', '--data', 'imported')).stderr).toContain('folder is a folder');
  });

  test('an export replaces a file only with --force', async () => {
    const running = command.start(['registry', '--port', '0', '--data', 'exported']);
    await running.line(/(runs at)/);
    running.signal('SIGTERM');
    await running.ended;
    const run = (...args: string[]) => command.run('registry', 'export', '--data', 'exported', '--output', 'out.tar', ...args);
    expect((await run()).code).toBe(0);
    expect(await run()).toMatchObject({
      code: 1,
      stderr: 'repoform: out.tar already exists; name another file, or add --force to replace it\n',
    });
    expect((await run('--force')).code).toBe(0);
  });
});
