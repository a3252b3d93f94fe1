import { cleanUp, upstream } from '../../helpers';
import { addRepository, bkRepo, composite, type Fields, remote, sha256, virtual } from './support';

afterEach(cleanUp);

describe('a virtual and a composite of Maven', () => {
  const POM =
    '<project><modelVersion>4.0.0</modelVersion><groupId>com.acme</groupId><artifactId>lib</artifactId><version>1.0</version></project>';
  const plugins = (...list: [prefix: string, artifact: string][]) =>
    `<metadata><plugins>${list.map(([prefix, artifact]) => `<plugin><name>n</name><prefix>${prefix}</prefix><artifactId>${artifact}</artifactId></plugin>`).join('')}</plugins></metadata>`;

  /** With `far`, a remote of an upstream that answers so, or with a 404; what is put into `near` and `own` is internal. */
  async function internal(answer: (path: string) => string | undefined) {
    const open = await upstream((request, response) => {
      const text = answer(request.url ?? '');
      response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'text/xml' }).end(text);
    });
    const admin = await bkRepo();
    const maven = (name: string, fields: Fields) => addRepository(admin, { ...fields, name, type: 'MAVEN' });
    await maven('near', {});
    await maven('far', remote(open.url));
    await maven('all', virtual('far', 'near'));
    await maven('own', composite([{ name: 'public', url: open.url }]));
    const send = async (method: string, path: string, body?: string) => admin.send(method, `/maven/pp/${path}`, { ...(body && { body }) });
    return { open, send };
  }

  test('tell the versions of all, or of an internal artifact its own, with checksums that fit', async () => {
    const isThere = (path: string) => /^\/(?:com\/acme\/lib|org\/pad)\/maven-metadata.xml$/.test(path);
    const theirs =
      '<metadata><groupId>com.acme</groupId><artifactId>lib</artifactId><versioning><versions><version>9.9.9</version></versions></versioning></metadata>';
    const { send } = await internal((path) => (isThere(path) ? theirs : undefined));
    for (const place of ['near', 'own']) {
      const { status, text } = await send('PUT', `${place}/com/acme/lib/1.0/lib-1.0.pom`, POM);
      expect([status < 300, text]).toEqual([true, expect.anything()]);
    }
    for (const place of ['all', 'own']) {
      for (const [artifact, shown, hidden] of [
        ['com/acme/lib', '1.0', '9.9.9'],
        ['org/pad', '9.9.9', '1.0<'],
      ]) {
        const { status, text } = await send('GET', `${place}/${artifact}/maven-metadata.xml`);
        expect([status, text]).toEqual([200, expect.stringContaining(`<version>${shown}</version>`)]);
        expect(text).not.toContain(hidden);
        const sum = await send('GET', `${place}/${artifact}/maven-metadata.xml.sha256`);
        expect(sum.text).toBe(sha256(text));
      }
    }
  });

  test('leave the plugins of a group what the internal one says, by prefix and by artifact', async () => {
    const ours: [string, string] = ['tool', 'tool-maven-plugin'];
    const theirs = plugins(['tool', 'evil-maven-plugin'], ['evil', 'tool-maven-plugin'], ['other', 'other-maven-plugin']);
    const { send } = await internal(() => theirs);
    for (const place of ['near', 'own'])
      expect((await send('PUT', `${place}/com/acme/maven-metadata.xml`, plugins(ours))).status).toBe(201);
    for (const place of ['all', 'own']) {
      const { text } = await send('GET', `${place}/com/acme/maven-metadata.xml`);
      const told = [...text.matchAll(/<prefix>(.*?)<\/prefix>\s*<artifactId>(.*?)<\/artifactId>/g)].map(([, ...pair]) => pair);
      expect([place, told]).toEqual([place, [ours, ['other', 'other-maven-plugin']]]);
    }
  });

  test('have nothing public at any address below an internal artifact', async () => {
    const { open, send } = await internal(() => '<metadata><version>9.9.9</version></metadata>');
    for (const place of ['near', 'own']) expect((await send('PUT', `${place}/com/acme/lib/1.0/lib-1.0.pom`, POM)).status).toBe(201);
    for (const path of [
      '9.9/lib-9.9.pom',
      '9.9/lib-9.9.pom/',
      '9.9/lib-9.9.jar.sha384',
      '9.9/lib-9.9.jar.asc.sha384',
      '2.0-SNAPSHOT/maven-metadata.xml',
      'maven-metadata.xml.asc',
      'maven-metadata.xml.sha384',
      '9.9/other.jar',
      '9.9/',
    ])
      for (const place of ['all', 'own'])
        expect([place, path, (await send('GET', `${place}/com/acme/lib/${path}`)).status]).toEqual([place, path, 404]);
    for (const place of ['all', 'own']) {
      const [bare, slash] = [
        await send('GET', `${place}/com/acme/lib/maven-metadata.xml`),
        await send('GET', `${place}/com/acme/lib/maven-metadata.xml/`),
      ];
      expect([slash.status, slash.text]).toEqual([200, bare.text]);
    }
    expect(open.requests).toHaveLength(0);
    expect((await send('GET', 'all/com/acme/lib/sub/1.0/sub-1.0.jar')).status).toBe(200);
  });
});
