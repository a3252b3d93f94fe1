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

/**
 * Runs the conformance suite of the OCI distribution specification against a local docker repository:
 *
 *     npm run conformance:oci -- /path/to/conformance [--strict]
 *
 * The suite is the program that `go build` makes of the folder `conformance` of the specification's repository. It writes its reports
 * into the folder `results` of a temporary folder, whose path is printed last.
 */
async function main([program, ...options]: readonly string[]): Promise<number> {
  if (program === undefined) throw new Error('usage: npm run conformance:oci -- <the built suite> [--strict]');
  const strict = options.includes('--strict');
  const data = mkdtempSync(join(tmpdir(), 'repoform-conformance-'));
  const work = mkdtempSync(join(tmpdir(), 'repoform-conformance-results-'));
  const registry = await startRegistry({ data, port: 0, strict });
  try {
    await createRepository(registry.url);
    const host = new URL(registry.url).host;
    const env = {
      OCI_REGISTRY: host,
      OCI_REPO1: 'conformance/one',
      OCI_REPO2: 'conformance/two',
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

async function createRepository(url: string): Promise<void> {
  const body = JSON.stringify({ name: 'conformance', package_type: 'docker', repo_type: 'local' });
  const answer = await fetch(`${url}/api/v2/remotes`, { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`the repository was not created: ${await answer.text()}`);
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
