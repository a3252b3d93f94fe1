import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { textOf } from './files';
import { parseHclBlocks, type HclBody, type HclValue } from './hcl-blocks';

/** Where the Terraform command looks for its configuration. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly system: string;
}

/** A file with a `provider_installation` block. */
export interface ProviderInstallation {
  readonly file: string;
  readonly body: HclBody;
}

/** The surroundings of this process. */
export function surroundings(): Surroundings {
  return { env: process.env, home: homedir(), system: process.platform };
}

/** The configuration that sets where providers are installed from, if there is one. */
export function providerInstallation(around: Surroundings): ProviderInstallation | undefined {
  for (const file of configFiles(around)) {
    const text = textOf(file);
    const parsed = text === undefined ? undefined : parse(file, text);
    const found = parsed?.blocks.find((block) => block.type === 'provider_installation');
    if (found) return { file, body: found.body };
  }
  return undefined;
}

/** The files that Terraform reads, if they exist. */
export function configFiles(around: Surroundings): readonly string[] {
  const override = around.env['TF_CLI_CONFIG_FILE'] || around.env['TERRAFORM_CONFIG'];
  if (override) return existing([override]);
  return existing([mainFile(around), ...configFolders(around).flatMap(filesIn)]);
}

const isTofu = ({ env }: Surroundings): boolean => basename(env['TERRAFORM_BINARY_NAME'] ?? '').startsWith('tofu');

function mainFile(around: Surroundings): string {
  const { env, home, system } = around;
  if (system === 'win32') {
    const folder = env['APPDATA'] ?? home;
    const tofu = join(folder, 'tofu.rc');
    return isTofu(around) && existsSync(tofu) ? tofu : join(folder, 'terraform.rc');
  }
  const terraform = join(home, '.terraformrc');
  if (!isTofu(around)) return terraform;
  const tofu = join(home, '.tofurc');
  if (existsSync(tofu) || existsSync(terraform) || !env['XDG_CONFIG_HOME']) return existsSync(tofu) ? tofu : terraform;
  return join(env['XDG_CONFIG_HOME'], 'opentofu/tofurc');
}

function configFolders(around: Surroundings): string[] {
  const { env, home, system } = around;
  if (system === 'win32') return [join(env['APPDATA'] ?? home, 'terraform.d')];
  const xdg = isTofu(around) && env['XDG_CONFIG_HOME'] ? [join(env['XDG_CONFIG_HOME'], 'opentofu')] : [];
  return [join(home, '.terraform.d'), ...xdg];
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.tfrc(\.json)?$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

const existing = (files: readonly string[]): string[] => files.filter((file) => existsSync(file));

function parse(file: string, text: string): HclBody | undefined {
  if (!/^\s*\{/.test(text) && !file.endsWith('.json')) return parseHclBlocks(text);
  try {
    return bodyOf(JSON.parse(text));
  } catch {
    // Terraform itself reports what is wrong with its configuration.
    return undefined;
  }
}

function bodyOf(json: unknown): HclBody {
  const attributes: Record<string, HclValue> = {};
  const blocks: { type: string; body: HclBody }[] = [];
  for (const [key, value] of Object.entries(json ?? {})) {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (items.some((item) => typeof item === 'object')) blocks.push(...items.map((item) => ({ type: key, body: bodyOf(item) })));
    else attributes[key] = Array.isArray(value) ? items.map(String) : String(value);
  }
  return { attributes, blocks };
}
