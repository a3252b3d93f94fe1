import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wheel } from '../registry/formats/python-files';
import { bearer } from '../registry/access/support';
import { call, cleanUp, tarball, tempFolder, upstream } from '../registry/helpers';
import { type Logins, refusal, withLogins } from './logins-support';
import { built, dnfFor, small } from './rpm-support';
import { describeClient, TOOLS } from './support';

const TYPES = ['npm', 'pypi', 'docker', 'helm', 'generic', 'rpm'] as const;

let url: string;
let host: string;
let secrets: Logins['secrets'];
beforeAll(async () => void ({ url, host, secrets } = await withLogins(TYPES)));
afterAll(cleanUp);

describeClient('npm', (npm) => {
  test('publishes and installs with a token, and says why it may not', async () => {
    const place = `${url}/api/v1/local/npm/`;
    const at = (secret?: string) => {
      const cwd = tempFolder();
      const login = secret === undefined ? '' : `${place.replace('http:', '')}:_authToken=${secret}\n`;
      writeFileSync(join(cwd, '.npmrc'), `registry=${place}\n${login}`);
      writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: '@acme/app', version: '1.0.0' }));
      const env = { HOME: cwd, npm_config_cache: join(cwd, 'cache'), npm_config_update_notifier: 'false', npm_config_fund: 'false' };
      return (...args: string[]) => npm(args, { cwd, env });
    };
    expect(await refusal(at(secrets.reader)('publish'))).toMatch(
      /403 Forbidden - PUT \S+ - the token "reader" lacks the scope "write:npm"; its scopes are read:\*/,
    );
    await at(secrets.writer)('publish');
    expect((await at(secrets.reader)('view', '@acme/app', 'version')).trim()).toBe('1.0.0');
    expect((await at(secrets.reader)('whoami')).trim()).toBe('reader');
    expect(await refusal(at()('view', '@acme/app'))).toMatch(/401 a login is required|E401/);
    expect(await refusal(at(secrets.other)('view', '@acme/app'))).toContain('the token "other" lacks the scope "read:npm"');
    expect(await refusal(at(secrets.writer)('unpublish', '@acme/app', '--force'))).toContain(
      'the token "writer" lacks the scope "delete:npm"',
    );
  }, 120_000);
});

describeClient('twine', (twine) => {
  describeClient('pip', (pip) => {
    test('twine publishes and pip installs with a token as the password, and both say why they may not', async () => {
      const cwd = tempFolder();
      const { file, content } = await wheel({ name: 'acme-core', version: '1.0' });
      writeFileSync(join(cwd, file), content);
      const place = `${url}/api/v1/local/pypi/`;
      const upload = (secret: string) =>
        twine(['upload', '--non-interactive', '--disable-progress-bar', '-u', '__token__', '-p', secret, '--repository-url', place, file], {
          cwd,
          env: { HOME: cwd },
        });
      expect(await refusal(upload('wrong'))).toMatch(/401 Unauthorized from \S+ the credentials are not a token/);
      expect(await refusal(upload(secrets.reader))).toMatch(/403 Forbidden from \S+ the token "reader" lacks the scope "write:pypi"/);
      await upload(secrets.writer);
      const download = (login: string) =>
        pip(
          [
            'download',
            '--isolated',
            '--disable-pip-version-check',
            '--no-input',
            '-d',
            join(cwd, 'd'),
            '--index-url',
            `${place.replace('://', `://${login}`)}simple/`,
            'acme-core',
          ],
          { cwd, env: { HOME: cwd } },
        );
      expect(await download(`anyone:${secrets.reader}@`)).toContain('acme_core-1.0-py3-none-any.whl');
      expect(await refusal(download(`anyone:${secrets.other}@`))).toContain('No matching distribution found for acme-core');
    });
  });
});

describeClient('crane', (crane) => {
  test('logs in by the token flow of images, pushes and pulls, and says why it may not', async () => {
    const cwd = tempFolder();
    const at = (secret?: string) => {
      const home = tempFolder();
      mkdirSync(join(home, '.docker'));
      const auths = secret === undefined ? {} : { [host]: { auth: Buffer.from(`anyone:${secret}`).toString('base64') } };
      writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ auths }));
      return (...args: string[]) => crane(args, { cwd, env: { HOME: home } });
    };
    writeFileSync(join(cwd, 'layer.tgz'), tarball({ 'layer.txt': 'hello' }));
    const append = (secret?: string) => at(secret)('append', '--insecure', '-f', join(cwd, 'layer.tgz'), '-t', `${host}/docker/app:1`);
    expect(await refusal(append())).toContain('a login is required');
    expect(await refusal(append('wrong'))).toContain('the credentials are not a token of this registry');
    expect(await refusal(append(secrets.reader))).toContain('DENIED: the token "reader" lacks the scope "write:docker"');
    await append(secrets.writer);
    expect((await at(secrets.reader)('ls', '--insecure', `${host}/docker/app`)).trim()).toBe('1');
    expect(await refusal(at(secrets.other)('manifest', '--insecure', `${host}/docker/app:1`))).toContain('lacks the scope "read:docker"');
    expect(await refusal(at(secrets.writer)('delete', '--insecure', `${host}/docker/app:1`))).toContain('lacks the scope "delete:docker"');
  });
});

describeClient('helm', (helm) => {
  test('pushes charts as images and fetches them with a token, and says why it may not', async () => {
    const cwd = tempFolder();
    const env = (name: string) => ({
      HOME: cwd,
      HELM_CACHE_HOME: join(cwd, name),
      HELM_CONFIG_HOME: join(cwd, name),
      HELM_DATA_HOME: join(cwd, name),
    });
    const at =
      (name: string) =>
      (...args: string[]) =>
        helm(args, { cwd, env: env(name) });
    await at('writer')('create', 'app');
    await at('writer')('package', 'app', '--version', '1.0.0');
    const login = (name: 'writer' | 'reader') =>
      at(name)('registry', 'login', host, '--plain-http', '--username', 'anyone', '--password', secrets[name]);
    expect(await refusal(at('x')('registry', 'login', host, '--plain-http', '--username', 'x', '--password', 'wrong'))).toMatch(
      /401|unauthorized/i,
    );
    await login('writer');
    await login('reader');
    const push = (name: string) => at(name)('push', 'app-1.0.0.tgz', `oci://${host}/helm`, '--plain-http');
    expect(await refusal(push('reader'))).toContain('the token "reader" lacks the scope "write:helm"');
    await push('writer');
    const add = (secret: string) =>
      at('reader')('repo', 'add', 'own', `${url}/api/v1/local/helm`, '--username', 'anyone', '--password', secret, '--force-update');
    expect(await refusal(add('wrong'))).toContain('401 the credentials are not a token of this registry');
    expect(await refusal(add(secrets.other))).toContain('403 the token "other" lacks the scope "read:helm"');
    await add(secrets.reader);
    expect(await at('reader')('search', 'repo', 'own/app')).toContain('1.0.0');
  });
});

describeClient('rpmbuild', (rpmbuild) => {
  describeClient('dnf', (dnf) => {
    test('dnf installs with a token as the password, and says why it may not', async () => {
      const [core] = await built(rpmbuild, [small('acme-core', '1.0')]);
      const put = (secret: string) =>
        call('PUT', `${url}/api/v2/remotes/rpm/files/${core?.file}`, { headers: bearer(secret), body: core?.content });
      expect([(await put(secrets.reader)).status, (await put(secrets.writer)).status]).toEqual([403, 201]);
      const at = (secret?: string) => {
        const login = secret === undefined ? '' : `username=anyone\npassword=${secret}\n`;
        return dnfFor(dnf, `[acme]\nname=acme\nbaseurl=${url}/api/v1/local/rpm/\ngpgcheck=0\n${login}`);
      };
      const reader = at(secrets.reader);
      await reader.run('install', 'acme-core');
      expect(reader.installed('acme-core')).toBe('1.0');
      for (const [secret, status] of [
        [undefined, 401],
        ['wrong', 401],
        [secrets.other, 403],
      ] as const)
        expect(await refusal(at(secret).run('install', 'acme-core'))).toMatch(
          new RegExp(`Status code: ${status} for \\S+/rpm/repodata/repomd.xml`),
        );
    }, 120_000);
  });
});

describeClient('mvn', (mvn) => {
  test('fetches through a remote with a token as the password of a server, and shows why it may not', async () => {
    const pom =
      '<project><modelVersion>4.0.0</modelVersion><groupId>org.open</groupId><artifactId>pub</artifactId><version>1.0</version><packaging>pom</packaging></project>';
    const central = await upstream((request, response) => {
      const found = request.url === '/org/open/pub/1.0/pub-1.0.pom' ? pom : undefined;
      response.writeHead(found === undefined ? 404 : 200).end(found);
    });
    const body = { name: 'central', package_type: 'generic', base_url: central.url };
    expect((await call('POST', `${url}/api/v2/remotes`, { headers: bearer(secrets.admin), body })).status).toBe(201);
    const compile = async (secret?: string) => {
      const cwd = tempFolder();
      cpSync(join(TOOLS, 'maven'), join(cwd, 'local'), { recursive: true });
      const dependency =
        '<dependency><groupId>org.open</groupId><artifactId>pub</artifactId><version>1.0</version><type>pom</type></dependency>';
      const place = `<repository><id>acme</id><url>${url}/api/v1/remote/central/</url></repository>`;
      writeFileSync(
        join(cwd, 'pom.xml'),
        `<project><modelVersion>4.0.0</modelVersion><groupId>com.acme</groupId><artifactId>app</artifactId><version>1.0</version>
        <repositories>${place}</repositories><dependencies>${dependency}</dependencies></project>`,
      );
      const server = secret === undefined ? '' : `<server><id>acme</id><username>anyone</username><password>${secret}</password></server>`;
      writeFileSync(
        join(cwd, 'settings.xml'),
        `<settings><localRepository>${join(cwd, 'local')}</localRepository><servers>${server}</servers></settings>`,
      );
      const env = { HOME: cwd, MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' };
      await mvn(['-B', '-q', '-s', 'settings.xml', 'compile'], { cwd, env });
      return existsSync(join(cwd, 'local/org/open/pub/1.0/pub-1.0.pom'));
    };
    const [reader, nobody, other] = await Promise.all([
      compile(secrets.reader),
      refusal(compile().then(String)),
      refusal(compile(secrets.other).then(String)),
    ]);
    expect(reader).toBe(true);
    expect(nobody).toMatch(/401/);
    expect(other).toMatch(/the token "other" lacks the scope "read:central"/);
  }, 180_000);
});

describeClient('curl', (curl) => {
  test('uploads and fetches with a token as the password, and shows why it may not', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'file'), 'content');
    const at = (secret: string, ...args: string[]) =>
      curl(['-sS', '--fail-with-body', '-u', `anyone:${secret}`, ...args, `${url}/api/v2/remotes/generic/files/file`], { cwd });
    expect(await refusal(at(secrets.reader, '-T', 'file'))).toContain('the token "reader" lacks the scope "write:generic"');
    expect(await at(secrets.writer, '-T', 'file')).toContain('"repo":"generic"');
    const fetched = (secret: string) =>
      curl(['-sS', '--fail-with-body', '-u', `anyone:${secret}`, `${url}/api/v1/local/generic/file`], { cwd });
    expect(await fetched(secrets.reader)).toBe('content');
    expect(await refusal(fetched(secrets.other))).toContain(
      'the token "other" lacks the scope "read:generic"; its scopes are read,write:other-*',
    );
  });
});
