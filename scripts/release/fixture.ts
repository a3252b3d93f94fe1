import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readdressed, startEstate } from './estate';

/** What a fixture has: the app, the stack that it made, the lock file and the state. The servers' data is beside them. */
export const fixtureFiles = { app: 'main.ts', stack: 'cdk.tf.json', lock: 'terraform.lock.hcl', state: 'state.json' } as const;
export const fixtureData = 'registry.tar.gz';

/** Where the fixtures of all releases are. */
export const fixtures = (root: string): string => join(root, 'test/upgrade');

/**
 * Deploys the estate with the built package and keeps what a user of this version has: `test/upgrade/<version>`. The tests of later versions
 * begin with it.
 */
export async function writeFixture(root: string, version: string): Promise<string> {
  const target = join(fixtures(root), version);
  const work = mkdtempSync(join(tmpdir(), 'repoform-fixture-'));
  const data = join(work, 'registry');
  const { registry, env } = await startEstate(data);
  try {
    const stack = await deploy(join(fixtures(root), 'estate'), join(work, 'out'), env);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    const keep = (from: string, to: string): void =>
      writeFileSync(join(target, to), readdressed(readFileSync(join(stack, from), 'utf8'), env, 'fixture'));
    keep('cdk.tf.json', fixtureFiles.stack);
    keep('.terraform.lock.hcl', fixtureFiles.lock);
    keep('terraform.tfstate', fixtureFiles.state);
    cpSync(join(fixtures(root), 'estate/main.ts'), join(target, fixtureFiles.app));
  } finally {
    await registry.close();
  }
  execFileSync('tar', ['-czf', join(target, fixtureData), '-C', work, 'registry']);
  rmSync(work, { recursive: true, force: true });
  return target;
}

/** Answers the folder of the deployed stack. The servers are in this process, so nothing may block it. */
async function deploy(app: string, output: string, servers: NodeJS.ProcessEnv): Promise<string> {
  const env = { ...process.env, ...servers, CDKTF_OUTDIR: output, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '' };
  const stack = join(output, 'stacks/estate');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', 'main.ts'], { cwd: app, env });
  for (const args of [['init'], ['apply', '-auto-approve'], ['plan', '-detailed-exitcode']])
    await promisify(execFile)('terraform', [...args, '-input=false', '-no-color'], { cwd: stack, env });
  return stack;
}
