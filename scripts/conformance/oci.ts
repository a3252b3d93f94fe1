import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRegistry } from '../../src/registry/server';

/** What the suite is told beside the address. All features that are optional in the specification are wanted. */
const WANTED = {
  OCI_TLS: 'disabled',
  OCI_API_BLOBS_DIGEST_HEADER: 'true',
  OCI_API_BLOBS_UPLOAD_CANCEL: 'true',
  OCI_API_MANIFESTS_DIGEST_HEADER: 'true',
  OCI_API_MANIFESTS_TAG_PARAM: 'true',
};
/** What a real server is not known to have. */
const STRICT = {
  OCI_API_BLOBS_DELETE: 'false',
  OCI_API_MANIFESTS_DELETE: 'false',
  OCI_API_TAGS_DELETE: 'false',
  OCI_API_REFERRER: 'false',
};

/** What is created by requests to a backend, and where images are then. */
interface Prepared {
  readonly requests: readonly (readonly [path: string, body: object])[];
  readonly images: string;
  readonly login: { readonly OCI_USERNAME: string; readonly OCI_PASSWORD: string };
}

const PREPARED: Readonly<Record<'artifactapi' | 'bkrepo', Prepared>> = {
  artifactapi: {
    requests: [['/api/v2/remotes', { name: 'conformance', package_type: 'docker', repo_type: 'local' }]],
    images: 'conformance',
    login: { OCI_USERNAME: '', OCI_PASSWORD: '' },
  },
  bkrepo: {
    requests: [
      ['/repository/api/project/create', { name: 'project', displayName: 'project', description: '' }],
      ['/repository/api/repo/create', { projectId: 'project', name: 'conformance', type: 'DOCKER', category: 'LOCAL' }],
    ],
    images: 'project/conformance',
    login: { OCI_USERNAME: 'admin', OCI_PASSWORD: 'password' },
  },
};

/**
 * Runs the conformance suite of the OCI distribution specification against a local docker repository of ArtifactAPI, or of BK-Repo:
 *
 *     npm run conformance:oci -- /path/to/conformance [--strict | --bkrepo]
 *
 * The suite is the program that `go build` makes of the folder `conformance` of the specification's repository. It writes its reports
 * into the folder `results` of a temporary folder, whose path is printed last.
 */
async function main([program, ...options]: readonly string[]): Promise<number> {
  if (program === undefined) throw new Error('usage: npm run conformance:oci -- <the built suite> [--strict | --bkrepo]');
  const strict = options.includes('--strict');
  const data = mkdtempSync(join(tmpdir(), 'repoform-conformance-'));
  const work = mkdtempSync(join(tmpdir(), 'repoform-conformance-results-'));
  const backend = options.includes('--bkrepo') ? 'bkrepo' : 'artifactapi';
  const { images, login, requests } = PREPARED[backend];
  const registry = await startRegistry({ data, port: 0, strict, backends: [backend], bkrepo: { port: 0 } });
  try {
    for (const [path, body] of requests) await create(registry.url + path, body, login);
    const host = new URL(registry.url).host;
    const env = {
      OCI_REGISTRY: host,
      OCI_REPO1: `${images}/one`,
      OCI_REPO2: `${images}/two`,
      ...login,
      OCI_RESULTS_DIR: join(work, 'results'),
      ...WANTED,
      ...(strict && STRICT),
    };
    return await run(resolve(program), { cwd: work, env });
  } finally {
    await registry.close();
    rmSync(data, { recursive: true, force: true });
    process.stdout.write(`${join(work, 'results')}\n`);
  }
}

async function create(url: string, body: object, { OCI_USERNAME: user, OCI_PASSWORD: password }: Prepared['login']): Promise<void> {
  const authorization = user && `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`the repository was not created: ${await answer.text()}`);
}

function run(program: string, { cwd, env }: { cwd: string; env: Record<string, string> }): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(program, [], { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}

void main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
    process.exitCode = 1;
  },
);
