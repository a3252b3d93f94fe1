import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EstateServers, readdressed, startEstate } from '../../scripts/release/estate';
import { fixtureData, fixtureFiles } from '../../scripts/release/fixture';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { type CoreBinary } from '../acceptance/support/core-binary';
import { cleanEnvironment } from '../acceptance/support/environment';

/** The releases that have a fixture here. */
export const releases = readdirSync(__dirname).filter((name) => /^\d+\.\d+\.\d+/.test(name));

/** The estate as a user of a former release deployed it: app, synthesized stack, lock file, state, and servers that have the objects. */
export class Deployed {
  private constructor(
    private readonly folder: string,
    private readonly servers: EstateServers,
    private readonly core: CoreBinary,
  ) {}

  /** Runs something with the fixture of a release beside installed packages; all of it is gone afterwards. */
  static async use(
    of: { release: string; core: CoreBinary; modules: string },
    recipe: (deployed: Deployed) => Promise<void>,
  ): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'repoform-upgrade-'));
    const fixture = join(__dirname, of.release);
    execFileSync('tar', ['-xzf', join(fixture, fixtureData), '-C', folder]);
    const servers = await startEstate(join(folder, 'registry'));
    try {
      const kept = (name: string): string => readdressed(readFileSync(join(fixture, name), 'utf8'), servers.env, 'running');
      const [charts] = /http:\/\/localhost:[^"]+/.exec(kept(fixtureFiles.stack)) ?? [];
      const deployed = new Deployed(folder, { ...servers, env: { ...servers.env, CHARTS_URL: charts } }, of.core);
      mkdirSync(deployed.stack, { recursive: true });
      writeFileSync(join(folder, 'main.ts'), kept(fixtureFiles.app));
      writeFileSync(join(deployed.stack, 'cdk.tf.json'), kept(fixtureFiles.stack));
      writeFileSync(join(deployed.stack, '.terraform.lock.hcl'), kept(fixtureFiles.lock));
      writeFileSync(join(deployed.stack, 'terraform.tfstate'), kept(fixtureFiles.state));
      deployed.install(of.modules);
      await recipe(deployed);
    } finally {
      await servers.registry.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The folder of the synthesized stack. */
  get stack(): string {
    return join(this.folder, 'cdktf.out/stacks/estate');
  }

  /** The lock file. */
  get lock(): string {
    return readFileSync(join(this.stack, '.terraform.lock.hcl'), 'utf8');
  }

  /** Replaces the installed packages. */
  install(modules: string): void {
    rmSync(join(this.folder, 'node_modules'), { force: true });
    symlinkSync(modules, join(this.folder, 'node_modules'));
  }

  /** Changes the app. */
  edit(change: (main: string) => string): void {
    const file = join(this.folder, 'main.ts');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  /** Synthesizes the app with the installed packages; the lock file and the state stay where they are. */
  async synthesize(): Promise<void> {
    expectStatus(await this.run('node_modules/.bin/tsx', ['main.ts'], this.folder), 0);
  }

  /** Initializes and plans: there must be nothing to do. */
  async expectEmptyPlan(): Promise<void> {
    await this.terraform(['init', '-input=false']);
    await this.terraform(['plan', '-input=false', '-detailed-exitcode']);
  }

  /** Runs terraform in the stack, which has to end with a status. */
  async terraform(args: readonly string[], status = 0): Promise<Run> {
    return expectStatus(await this.run(this.core.path, args, this.stack), status);
  }

  private run(command: string, args: readonly string[], cwd: string): Promise<Run> {
    const path = command.startsWith('node_modules') ? join(this.folder, command) : command;
    return run(path, args, { cwd, env: cleanEnvironment(this.folder, { ...this.servers.env, TF_IN_AUTOMATION: '1' }) });
  }
}

/** Makes the provider executables of installed packages differ in one byte, as another build of the same version does. */
export function rebuild(modules: string): void {
  const folder = join(modules, 'repoform/dist/provider');
  for (const file of readdirSync(folder).filter((name) => name.startsWith('terraform-provider-'))) appendFileSync(join(folder, file), '\n');
}
