import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { cleanEnvironment } from '../acceptance/support/environment';
import { type CoreName, type GateClasses, type GatePackage, gatePackage } from '../support/gate/app';

type Json = Record<string, Record<string, Record<string, object>>>;

describe.each(['cdktf', 'cdktn'] as const)('an ephemeral resource on %s', (name: CoreName) => {
  let made: GatePackage;
  let gate: GateClasses;
  beforeAll(async () => {
    made = await gatePackage(name);
    gate = made.classes;
  });
  afterAll(() => made.remove());

  const newStack = (id = 'one', outdir = join(made.folder, 'unused')): TerraformStack =>
    new made.core.TerraformStack(new made.core.App({ outdir }), id);
  const json = (stack: TerraformStack): Json => JSON.parse(made.core.Testing.synth(stack)) as Json;

  function fill(stack: TerraformStack): void {
    new gate.GateProvider(stack, 'p', { endpoint: 'http://127.0.0.1:1' });
    const second = new gate.GateProvider(stack, 'q', { endpoint: 'http://127.0.0.1:2', alias: 'q' });
    const pass = new gate.EphemeralGatePass(stack, 'pass', { holder: 'a "b" \\c', doorNames: ['x', 'y'], lifetime: 60, provider: second });
    new gate.Door(stack, 'door', { name: 'front', passwordWo: pass.token });
    new gate.EphemeralGatePass(stack, 'other', {
      holder: `desk ${pass.issuer.deskNumber} of ${pass.token}`,
      doorNames: pass.doorNames,
      dependsOn: [pass],
      count: 2,
      timeouts: { open: '30s' },
    });
    new gate.EphemeralGateHint(stack, 'hint');
  }

  test('synthesizes to exactly its JSON, and its attributes are tokens', () => {
    const stack = newStack();
    fill(stack);
    const { ephemeral, resource } = json(stack);
    expect(ephemeral).toEqual({
      gate_pass: {
        pass: { holder: 'a "b" \\c', door_names: ['x', 'y'], lifetime: 60, provider: 'gate.q' },
        other: {
          holder: 'desk ${ephemeral.gate_pass.pass.issuer.desk_number} of ${ephemeral.gate_pass.pass.token}',
          door_names: '${ephemeral.gate_pass.pass.door_names}',
          depends_on: ['ephemeral.gate_pass.pass'],
          count: 2,
          timeouts: { open: '30s' },
        },
      },
      gate_hint: { hint: {} },
    });
    expect(resource?.['gate_door']?.['door']).toEqual({ name: 'front', password_wo: '${ephemeral.gate_pass.pass.token}' });
  });

  test.each([false, true])('is accepted by terraform with the provider that is laid down (HCL: %s)', (hclOutput) => {
    const outdir = join(made.folder, `out-${hclOutput}`);
    // What the command sets for `synth --hcl`; stacks look at it when they are made.
    if (hclOutput) process.env['SYNTH_HCL_OUTPUT'] = 'true';
    const app = new made.core.App({ outdir, hclOutput, context: { targetVersions: { terraform: '>=1.11.0', opentofu: '>=1.11.0' } } });
    fill(new made.core.TerraformStack(app, 'one'));
    delete process.env['SYNTH_HCL_OUTPUT'];
    app.synth();
    const cwd = join(outdir, 'stacks/one');
    const terraform = (...args: string[]): string =>
      execFileSync('terraform', args, { cwd, encoding: 'utf8', stdio: 'pipe', env: cleanEnvironment(made.folder) });
    terraform('init', '-input=false');
    expect(JSON.parse(terraform('validate', '-json'))).toMatchObject({ valid: true, error_count: 0, warning_count: 0 });
    if (hclOutput) expect(readFileSync(join(cwd, 'cdk.tf'), 'utf8').match(/^ephemeral .*$/gm)).toHaveLength(3);
  });

  test('takes new values, overrides and another name', () => {
    const stack = newStack();
    new gate.GateProvider(stack, 'p');
    const pass = new gate.EphemeralGatePass(stack, 'pass', { holder: 'guard', note: 'x' });
    pass.holder = 'night watch';
    pass.resetNote();
    pass.overrideLogicalId('renamed');
    pass.addOverride('lifecycle.postcondition', [{ condition: true, error_message: 'no' }]);
    expect(pass.holderInput).toBe('night watch');
    expect(pass.fqn).not.toBe('');
    const block = { holder: 'night watch', lifecycle: { postcondition: [{ condition: true, error_message: 'no' }] } };
    expect(json(stack)['ephemeral']).toEqual({ gate_pass: { renamed: block } });
    expect(made.core.Testing.synthHcl(stack)).toContain('ephemeral "gate_pass" "renamed" {\nholder = "night watch"');
  });

  test.each([
    [{}, '[one/pass] gate_pass: the attribute "holder" is required'],
    [{ holder: 'guard', tokn: 'x' }, '[one/pass] gate_pass: there is no attribute "tokn"'],
    [{ holder: 'guard', lifetime: 0 }, '[one/pass] gate_pass: lifetime is 0; allowed is 1 or more'],
    [{ holder: 'guard', provisioners: [] }, '[one/pass] gate_pass: there is no attribute "provisioners"'],
  ])('is checked when it is made: %j', (config, message) => {
    const stack = newStack();
    new gate.EphemeralGatePass(stack, 'pass', config);
    expect(() => json(stack)).toThrow(message);
  });

  test('needs its provider in the stack', () => {
    const stack = newStack();
    new gate.EphemeralGatePass(stack, 'pass', { holder: 'guard' });
    expect(() => made.core.Testing.synth(stack, true)).toThrow('the stack "one" has no provider for gate_pass; add the one for gate');
  });

  test('does not reach another stack', () => {
    const app = new made.core.App({ outdir: join(made.folder, 'two'), skipValidation: true });
    const [one, two] = [new made.core.TerraformStack(app, 'one'), new made.core.TerraformStack(app, 'two')];
    const pass = new gate.EphemeralGatePass(one, 'pass', { holder: 'guard' });
    new gate.Door(two, 'door', { name: 'front', passwordWo: pass.token });
    expect(() => app.synth()).toThrow('an ephemeral value cannot be used in another stack; create an ephemeral resource in "two" too');
  });
});
