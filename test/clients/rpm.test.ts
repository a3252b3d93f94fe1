import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Element, type Document as Tree } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalRpm, RemoteRpm, Virtual } from '../../constructs/artifactapi';
import { addRemote, addVirtual, call, cleanUp, registry, tempFolder, upstream } from '../registry/helpers';
import { type Built, built, dnfFor, small, SPECS } from './rpm-support';
import { describeClient, type Run } from './support';

afterEach(cleanUp);

async function localWith(packages: readonly Built[], name = 'l'): Promise<string> {
  const { url } = await registry();
  await addRemote(url, { name, package_type: 'rpm', repo_type: 'local' });
  for (const { file, content } of packages) {
    const answer = await call('PUT', `${url}/api/v2/remotes/${name}/files/${encodeURIComponent(file)}`, { body: content });
    expect([file, answer.status, answer.status === 201 ? '' : answer.text]).toEqual([file, 201, '']);
  }
  return url;
}

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Node[];
}

/** A document as its elements, attributes and texts. */
function nodeOf(element: Element): Node {
  const children = element.children.filter((child): child is Element => child.type === 'tag');
  const text = element.children.map((child) => ('data' in child ? child.data : '')).join('');
  return { name: element.name, attributes: element.attribs, content: children.length > 0 ? children.map(nodeOf) : text };
}

function packagesIn(document: Buffer): Node[] {
  const tree: Tree = parseDocument(gunzipSync(document).toString('utf8'), { xmlMode: true });
  const root = nodeOf(tree.children.find((child): child is Element => child.type === 'tag') as Element);
  const found = (root.content as readonly Node[]).map(comparable);
  expect(root.attributes['packages']).toBe(String(found.length));
  return found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Without what is another thing in another place, as when a file was stored: what is required has no order, and is there or not. */
function comparable(node: Node): Node {
  const { file: _file, ...time } = node.attributes;
  if (node.name === 'time') return { ...node, attributes: time };
  if (typeof node.content === 'string') return node;
  const content = node.content.map(comparable);
  if (node.name !== 'rpm:requires') return { ...node, content };
  const distinct = new Map(content.map((each) => [JSON.stringify(each), each]));
  return { ...node, content: [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each) };
}

describeClient('rpmbuild', (rpmbuild) => {
  describeClient('createrepo_c', (createrepo) => {
    test('the indexes of a local say of packages of all kinds what createrepo_c says of them', async () => {
      const packages = await built(rpmbuild, SPECS);
      expect(packages.map(({ file }) => file).sort()).toHaveLength(4);
      const url = await localWith(packages);
      const folder = tempFolder();
      for (const { file, content } of packages) writeFileSync(join(folder, file), content);
      await createrepo(['--quiet', '--no-database', folder]);
      const theirs = readdirSync(join(folder, 'repodata'));
      const repomd = (await call('GET', `${url}/api/v1/local/l/repodata/repomd.xml`)).text;
      for (const name of ['primary', 'filelists', 'other']) {
        const [, href = ''] = new RegExp(`href="(repodata/[0-9a-f]{64}-${name}.xml.gz)"`).exec(repomd) ?? [];
        const ours = Buffer.from(await (await fetch(`${url}/api/v1/local/l/${href}`)).arrayBuffer());
        const expected = readFileSync(join(folder, 'repodata', theirs.find((each) => each.endsWith(`-${name}.xml.gz`)) ?? ''));
        expect(packagesIn(ours)).toEqual(packagesIn(expected));
      }
    });
  });

  describeClient('dnf', (dnf) => {
    describeClient('createrepo_c', (createrepo) => {
      test('dnf installs from a local, a remote and a virtual, which are signed, and where an internal package stays one', async () => {
        const [own] = await built(rpmbuild, [small('acme-core', '1.0')]);
        const [next] = await built(rpmbuild, [small('acme-core', '2.0')]);
        const theirs = await built(rpmbuild, [small('open', '3.0', 'Requires: acme-core'), small('acme-core', '9.9')]);
        const open = await published(createrepo, theirs);
        const url = await localWith([own as Built]);
        await addRemote(url, { name: 'r', package_type: 'rpm', base_url: open });
        await addVirtual(url, { name: 'v', package_type: 'rpm', members: ['r', 'l'] });
        const [local, remote, virtual] = configurations(url).map((text) => dnfFor(dnf, text));
        expect(await local?.packages()).toEqual(['acme-core-0:1.0-1.noarch']);
        await local?.run('install', 'acme-core');
        expect(local?.installed('acme-core')).toBe('1.0');
        await call('PUT', `${url}/api/v2/remotes/l/files/pool/${next?.file}`, { body: next?.content });
        await local?.run('upgrade', '--refresh');
        expect(local?.installed('acme-core')).toBe('2.0');
        await call('DELETE', `${url}/api/v2/remotes/l/files/pool/${next?.file}`);
        expect(await local?.packages()).toEqual(['acme-core-0:1.0-1.noarch']);
        await remote?.run('install', 'open');
        expect(['open', 'acme-core'].map((name) => remote?.installed(name))).toEqual(['3.0', '9.9']);
        await virtual?.run('install', 'open');
        expect(['open', 'acme-core'].map((name) => virtual?.installed(name))).toEqual(['3.0', '1.0']);
      });

      test('dnf finds what the upstream of a remote publishes; a repomd.xml that has not changed is not sent again', async () => {
        const [first] = await built(rpmbuild, [small('open', '1.0')]);
        const [second] = await built(rpmbuild, [small('open', '2.0')]);
        const repository = await mirrored();
        await repository.publish(createrepo, [first as Built]);
        const { url } = await registry();
        await addRemote(url, { name: 'r', package_type: 'rpm', base_url: repository.url, mutable_ttl: 0 });
        const client = dnfFor(dnf, configurations(url)[1] ?? '');
        const ofRepomd = () => repository.answered().filter((line) => line.endsWith('/repodata/repomd.xml'));
        await client.run('install', 'open');
        expect([client.installed('open'), ofRepomd()]).toEqual(['1.0', ['200 /repodata/repomd.xml']]);

        await client.run('upgrade', '--refresh');
        expect([client.installed('open'), repository.answered()]).toEqual(['1.0', ['304 /repodata/repomd.xml']]);

        await repository.publish(createrepo, [second as Built]);
        await client.run('upgrade', '--refresh');
        const answered = repository.answered();
        expect([client.installed('open'), answered[0]]).toEqual(['2.0', '200 /repodata/repomd.xml']);
        expect(answered.filter((line) => line.endsWith('.rpm'))).toEqual([`200 /Packages/${second?.file}`]);
      });
    });
  });
});

/** A repository that createrepo_c made of packages, with documents compressed by xz. */
async function published(createrepo: Run, packages: readonly Built[]): Promise<string> {
  const repository = await mirrored();
  await repository.publish(createrepo, packages);
  return repository.url;
}

/** A repository on a server that says of each document which one it is, and counts what it answers to whom asks whether that has changed. */
async function mirrored() {
  const folder = tempFolder();
  mkdirSync(join(folder, 'Packages'));
  const answered: string[] = [];
  const { url } = await upstream((request, response) => {
    const file = join(folder, decodeURIComponent(request.url ?? ''));
    const content = existsSync(file) ? readFileSync(file) : undefined;
    const etag = content && `"${createHash('sha256').update(content).digest('hex')}"`;
    const status = !etag ? 404 : request.headers['if-none-match'] === etag ? 304 : 200;
    answered.push(`${status} ${request.url}`);
    response.writeHead(status, etag ? { etag } : {}).end(status === 200 ? content : undefined);
  });
  const publish = async (createrepo: Run, packages: readonly Built[]): Promise<void> => {
    for (const { file, content } of packages) writeFileSync(join(folder, 'Packages', file), content);
    await createrepo(['--quiet', '--no-database', '--general-compress-type=xz', folder]);
  };
  return { url, publish, answered: () => answered.splice(0) };
}

/** What the constructs give for a local, a remote and a virtual, for packages without signatures in indexes with one, where there is one. */
function configurations(endpoint: string): string[] {
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  const repositories = [
    new LocalRpm(stack, 'local', { name: 'l' }),
    new RemoteRpm(stack, 'remote', { name: 'r', baseUrl: 'https://rpm.example.com' }),
    new Virtual(stack, 'virtual', { name: 'v', packageType: 'rpm', members: ['r', 'l'] }),
  ];
  return repositories.map((repository, index) => {
    const text = repository.clientConfig().replace('gpgcheck=1', 'gpgcheck=0');
    const [, base = ''] = /^baseurl=(.*)$/m.exec(text) ?? [];
    return index === 1 ? text : `${text}repo_gpgcheck=1\ngpgkey=${base}repodata/repomd.xml.key\n`;
  });
}
