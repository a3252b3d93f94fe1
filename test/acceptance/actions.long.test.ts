import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { type CoreName, type GatePackage, gatePackage } from '../support/gate/app';
import { type GateServer, startGate } from '../support/gate/server';
import { expectStatus, run, type Run } from './support/command';
import type { CoreBinary } from './support/core-binary';
import { cleanEnvironment } from './support/environment';
import { lack } from './support/features';
import { onCores } from './support/on-cores';

const minutes = 60_000;

describe.each(['cdktf', 'cdktn'] as const)('actions of %s', (name: CoreName) => {
  let made: GatePackage;
  let gate: GateServer;
  let stacks = 0;
  beforeAll(async () => void (made = await gatePackage(name)), 2 * minutes);
  afterAll(() => made.remove());
  beforeEach(async () => void (gate = await startGate()));
  afterEach(() => gate.stop());

  /** Synthesizes a stack; its folder. */
  function synthesized(fill: (stack: TerraformStack) => void): string {
    const outdir = join(made.folder, `out-${(stacks += 1)}`);
    const app = new made.core.App({ outdir, context: { targetVersions: { terraform: '>=1.14.0' } } });
    const folder = join(outdir, 'stacks/one');
    const stack = new made.core.TerraformStack(app, 'one');
    new made.core.LocalBackend(stack, { path: join(folder, 'terraform.tfstate') });
    new made.classes.GateProvider(stack, 'p', { endpoint: gate.endpoint, maxRetries: 0 });
    fill(stack);
    app.synth();
    return folder;
  }

  /** A door whose bell is rung when it is made. */
  const doorWithBell = (): string =>
    synthesized((stack) => {
      const door = new made.classes.Door(stack, 'door', { name: 'front' });
      new made.classes.Ring(stack, 'ring', { door: door.getStringAttribute('name'), times: 2 }).triggerOn(door);
    });

  const terraform = (core: CoreBinary, folder: string, ...args: string[]): Promise<Run> =>
    run(core.path, [...args, '-input=false', '-no-color'], { cwd: folder, env: cleanEnvironment(made.folder, { TF_IN_AUTOMATION: '1' }) });

  const bells = (): number => gate.log.filter(({ path }) => path === '/doors/front/bell').length;

  onCores({ name: 'are triggered by a resource, invoked by hand, and refused at plan', needs: ['actions'] }, (title, core) =>
    test(
      title,
      async () => {
        const folder = doorWithBell();
        expectStatus(await terraform(core, folder, 'init'), 0);
        const created = expectStatus(await terraform(core, folder, 'apply', '-auto-approve'), 0);
        expect(created.text).toContain('Actions: 1 to invoke');
        expect(created.text).toMatch(/action\.gate_ring\.ring \(triggered by gate_door\.door\): ring 2 of 2: ding dong/);
        expect(bells()).toBe(2);
        expect(expectStatus(await terraform(core, folder, 'plan', '-detailed-exitcode'), 0).text).toContain('No changes');
        const invoked = expectStatus(await terraform(core, folder, 'apply', '-auto-approve', '-invoke=action.gate_ring.ring'), 0);
        expect(invoked.text).toContain('ring 1 of 2: ding dong');
        expect(bells()).toBe(4);
        const file = join(folder, 'cdk.tf.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace('"times": 2', '"times": 10'));
        const refused = expectStatus(await terraform(core, folder, 'plan'), 1);
        expect(refused.text.replace(/\s+/g, ' ')).toContain('"times": 10');
        expect(bells()).toBe(4);
      },
      2 * minutes,
    ),
  );

  onCores({ name: 'are refused with the version that is needed by a Terraform without them', needs: [] }, (title, core) =>
    (lack(core, ['actions']) === undefined ? test.skip : test)(
      title,
      async () => {
        const said = expectStatus(await terraform(core, doorWithBell(), 'init'), 1).text.replace(/\s+/g, ' ');
        expect(said).toMatch(
          core.product === 'Terraform' ? /Unsupported Terraform Core version.*>= 1\.14\.0/ : /block type is named "action"/,
        );
      },
      2 * minutes,
    ),
  );
});
