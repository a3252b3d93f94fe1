import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { coerce } from 'semver';
import { ZipFile } from 'yazl';
import { expectStatus, run } from '../acceptance/support/command';
import { machineCore } from '../acceptance/support/core-binary';
import { cleanEnvironment, root } from '../acceptance/support/environment';

const minutes = 60_000;
const guide = readFileSync(join(root, 'docs/guides/air-gapped.md'), 'utf8');
const [, connected = '', isolated = ''] = guide.split(/^## (?:On a machine|In the isolated).*$/m);
let top: string;
let outside: Server;
beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), 'repoform-air-gapped-'));
  outside = await startOutside();
}, minutes);
afterAll(() => {
  outside.close();
  rmSync(top, { recursive: true, force: true });
});

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What is outside: an npm registry with the packages that the guide installs, and the releases of Terraform. */
async function startOutside(): Promise<Server> {
  const files = new Map<string, Buffer | ((base: string) => object)>();
  const options = { cwd: root, env: cleanEnvironment(top), encoding: 'utf8' } as const;
  addPackage(files, execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', top], options).trim());
  const esbuild = readdirSync(join(root, 'node_modules/@esbuild')).map((name) => `@esbuild/${name}`);
  for (const name of ['cdktf', 'constructs', 'tsx', 'esbuild', ...esbuild]) {
    const file = `${name.replace('/', '-')}.tgz`;
    // As it lies there, with the packages that come inside it: npm packs those only from a project that has installed them.
    execFileSync('tar', ['-czf', join(top, file), '--transform', `s,^${name},package,`, '-C', join(root, 'node_modules'), name]);
    addPackage(files, file);
  }
  const name = 'terraform_1.11.4_linux_amd64.zip';
  const terraform = execFileSync('sh', ['-c', `command -v ${machineCore().path}`], { encoding: 'utf8' }).trim();
  const archive = new ZipFile();
  archive.addBuffer(readFileSync(realpathSync(terraform)), 'terraform', { compress: false, mode: 0o100755 });
  archive.end();
  const zip = await buffer(archive.outputStream);
  files.set(`/terraform/1.11.4/${name}`, zip);
  const sum = createHash('sha256').update(zip).digest('hex');
  files.set('/terraform/1.11.4/terraform_1.11.4_SHA256SUMS', Buffer.from(`${sum}  ${name}\n`));
  const server = createServer(({ url = '' }, response) => {
    const found = files.get(decodeURIComponent(url));
    if (found === undefined) response.statusCode = 404;
    response.end(typeof found === 'function' ? JSON.stringify(found(urlOf(server))) : found);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Serves a packed package as an npm registry does. */
function addPackage(files: Map<string, Buffer | ((base: string) => object)>, file: string): void {
  const tarball = readFileSync(join(top, file));
  const about = execFileSync('tar', ['-xzOf', join(top, file), 'package/package.json'], { encoding: 'utf8' });
  const manifest = JSON.parse(about) as Manifest;
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  files.set(`/${name}/-/${file}`, tarball);
  files.set(`/${name}`, (base) => {
    const dist = { tarball: `${base}/${name}/-/${file}`, integrity };
    return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
  });
  for (const [optional, range] of Object.entries(manifest.optionalDependencies ?? {})) {
    const of = coerce(range)?.version ?? '';
    const dist = { tarball: 'http://127.0.0.1:9/none.tgz', integrity };
    const elsewhere = {
      name: optional,
      'dist-tags': { latest: of },
      versions: { [of]: { name: optional, version: of, os: ['none'], dist } },
    };
    if (!files.has(`/${optional}`)) files.set(`/${optional}`, () => elsewhere);
  }
}

/** What a package says of itself. Those that it needs on other platforms only are known to the registry, too. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The code blocks of a language in a part of the guide. */
const blocks = (part: string, language: string): string[] =>
  [...part.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);

/** Runs all shell blocks of a part in one shell, as a reader does. */
async function follow(part: string, name: string, env: NodeJS.ProcessEnv): Promise<string> {
  const folder = join(top, name);
  mkdirSync(folder, { recursive: true });
  const script = blocks(part, 'sh').join('');
  writeFileSync(join(folder, 'follow.sh'), `set -euxo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n${script}`);
  const shell =
    name === 'isolated' && cutOff ? ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec bash follow.sh'] : ['bash', 'follow.sh'];
  const ran = await run(shell[0] ?? '', shell.slice(1), { cwd: folder, env: cleanEnvironment(folder, env) });
  return expectStatus(ran, 0).text;
}

/** Whether a command can be run without any network but its own loopback; where it cannot, addresses that do not answer have to do. */
const cutOff = spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

test(
  'the guide, followed to the letter, installs and deploys without a network',
  async () => {
    await follow(connected.replaceAll('https://releases.hashicorp.com', urlOf(outside)), 'connected', {
      npm_config_registry: urlOf(outside),
    });
    outside.close();
    outside.closeAllConnections();
    const nowhere = 'http://127.0.0.1:9';
    mkdirSync(join(top, 'isolated/platform/plain'), { recursive: true });
    copyFileSync(join(top, 'connected/platform.tar.gz'), join(top, 'isolated/platform.tar.gz'));
    const [main = ''] = blocks(isolated, 'ts');
    const [plain = ''] = blocks(isolated, 'hcl');
    writeFileSync(join(top, 'isolated/platform/main.ts'), main);
    writeFileSync(join(top, 'isolated/platform/plain/main.tf'), plain);
    const told = await follow(isolated, 'isolated', {
      npm_config_registry: nowhere,
      ...Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, nowhere])),
      ...Object.fromEntries(['NO_PROXY', 'no_proxy'].map((name) => [name, '127.0.0.1'])),
    });
    expect(told.match(/Apply complete! Resources: 1 added/g)).toHaveLength(2);
    expect(told.match(/No changes\./g)).toHaveLength(2);
    expect(told.match(/Installed (?:registry\.terraform\.io\/)?repoform\/artifactapi v\S+ \(unauthenticated\)/g)).toHaveLength(2);
  },
  6 * minutes,
);
