import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Element, type Document as Tree } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalRpm } from '../../constructs/artifactapi';
import { addRemote, call, cleanUp, registry, tempFolder } from '../registry/helpers';
import { type Built, built, dnfFor, small, SPECS } from './rpm-support';
import { describeClient } from './support';

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
    test('dnf installs from a local whose index is signed, and sees what is published and removed', async () => {
      const [agent] = await built(rpmbuild, [small('acme-core', '1.0')]);
      const [next] = await built(rpmbuild, [small('acme-core', '2.0')]);
      const url = await localWith([agent as Built]);
      const stack = new TerraformStack(Testing.app(), 's');
      new ArtifactapiProvider(stack, 'artifactapi', { endpoint: url });
      const text = new LocalRpm(stack, 'local', { name: 'l' }).clientConfig();
      const key = `${url}/api/v1/local/l/repodata/repomd.xml.key`;
      const user = dnfFor(dnf, `${text.replace('gpgcheck=1', 'gpgcheck=0')}repo_gpgcheck=1\ngpgkey=${key}\n`);
      expect(await user.packages()).toEqual(['acme-core-0:1.0-1.noarch']);
      await user.run('install', 'acme-core');
      expect(user.installed('acme-core')).toBe('1.0');
      await call('PUT', `${url}/api/v2/remotes/l/files/pool/${next?.file}`, { body: next?.content });
      await user.run('upgrade', '--refresh');
      expect(user.installed('acme-core')).toBe('2.0');
      await call('DELETE', `${url}/api/v2/remotes/l/files/pool/${next?.file}`);
      expect(await user.packages()).toEqual(['acme-core-0:1.0-1.noarch']);
    });
  });
});
