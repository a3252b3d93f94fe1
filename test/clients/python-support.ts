import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, LocalPypi, RemotePypi, Virtual } from '../../constructs/artifactapi';
import { type Distribution, metadataOf, sdist, wheel } from '../registry/formats/python-files';
import { addRemote, addVirtual, registry, tempFolder, upstream } from '../registry/helpers';
import { type Run } from './support';

/** The versions of projects on the public index, one of which has the name of an internal project. */
const PUBLIC: readonly Distribution[] = [
  { name: 'acme-core', version: '9.9' },
  { name: 'public-pad', version: '1.0', headers: ['Requires-Dist: acme-core'] },
  { name: 'public-pad', version: '2.0', headers: ['Requires-Dist: acme-core', 'Requires-Python: >=99'] },
  { name: 'public-pad', version: '3.0', headers: ['Requires-Dist: acme-core'] },
];

/** A local, a remote and a virtual of both, with the configurations that their constructs give. */
export async function pythonRepositories(speaks: 'json' | 'html' = 'json') {
  const { url } = await registry();
  const open = await publicIndex(speaks);
  await addRemote(url, { name: 'l', package_type: 'pypi', repo_type: 'local' });
  await addRemote(url, { name: 'r', package_type: 'pypi', base_url: open.url });
  await addVirtual(url, { name: 'v', package_type: 'pypi', members: ['r', 'l'] });
  const stack = new TerraformStack(Testing.app(), 's');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: url });
  const made = {
    local: new LocalPypi(stack, 'local', { name: 'l' }),
    remote: new RemotePypi(stack, 'remote', { name: 'r', baseUrl: 'https://pypi.example.com' }),
    virtual: new Virtual(stack, 'virtual', { name: 'v', packageType: 'pypi', members: ['r', 'l'] }),
  };
  return { url, open, ...made };
}

/** The public index: its files are on the same host, 3.0 of `public-pad` is yanked. */
async function publicIndex(speaks: 'json' | 'html') {
  const files = await Promise.all(PUBLIC.map(async (given) => ({ given, ...(await wheel(given)) })));
  return upstream((request, response) => {
    const name = String(request.url).replace(/.*\//, '');
    const wanted = files.find(({ file }) => file === name.replace(/\.metadata$/, ''));
    if (wanted) return void response.end(name.endsWith('.metadata') ? metadataOf(wanted.given) : wanted.content);
    const [, project] = /^\/simple\/([^/]+)\/$/.exec(String(request.url)) ?? [];
    const listed = files.filter(({ given }) => given.name === project).map((each) => listing(each));
    if (listed.length === 0) return void response.writeHead(404).end();
    if (speaks === 'json') {
      response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
      const versions = PUBLIC.filter((given) => given.name === project).map(({ version }) => version);
      return void response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, name: project, versions, files: listed }));
    }
    const links = listed.map(
      (each) =>
        `<a href="${each.url}#sha256=${each.hashes.sha256}" data-core-metadata="sha256=${each['core-metadata'].sha256}"` +
        `${each['requires-python'] ? ` data-requires-python="${each['requires-python'].replace('>', '&gt;')}"` : ''}` +
        `${each.yanked ? ` data-yanked="${each.yanked}"` : ''}>${each.filename}</a>`,
    );
    response.setHeader('content-type', 'text/html').end(`<!DOCTYPE html><body>${links.join('\n')}</body>`);
  });
}

function listing({ given, file, content }: { given: Distribution; file: string; content: Buffer }) {
  const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');
  return {
    filename: file,
    url: `../../packages/${file}`,
    hashes: { sha256: sha256(content) },
    size: content.length,
    'requires-python': given.headers?.find((header) => header.startsWith('Requires-Python: '))?.slice(17),
    'core-metadata': { sha256: sha256(metadataOf(given)) },
    yanked: given.version === '3.0' ? 'broken' : undefined,
  };
}

/** A folder with a wheel and a source archive of a version. */
export async function distributions(given: Distribution): Promise<{ folder: string; files: string[] }> {
  const folder = tempFolder();
  const made = [await wheel(given), sdist(given)];
  for (const { file, content } of made) writeFileSync(join(folder, file), content);
  return { folder, files: made.map(({ file }) => join(folder, file)) };
}

/** A folder that clients take for their user's, with what they read of their configuration there. */
export function home(texts: { readonly pip?: string; readonly uv?: string; readonly pypirc?: string }) {
  const folder = tempFolder();
  const uv = join(folder, '.config', 'uv');
  mkdirSync(uv, { recursive: true });
  writeFileSync(join(folder, 'pip.conf'), texts.pip ?? '');
  writeFileSync(join(uv, 'uv.toml'), texts.uv ?? '');
  writeFileSync(join(folder, '.pypirc'), texts.pypirc ?? '');
  const common = { HOME: folder, XDG_CONFIG_HOME: join(folder, '.config'), PIP_NO_CACHE_DIR: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  const env = { ...common, PIP_CONFIG_FILE: join(folder, 'pip.conf'), UV_NO_CACHE: '1', UV_PYTHON_DOWNLOADS: 'never', NO_COLOR: '1' };
  return {
    folder,
    with:
      (client: Run) =>
      (...args: string[]) =>
        client(args, { cwd: folder, env }),
  };
}

/** What is installed in a folder, as `name version`. */
export function installedIn(folder: string): string[] {
  const names = readdirSync(folder).flatMap((name) => /^(.*)-([^-]*)\.dist-info$/.exec(name)?.slice(1, 3).join(' ') ?? []);
  return names.sort();
}
