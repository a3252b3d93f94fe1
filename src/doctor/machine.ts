import { execFile } from 'node:child_process';
import { nodeProblem } from '../common/node-version';
import { newerThan } from '../handler/server-version';
import type { Check, Finding } from './finding';

type Environment = Readonly<Record<string, string | undefined>>;

/** The Node that runs this, and the one that will run the provider. */
export const node = (env: Environment): Check => ({
  name: 'node',
  async run(signal) {
    const problem = nodeProblem(process.version);
    if (problem !== undefined) return [{ check: 'node', status: 'error', message: problem }];
    const onPath = await output('node', ['--version'], { env, signal });
    if ('problem' in onPath)
      return [
        {
          check: 'node',
          status: 'error',
          message: 'there is no node on the PATH, which the provider is run with',
          fix: 'Add the folder of Node to the PATH of the machine that runs Terraform.',
        },
      ];
    const other = nodeProblem(onPath.text.trim());
    if (other !== undefined) return [{ check: 'node', status: 'error', message: `the node on the PATH is too old: ${other}` }];
    return [{ check: 'node', status: 'ok', message: `Node ${onPath.text.trim().replace(/^v/, '')}` }];
  },
});

/** What needs a newer core than the oldest that works. */
const FEATURES = {
  terraform: [
    ['1.8', 'provider functions'],
    ['1.10', 'ephemeral resources'],
    ['1.11', 'write-only attributes such as password_wo'],
    ['1.14', 'list resources and actions'],
  ],
  tofu: [
    ['1.7', 'provider functions'],
    ['1.11', 'ephemeral resources and write-only attributes such as password_wo'],
  ],
} as const;
const OLDEST = { terraform: '1.0', tofu: '1.6' } as const;
const TITLE = { terraform: 'Terraform', tofu: 'OpenTofu' } as const;

/** Terraform or OpenTofu: the one that the CDK would run. */
export const core = (env: Environment): Check => ({
  name: 'core',
  async run(signal) {
    const named = env['TERRAFORM_BINARY_NAME'];
    const [binary, answer] = await firstOf(named ? [named] : ['terraform', 'tofu'], { env, signal });
    if ('problem' in answer)
      return [
        {
          check: 'core',
          status: 'error',
          message: named
            ? `TERRAFORM_BINARY_NAME is "${named}", which cannot be run: ${answer.problem}`
            : `neither terraform nor tofu can be run: ${answer.problem}`,
          fix: 'Install Terraform or OpenTofu, or set TERRAFORM_BINARY_NAME to its path.',
        },
      ];
    return [describe(binary, answer.text)];
  },
});

function describe(binary: string, text: string): Finding {
  // The first line is the same since the first release; the JSON is not the same in both programs.
  const [, title = '', version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/.exec(text) ?? [];
  if (version === undefined)
    return {
      check: 'core',
      status: 'error',
      message: `"${binary} version" does not print the version of Terraform or OpenTofu`,
      fix: 'Set TERRAFORM_BINARY_NAME to the path of Terraform or OpenTofu.',
    };
  const kind = title === 'OpenTofu' ? 'tofu' : 'terraform';
  const what = `${TITLE[kind]} ${version} (${binary})`;
  if (newerThan(OLDEST[kind], version))
    return {
      check: 'core',
      status: 'error',
      message: `${what} is older than ${OLDEST[kind]}, the oldest version that works`,
      fix: `Install a newer ${TITLE[kind]}.`,
    };
  const missing = FEATURES[kind].filter(([since]) => newerThan(since, version));
  if (missing.length === 0) return { check: 'core', status: 'ok', message: what };
  const list = missing.map(([since, feature]) => `${since} adds ${feature}`).join(', ');
  return { check: 'core', status: 'ok', message: `${what}; ${list}` };
}

/** The proxy that requests go through. */
export const proxy = (env: Environment): Check => ({
  name: 'proxy',
  run() {
    const names = ['https_proxy', 'http_proxy', 'no_proxy'].flatMap((name) => {
      const set = [name, name.toUpperCase()].find((one) => env[one]);
      return set === undefined ? [] : [`${set} ${shown(env[set] ?? '')}`];
    });
    if (names.length === 0) return [{ check: 'proxy', status: 'ok', message: 'no proxy is set in the environment' }];
    return [{ check: 'proxy', status: 'ok', message: `the environment sets ${names.join(', ')}` }];
  },
});

/** A proxy's URL without user and password. */
const shown = (text: string): string => text.replace(/^(\w+:\/\/)?[^@/\s]*@/, '$1');

type Output = { readonly text: string } | { readonly problem: string };

async function firstOf(
  binaries: readonly string[],
  options: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<readonly [string, Output]> {
  let last: readonly [string, Output] = ['', { problem: 'not found' }];
  for (const binary of binaries) {
    last = [binary, await output(binary, ['version'], options)];
    if ('text' in last[1]) return last;
  }
  return last;
}

function output(
  file: string,
  args: readonly string[],
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<Output> {
  return new Promise((resolve) => {
    execFile(file, args, { env: { ...env, CHECKPOINT_DISABLE: '1' }, signal, maxBuffer: 1 << 20 }, (failure, stdout) => {
      if (!failure) return resolve({ text: stdout });
      resolve({ problem: failure.code === 'ENOENT' ? `"${file}" was not found` : (failure.message.split('\n')[0] ?? '') });
    });
  });
}
