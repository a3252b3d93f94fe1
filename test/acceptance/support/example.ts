import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PASSWORD } from '../../../src/registry/kubesphere';
import { type Registry, type RegistryOptions, startRegistry } from '../../../src/registry/server';
import { expectStatus, run, type Run } from './command';
import { type CoreBinary } from './core-binary';
import { built, cleanEnvironment, root } from './environment';

/** Which stack of the examples is run, and with what. */
export interface ExampleOptions {
  /** Its folder below `examples`. */
  readonly name: string;
  /** The stack's name, where it is another than the folder's. */
  readonly stack?: string;
  /** The file that is run, where it is another than that of `cdktf.json`. */
  readonly file?: string;
  readonly core: CoreBinary;
  /** The KubeSphere that it needs, if any. */
  readonly kubesphere?: RegistryOptions['kubesphere'];
  /** Variables besides those that say where the registry is and who its administrator is. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A stack of the examples beside a registry that speaks the APIs that it needs. */
export class Example {
  private constructor(
    /** A folder that is gone afterwards. */
    readonly folder: string,
    readonly registry: Registry,
    private readonly options: ExampleOptions,
  ) {}

  /** Runs something with an example that is synthesized, and gone afterwards. */
  static async run(options: ExampleOptions, recipe: (example: Example) => Promise<void>): Promise<void> {
    built('lib/cdktf/bkrepo.js');
    const folder = mkdtempSync(join(tmpdir(), 'repoform-example-'));
    const registry = await startRegistry({
      data: join(folder, 'registry'),
      backends: ['artifactapi', 'bkrepo', ...(options.kubesphere ? (['kubesphere'] as const) : [])],
      port: 0,
      bkrepo: { port: 0 },
      kubesphere: { port: 0, ...options.kubesphere },
      strict: true,
      closeGraceMs: 0,
    });
    try {
      const example = new Example(folder, registry, options);
      await example.synthesize();
      await recipe(example);
    } finally {
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Where BK-Repo listens. */
  get bkrepo(): string {
    return this.registry.urls.bkrepo ?? '';
  }

  /** The folder of the synthesized stack. */
  get stack(): string {
    return join(this.folder, 'out/stacks', this.options.stack ?? this.options.name);
  }

  /** Runs the app of the example. */
  async synthesize(): Promise<void> {
    const cwd = join(root, 'examples', this.options.name);
    const { app } = JSON.parse(readFileSync(join(cwd, 'cdktf.json'), 'utf8')) as { app: string };
    const [command = '', ...args] = app.replace('main.ts', this.options.file ?? 'main.ts').split(' ');
    expectStatus(await run(command, args, { cwd, env: this.env({ CDKTF_OUTDIR: join(this.folder, 'out') }) }), 0);
  }

  /** Runs terraform in the stack. */
  terraform(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return run(this.options.core.path, args, { cwd: this.stack, env: this.env(env) });
  }

  /** Initializes the stack and deploys it twice: the second time there is nothing to do. */
  async deployTwice(): Promise<void> {
    await this.must(['init', '-input=false', `-backend-config=path=${join(this.folder, 'terraform.tfstate')}`]);
    await this.must(['validate']);
    await this.must(['apply', '-auto-approve', '-input=false']);
    await this.must(['plan', '-input=false', '-detailed-exitcode']);
    const { text } = await this.must(['apply', '-auto-approve', '-input=false']);
    if (!text.includes('Resources: 0 added, 0 changed, 0 destroyed.')) throw new Error(`the second deploy changed something:\n${text}`);
  }

  /** Runs terraform, which has to work. */
  async must(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
    return expectStatus(await this.terraform(args, env), 0);
  }

  /** The outputs of the stack. */
  async outputs(): Promise<Record<string, unknown>> {
    const { text } = await this.must(['output', '-json']);
    const json = JSON.parse(text) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(json).map(([name, { value }]) => [name, value]));
  }

  /** The state as it is kept. */
  get state(): string {
    return readFileSync(join(this.folder, 'terraform.tfstate'), 'utf8');
  }

  /** Runs the real curl; answers the status and the body, as JSON where it is. */
  async curl(...args: string[]): Promise<{ readonly status: number; readonly body: unknown }> {
    const { text } = expectStatus(
      await run('curl', ['-q', '-s', '-S', '--noproxy', '*', '-w', '\n%{http_code}', ...args], { cwd: this.folder, env: this.env({}) }),
      0,
    );
    const cut = text.lastIndexOf('\n');
    const body = text.slice(0, cut);
    return { status: Number(text.slice(cut + 1)), body: /^[[{]/.test(body) ? (JSON.parse(body) as unknown) : body };
  }

  /** What BK-Repo answers its administrator. */
  async asAdmin(path: string): Promise<unknown> {
    const headers = { authorization: `Basic ${Buffer.from('admin:password').toString('base64')}` };
    return ((await (await fetch(this.bkrepo + path, { headers })).json()) as { data: unknown }).data;
  }

  private env(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return cleanEnvironment(this.folder, {
      TF_IN_AUTOMATION: '1',
      ARTIFACTAPI_ENDPOINT: this.registry.urls.artifactapi,
      BKREPO_ENDPOINT: this.bkrepo,
      BKREPO_USERNAME: 'admin',
      BKREPO_PASSWORD: 'password',
      ...(this.options.kubesphere && {
        KUBESPHERE_ENDPOINT: this.registry.urls.kubesphere,
        KUBESPHERE_USERNAME: 'admin',
        KUBESPHERE_PASSWORD: DEFAULT_PASSWORD,
      }),
      ...this.options.env,
      ...more,
    });
  }
}
