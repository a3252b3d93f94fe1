import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder, upstream } from '../registry/helpers';
import { zipOf } from '../support/zip';
import { type Run } from './support';

const sha256 = (...parts: (string | Uint8Array)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** The files of a module with one package, which says where it is from. */
export const filesOf = (module: string, from: string) => ({
  'go.mod': `module ${module}\n\ngo 1.21\n`,
  'a.go': `package a\n\nconst From = "${from}"\n`,
});

/** A public proxy with a module of its own, two whose names are internal, and a checksum database that knows the first. */
export async function publicProxy() {
  const files: Record<string, string | Buffer> = {};
  const records: string[] = [];
  for (const [module, version] of [
    ['example.org/Pub', 'v1.0.0'],
    ['example.org/Pub', 'v1.1.0'],
    ['git.acme.example/Tool', 'v9.9.9'],
    ['git.acme.example/Tool/sub', 'v9.9.9'],
  ] as const) {
    const content = filesOf(module, 'public');
    const at = `/${module.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)}/@v/`;
    const prefix = `${module}@${version}/`;
    const names = Object.entries(content).map(([name, text]) => [prefix + name, text] as const);
    files[`${at}list`] = `${String(files[`${at}list`] ?? '')}${version}\n`;
    files[`${at}${version}.info`] = JSON.stringify({ Version: version, Time: '2024-01-01T00:00:00Z' });
    files[`${at}${version}.mod`] = content['go.mod'];
    files[`${at}${version}.zip`] = await zipOf(Object.fromEntries(names));
    records.push(`${module} ${version} ${treeSum(names)}\n${module} ${version}/go.mod ${treeSum([['go.mod', content['go.mod']]])}\n`);
  }
  const { verifier, note, leaves } = checksums(records);
  for (const [id, record] of records.entries()) {
    const [module = '', version = ''] = record.split(' ');
    files[`/sumdb/sum.example/lookup/${module.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`)}@${version}`] =
      `${id}\n${record}\n${note}`;
  }
  files['/sumdb/sum.example/supported'] = '';
  files['/sumdb/sum.example/latest'] = note;
  files[`/sumdb/sum.example/tile/8/0/000.p/${records.length}`] = leaves;
  const server = await upstream((request, response) => {
    const found = files[decodeURIComponent(String(request.url))];
    if (found === undefined) return void response.writeHead(404, { 'content-type': 'text/plain' }).end('not found: no such thing\n');
    response.end(found);
  });
  return { ...server, verifier, asked: () => server.requests.map((request) => decodeURIComponent(String(request.url))) };
}

/** The sum of a module or of its `go.mod` as `go.sum` has it. */
function treeSum(files: readonly (readonly [name: string, text: string])[]): string {
  const lines = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => `${sha256(text).toString('hex')}  ${name}\n`);
  return `h1:${sha256(lines.join('')).toString('base64')}`;
}

/** A transparent log of some records, signed: what a checksum database shows of it. */
function checksums(records: readonly string[]) {
  const name = 'sum.example';
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.concat([Buffer.of(1), publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)]);
  const id = sha256(`${name}\n`, key).subarray(0, 4);
  const leaves = records.map((record) => sha256(Buffer.of(0), record));
  const text = `go.sum database tree\n${records.length}\n${root(leaves).toString('base64')}\n`;
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64');
  return {
    verifier: `${name}+${id.toString('hex')}+${key.toString('base64')}`,
    note: `${text}\n— ${name} ${signature}\n`,
    leaves: Buffer.concat(leaves),
  };
}

function root(leaves: readonly Buffer[]): Buffer {
  const [first = sha256()] = leaves;
  if (leaves.length < 2) return first;
  const half = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(Buffer.of(1), root(leaves.slice(0, half)), root(leaves.slice(half)));
}

/** A module of a user, where go has no configuration but the text that it is given. */
export function goProject(go: Run, config: string, sums = '') {
  const cwd = tempFolder();
  // A go that counts its calls leaves a process behind, which would write into the folder while it is removed.
  const telemetry = join(cwd, '.config/go/telemetry');
  mkdirSync(telemetry, { recursive: true });
  writeFileSync(join(telemetry, 'mode'), 'off');
  writeFileSync(join(cwd, 'env'), config + (sums && `GOSUMDB=${sums}\n`));
  writeFileSync(join(cwd, 'go.mod'), 'module example.net/user\n\ngo 1.21\n');
  const folders = { HOME: cwd, XDG_CONFIG_HOME: join(cwd, '.config'), GOPATH: join(cwd, 'p'), GOCACHE: join(cwd, 'c') };
  const env = { ...folders, GOENV: join(cwd, 'env'), GOFLAGS: '-modcacherw', GOTOOLCHAIN: 'local', GOVCS: '*:off' };
  return {
    cwd,
    write: (name: string, text: string) => writeFileSync(join(cwd, name), text),
    go: (...args: string[]) => go(args, { cwd, env }),
  };
}
