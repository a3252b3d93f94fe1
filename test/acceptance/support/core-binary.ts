import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter } from 'node:path';

/** A Terraform or OpenTofu binary that tests run on. */
export interface CoreBinary {
  /** What is run: a path, or a command on the PATH. */
  readonly path: string;
  readonly product: 'Terraform' | 'OpenTofu';
  /** Its version, e.g. `1.11.4`. */
  readonly version: string;
}

/** The variable that names further cores, as paths separated like PATH. */
export const VARIABLE = 'REPOFORM_CORES';

/** How a core is called in the names of tests, e.g. `OpenTofu 1.12.6`. */
export const labelOf = ({ product, version }: CoreBinary): string => `${product} ${version}`;

/** The host that a source address without one means, e.g. `acme/shelf`. */
export const defaultHost = ({ product }: CoreBinary): string =>
  ({ Terraform: 'registry.terraform.io', OpenTofu: 'registry.opentofu.org' })[product];

/** The machine's `terraform`, then every core that the environment names. */
export function coresOf(env: NodeJS.ProcessEnv): readonly [CoreBinary, ...CoreBinary[]] {
  const further = (env[VARIABLE] ?? '').split(delimiter).filter((path) => path !== '');
  return [coreAt('terraform', env), ...further.map((path) => coreAt(path, env))];
}

let machine: CoreBinary | undefined;

/** The `terraform` on the PATH. */
export const machineCore = (): CoreBinary => (machine ??= coreAt('terraform', process.env));

/** Asks a binary what it is. OpenTofu states its version under Terraform's name in JSON, so the text tells which of both it is. */
export function coreAt(path: string, env: NodeJS.ProcessEnv): CoreBinary {
  const ask = (...args: string[]): string =>
    execFileSync(path, ['version', ...args], {
      cwd: tmpdir(),
      env: { ...env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  try {
    const { terraform_version: version } = JSON.parse(ask('-json')) as { terraform_version?: unknown };
    if (typeof version !== 'string') throw new Error('its answer has no terraform_version');
    return { path, product: /^OpenTofu\b/m.test(ask()) ? 'OpenTofu' : 'Terraform', version };
  } catch (cause) {
    const reason = String(cause).replace(/^Error: /, '');
    throw new Error(`"${path} version -json" does not tell a version (${reason}); ${VARIABLE} and the PATH have to name working cores`, {
      cause,
    });
  }
}
