import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanUp, tempFolder, upstream } from '../registry/helpers';
import { addRepository, bkRepo } from '../registry/bkrepo/artifacts/support';
import { describeClient, type Run, TOOLS } from './support';

afterEach(cleanUp);

/** The plugins of Maven's own lifecycle, which `.ci/clients` has brought. */
const PLUGINS = join(TOOLS, 'maven');

const pom = (group: string, artifact: string, version: string) =>
  `<project><modelVersion>4.0.0</modelVersion><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><packaging>pom</packaging></project>`;

/** A public repository with something of its own, and something under the name of an internal artifact. */
async function publicMaven() {
  const versions = '<versioning><versions><version>9.9</version></versions></versioning>';
  const files: Record<string, string> = {
    '/com/acme/Lib/maven-metadata.xml': `<metadata><groupId>com.acme</groupId><artifactId>Lib</artifactId>${versions}</metadata>`,
    '/com/acme/Lib/9.9/Lib-9.9.pom': pom('com.acme', 'Lib', '9.9'),
    '/org/open/pub/1.0/pub-1.0.pom': pom('org.open', 'pub', '1.0'),
  };
  return upstream((request, response) => {
    const path = String(request.url);
    const found = files[path] ?? sha1Of(files[path.replace(/\.sha1$/, '')]);
    response.writeHead(found === undefined ? 404 : 200).end(found);
  });
}

function sha1Of(text: string | undefined): string | undefined {
  return text === undefined ? undefined : createHash('sha1').update(text).digest('hex');
}

/** Runs Maven in folders of their own, with the password of a user where there is one. */
async function setUp(mvn: Run) {
  const admin = await bkRepo();
  await addRepository(admin, { name: 'mvn', type: 'MAVEN' });
  const open = await publicMaven();
  await addRepository(admin, { name: 'far', type: 'MAVEN', category: 'REMOTE', configuration: { type: 'remote', url: open.url } });
  const repositoryList = ['far', 'mvn'].map((name) => ({ projectId: 'pp', name }));
  await addRepository(admin, { name: 'all', type: 'MAVEN', category: 'VIRTUAL', configuration: { type: 'virtual', repositoryList } });
  const url = `${admin.url}/maven/pp/mvn/`;
  const place = (name: string) => `<${name}><id>bk</id><url>${url}</url></${name}>`;
  /** A project with one class; each has a local repository of its own, so that what it uses comes from the server. */
  const project = (
    artifact: string,
    version: string,
    given: { source?: string; dependency?: string; from?: string; password?: string } = {},
  ) => {
    const cwd = tempFolder();
    cpSync(PLUGINS, join(cwd, 'local'), { recursive: true });
    const source = given.source ?? `package acme; public class ${artifact} { public static String name() { return "${version}"; } }`;
    const write = (path: string, text: string) => {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), text);
    };
    const { from = 'mvn' } = given;
    const open = '<dependency><groupId>org.open</groupId><artifactId>pub</artifactId><version>1.0</version><type>pom</type></dependency>';
    const dependency = given.dependency
      ? `<dependencies><dependency><groupId>com.acme</groupId><artifactId>Lib</artifactId><version>${given.dependency}</version></dependency>${from === 'all' ? open : ''}</dependencies>`
      : '';
    write(`src/main/java/acme/${artifact}.java`, source);
    write(
      'pom.xml',
      `<project><modelVersion>4.0.0</modelVersion><groupId>com.acme</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
      <properties><maven.compiler.source>8</maven.compiler.source><maven.compiler.target>8</maven.compiler.target></properties>
      <repositories><repository><id>bk</id><url>${admin.url}/maven/pp/${from}/</url><snapshots><enabled>true</enabled><updatePolicy>always</updatePolicy><checksumPolicy>fail</checksumPolicy></snapshots><releases><checksumPolicy>fail</checksumPolicy></releases></repository></repositories>
      <distributionManagement>${place('repository')}${place('snapshotRepository')}</distributionManagement>${dependency}</project>`,
    );
    write(
      'settings.xml',
      `<settings><localRepository>${join(cwd, 'local')}</localRepository>
      <servers><server><id>bk</id><username>admin</username><password>${given.password ?? 'password'}</password></server></servers></settings>`,
    );
    const env = { HOME: cwd, MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' };
    return { cwd, mvn: (...args: string[]) => mvn(['-B', '-q', '-s', 'settings.xml', ...args], { cwd, env }) };
  };
  return { url, open, project };
}

describeClient('mvn', (mvn) => {
  test('deploys a release and two builds of a snapshot, and builds with them, also from a virtual with a public remote', async () => {
    const { open, project } = await setUp(mvn);
    await project('Lib', '1.0.0').mvn('deploy');
    await project('Lib', '1.1-SNAPSHOT', { source: 'package acme; public class Lib {}' }).mvn('deploy');
    await project('Lib', '1.1-SNAPSHOT').mvn('deploy');
    const source = 'package acme; public class App { String name = Lib.name(); }';
    const [fixed, newest] = [
      project('App', '1.0', { dependency: '1.0.0', source }),
      project('App', '1.0', { dependency: '[1.0,)', source, from: 'all' }),
    ];
    await Promise.all([fixed.mvn('compile'), newest.mvn('compile')]);
    expect(existsSync(join(fixed.cwd, 'target/classes/acme/App.class'))).toBe(true);
    expect(readFileSync(join(newest.cwd, 'local/com/acme/Lib/1.1-SNAPSHOT/maven-metadata-bk.xml'), 'utf8')).toContain(
      '<buildNumber>2</buildNumber>',
    );
    const asked = open.requests.map((request) => String(request.url));
    expect([asked.some((path) => path.includes('/org/open/pub/')), asked.filter((path) => path.includes('Lib'))]).toEqual([true, []]);
  }, 180_000);

  test('shows why it is refused', async () => {
    const { url, project } = await setUp(mvn);
    const author = project('Lib', '1.0.0');
    const file = ['-Dfile=pom.xml', '-DpomFile=pom.xml', '-DrepositoryId=bk', `-Durl=${url}`, '-DartifactId=Other', '-Dpackaging=jar'];
    await expect(author.mvn('deploy:deploy-file', ...file)).rejects.toThrow('its artifactId is "Lib", but its path says "Other"');
    await expect(project('Lib', '1.0.0', { password: 'wrong' }).mvn('deploy:deploy-file', ...file)).rejects.toThrow('401');
  }, 120_000);
});
