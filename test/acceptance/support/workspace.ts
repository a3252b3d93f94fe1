import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { type Fault, type Registry, startRegistry } from '../../../src/registry/server';
import { expectStatus, run, type Run, type Surroundings } from './command';
import { type CoreBinary, machineCore } from './core-binary';
import { built, cleanEnvironment, platform } from './environment';
import { type Case, onCores } from './on-cores';
import { type Changes, changesOf, type PlanJson } from './plan';

/** The source address that a provider is laid down under. */
export const sourceOf = (provider: string): string => `registry.terraform.io/repoform/${provider}`;

/** A folder to run terraform in, beside a registry. */
export class Workspace {
  private ready = false;

  constructor(
    readonly folder: string,
    readonly registry: Pick<Registry, 'url'>,
    readonly core: CoreBinary = machineCore(),
  ) {}

  get endpoint(): string {
    return this.registry.url;
  }

  /** The block that names the provider and where the registry is. */
  get header(): string {
    return `${requirementOf('artifactapi')}\nprovider "artifactapi" {\n  endpoint    = "${this.endpoint}"\n  max_retries = 1\n}\n`;
  }

  /** Writes the configuration; the provider block is put in front of it unless it brings its own. */
  write(hcl: string): void {
    writeFileSync(join(this.folder, 'main.tf'), /^provider "/m.test(hcl) ? hcl : this.header + hcl);
  }

  /** Runs terraform, after `init` the first time. */
  async terraform(args: readonly string[], extra: { readonly env?: NodeJS.ProcessEnv } & Partial<Surroundings> = {}): Promise<Run> {
    if (!this.ready) expectStatus(await this.spawn(['init', '-input=false'], {}), 0);
    this.ready = true;
    return this.spawn(args, extra);
  }

  /** Runs terraform as it is, which has to work; what follows is initialized anew. */
  async bare(args: readonly string[]): Promise<Run> {
    this.ready = false;
    return expectStatus(await this.spawn(args, {}), 0);
  }

  private spawn(args: readonly string[], { env, ...extra }: Partial<Surroundings>): Promise<Run> {
    return run(this.core.path, args, { cwd: this.folder, ...extra, env: cleanEnvironment(this.folder, { TF_IN_AUTOMATION: '1', ...env }) });
  }

  /** Applies, which has to work; answers what was printed. */
  async apply(hcl?: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    if (hcl !== undefined) this.write(hcl);
    return expectStatus(await this.terraform(['apply', '-auto-approve', '-input=false', ...args], { env }), 0);
  }

  /** Applies, which has to fail; answers what was said. */
  async failApply(hcl?: string, args: readonly string[] = []): Promise<string> {
    if (hcl !== undefined) this.write(hcl);
    return expectStatus(await this.terraform(['apply', '-auto-approve', '-input=false', ...args]), 1).said;
  }

  /** Plans, which has to fail; answers what was said. */
  async failPlan(hcl?: string, args: readonly string[] = []): Promise<string> {
    if (hcl !== undefined) this.write(hcl);
    return expectStatus(await this.terraform(['plan', '-input=false', ...args]), 1).said;
  }

  /** The whole plan, as JSON. */
  async planJson(hcl?: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<PlanJson> {
    if (hcl !== undefined) this.write(hcl);
    expectStatus(await this.terraform(['plan', '-input=false', '-out=plan.bin', ...args], { env }), 0);
    return JSON.parse(expectStatus(await this.terraform(['show', '-json', 'plan.bin']), 0).text) as PlanJson;
  }

  /** What a plan would change. */
  async plan(hcl?: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Changes> {
    return changesOf((await this.planJson(hcl, args, env)).resource_changes);
  }

  /** Fails unless a plan finds nothing to do. */
  async expectEmptyPlan(env: NodeJS.ProcessEnv = {}): Promise<void> {
    expectStatus(await this.terraform(['plan', '-input=false', '-detailed-exitcode'], { env }), 0);
  }

  /** Destroys everything, which has to work. */
  async destroy(): Promise<Run> {
    return expectStatus(await this.terraform(['destroy', '-auto-approve', '-input=false']), 0);
  }

  /** The addresses in the state. */
  async addresses(): Promise<string[]> {
    return (await this.terraform(['state', 'list'])).text.split('\n').filter((line) => line !== '');
  }

  /** Forgets all that was applied. */
  dropState(): void {
    for (const name of ['terraform.tfstate', 'terraform.tfstate.backup']) rmSync(join(this.folder, name), { force: true });
  }

  /** A file of the folder. */
  file(name: string): string {
    return existsSync(join(this.folder, name)) ? readFileSync(join(this.folder, name), 'utf8') : '';
  }

  /** Asks the registry; a body goes as JSON unless it is a text. */
  async call(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly json: unknown }> {
    const answer = await fetch(this.endpoint + path, {
      method,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, json: /^\s*[[{n]/.test(text) ? (JSON.parse(text) as unknown) : text };
  }

  /** Puts faults in force. */
  async fault(...faults: readonly Fault[]): Promise<void> {
    await this.call('POST', '/__faults', faults);
  }

  /** Ends all faults. */
  async heal(): Promise<void> {
    await this.call('DELETE', '/__faults');
  }

  /** The writes that the registry was asked for since the last look. */
  async writes(): Promise<Readonly<Record<string, number>>> {
    const { json } = await this.call('GET', '/__requests');
    await this.call('DELETE', '/__requests');
    return Object.fromEntries(Object.entries(json as Record<string, number>).filter(([route]) => !/^(GET|HEAD) /.test(route)));
  }
}

/** The block that says where a provider comes from. */
export const requirementOf = (provider: string): string => `terraform {
  required_providers {
    ${provider} = { source = "${sourceOf(provider)}" }
  }
}
`;

/** Lays a built provider into the plugins of a folder. */
export function layProvider(folder: string, provider: string): void {
  const place = join(folder, 'terraform.d/plugins', sourceOf(provider), version, platform);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `terraform-provider-${provider}_v${version}`), executable(provider), { mode: 0o755 });
}

const read = new Map<string, Buffer>();

/** Read once, so that a build in between changes nothing. */
function executable(provider: string): Buffer {
  const file = read.get(provider) ?? readFileSync(built(`dist/provider/terraform-provider-${provider}`));
  read.set(provider, file);
  return file;
}

/** What happens in a workspace. */
export type Recipe = (workspace: Workspace) => Promise<void>;

/** Runs something in a workspace that is gone afterwards. */
export async function inWorkspace(strict: boolean, recipe: Recipe, core: CoreBinary = machineCore()): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-acceptance-'));
  const registry = await startRegistry({ data: join(folder, 'registry'), port: 0, strict, faults: true, closeGraceMs: 0 });
  try {
    layProvider(folder, 'artifactapi');
    await recipe(new Workspace(folder, registry, core));
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const minutes = 60_000;

/** A test on every core, with a registry in its default and in its strict mode. */
export function onBothManners(given: string | Case, recipe: Recipe): void {
  for (const strict of [false, true]) onManner(given, strict, recipe);
}

/** A test on every core, with a registry in its strict mode. */
export function onStrict(given: string | Case, recipe: Recipe): void {
  onManner(given, true, recipe);
}

function onManner(given: string | Case, strict: boolean, recipe: Recipe): void {
  const { name, needs = [] } = typeof given === 'string' ? { name: given } : given;
  onCores({ name: `${name} (${strict ? 'strict' : 'default'} registry)`, needs }, (title, core) =>
    test.concurrent(title, () => inWorkspace(strict, recipe, core), 5 * minutes),
  );
}
