import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ITerraformDependable, TerraformStack } from 'cdktf';
import { type GatePackage, gatePackage } from '../support/gate/app';
import { type GateServer, startGate } from '../support/gate/server';
import { expectStatus, run, type Run } from './support/command';
import type { CoreBinary } from './support/core-binary';
import { cleanEnvironment } from './support/environment';
import { onCores } from './support/on-cores';

let made: GatePackage;
let gate: GateServer;
let stacks = 0;
beforeAll(async () => void (made = await gatePackage('cdktf')));
afterAll(() => made.remove());
beforeEach(async () => void (gate = await startGate()));
afterEach(() => gate.stop());

/** The folder of a synthesized stack, in which the provider is laid down. */
class Stack {
  readonly folder: string;

  constructor(
    private readonly core: CoreBinary,
    fill: (stack: TerraformStack) => void,
  ) {
    const outdir = join(made.folder, `out-${(stacks += 1)}`);
    const app = new made.core.App({ outdir });
    this.folder = join(outdir, 'stacks/one');
    const stack = new made.core.TerraformStack(app, 'one');
    new made.core.LocalBackend(stack, { path: join(this.folder, 'terraform.tfstate') });
    fill(stack);
    app.synth();
  }

  terraform(args: readonly string[], env: NodeJS.ProcessEnv = {}, onOutput = (_text: string, _pid: number): void => {}): Promise<Run> {
    return run(this.core.path, args, { cwd: this.folder, env: cleanEnvironment(made.folder, { TF_IN_AUTOMATION: '1', ...env }), onOutput });
  }

  async apply(status = 0, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    expectStatus(await this.terraform(['init', '-input=false']), 0);
    return expectStatus(await this.terraform(['apply', '-auto-approve', '-input=false'], env), status);
  }

  file(name: string): string {
    return existsSync(join(this.folder, name)) ? readFileSync(join(this.folder, name), 'utf8') : '';
  }
}

/** A door whose password is the token of a pass. */
function guarded(stack: TerraformStack, endpoint: string, dependsOn: ITerraformDependable[] = []): void {
  new made.classes.GateProvider(stack, 'p', { endpoint, maxRetries: 0 });
  const pass = new made.classes.EphemeralGatePass(stack, 'pass', { holder: 'night watch', dependsOn });
  new made.classes.Door(stack, 'door', { name: 'front', passwordWo: pass.token });
}

const minutes = 60_000;

/** A test on every core that has what a guarded door needs. */
function onEach(name: string, recipe: (core: CoreBinary) => Promise<void>): void {
  onCores({ name, needs: ['ephemeral values', 'write-only attributes'] }, (title, core) => test(title, () => recipe(core), 2 * minutes));
}

onEach(
  'its value reaches a write-only attribute, is written nowhere, is renewed while it is needed and closed at the end',
  async (core) => {
    const stack = new Stack(core, (one) => guarded(one, gate.endpoint));
    const trace = { TF_LOG: 'TRACE', TF_LOG_PATH: join(stack.folder, 'trace.log') };
    expectStatus(await stack.terraform(['init', '-input=false']), 0);
    const planned = expectStatus(await stack.terraform(['plan', '-input=false', '-out=plan.bin'], trace), 0);
    const planJson = expectStatus(await stack.terraform(['show', '-json', 'plan.bin']), 0);
    expect(gate.calls()).toEqual(['POST /passes', 'DELETE /passes/p1']);
    gate.lasts = 1;
    let renewed = (): void => {};
    const twice = new Promise<void>((resolve) => (renewed = resolve));
    gate.before = (method, path) => {
      if (path === '/passes/p2r/renewal') renewed();
      // The door is made only when the pass was renewed twice.
      return method === 'POST' && path === '/doors' ? twice : undefined;
    };
    const applied = expectStatus(await stack.terraform(['apply', '-input=false', 'plan.bin'], trace), 0);
    const calls = gate.calls();
    expect(calls.slice(0, 2)).toEqual(['POST /passes', 'GET /doors']);
    expect(calls).toEqual(expect.arrayContaining(['PUT /passes/p2/renewal', 'PUT /passes/p2r/renewal']));
    expect(calls.at(-1)).toMatch(/^DELETE \/passes\/p2rr+$/);
    expect(gate.passes.size).toBe(0);
    expect(gate.log.find(({ path, method }) => method === 'POST' && path === '/doors')?.json).toMatchObject({ password: 'token/2+Kx82' });
    const written = [stack.file('terraform.tfstate'), planJson.text, planned.text, applied.text, stack.file('trace.log')];
    expect(written.map((text) => [text.length > 0, /token(\/|%2F|\\\/)\d(\+|%2B)Kx82/.test(text)])).toEqual(
      written.map(() => [true, false]),
    );
    expect(readFileSync(join(stack.folder, 'plan.bin')).includes('Kx82')).toBe(false);
  },
);

onEach('it is closed when what it was for fails, whose message does not show it; what cannot be closed is a warning', async (core) => {
  const stack = new Stack(core, (one) => guarded(one, gate.endpoint));
  gate.fault({ kind: { status: 400, text: 'weak password: token/2+Kx82' }, method: 'POST', path: /^\/doors/ });
  const failed = await stack.apply(1);
  expect(failed.said).toContain('Error: Refused by the Server');
  expect(failed.said).toContain('weak password: (sensitive)');
  expect(gate.passes.size).toBe(0);
  gate.fault({ kind: { status: 500, text: 'on strike' }, method: 'DELETE', times: 9 });
  const applied = await stack.apply(0);
  for (const id of ['p3', 'p4']) expect(applied.said).toContain(`Warning: Left on the Server: pass ${id} of night watch`);
  expect([...gate.passes.keys()]).toEqual(['p3', 'p4']);
});

/** A guarded door behind an endpoint that the same run makes. */
function late(core: CoreBinary, waits: boolean): Stack {
  return new Stack(core, (one) => {
    const source = new made.core.DataResource(one, 'endpoint', { input: { endpoint: gate.endpoint } });
    guarded(one, made.core.Fn.lookup(source.output, 'endpoint') as string, waits ? [source] : []);
  });
}

const opensOnce = ['POST /passes', 'GET /doors', 'POST /doors', 'DELETE /passes/p1'];

onEach('an endpoint that the same run makes is no obstacle for what depends on its maker', async (core) => {
  const stack = late(core, true);
  await stack.apply();
  expect(gate.calls()).toEqual(opensOnce);
  await stack.apply();
  expect(gate.calls().filter((call) => /POST|PUT/.test(call))).toEqual(['POST /passes', 'POST /passes', 'PUT /doors/front']);
});

onEach('an endpoint that the same run makes is no obstacle on Terraform, and OpenTofu is told what to do', async (core) => {
  const stack = late(core, false);
  if (core.product === 'Terraform') {
    await stack.apply();
    expect(gate.calls()).toEqual(opensOnce);
    return;
  }
  const { said } = await stack.apply(1);
  expect(said).toContain('Error: Too Early to Open');
  expect(said).toContain('In the ephemeral block, add a depends_on');
  expect(said).not.toMatch(/bug in the provider/);
  expectStatus(await stack.terraform(['apply', '-auto-approve', '-input=false', '-target=terraform_data.endpoint']), 0);
  await stack.apply();
  expect(gate.calls().filter((call) => /POST/.test(call))).toEqual(['POST /passes', 'POST /passes', 'POST /doors']);
});

onEach('it is closed when terraform is killed', async (core) => {
  const stack = new Stack(core, (one) => guarded(one, gate.endpoint));
  expectStatus(await stack.terraform(['init', '-input=false']), 0);
  let pid = 0;
  let closed = (): void => {};
  const closing = new Promise<void>((resolve) => (closed = resolve));
  gate.before = (method, path) => {
    if (path === '/passes/p2') closed();
    if (method !== 'POST' || path !== '/doors') return undefined;
    process.kill(pid, 'SIGKILL');
    return closing;
  };
  const killed = await stack.terraform(['apply', '-auto-approve', '-input=false'], {}, (_, of) => (pid = of));
  expect(killed.status).toBeNull();
  await closing;
});
