import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TerraformStack } from 'cdktf';
import { type CoreName, type GateClasses, type GatePackage, gatePackage } from '../support/gate/app';

type Json = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

describe.each(['cdktf', 'cdktn'] as const)('an action on %s', (name: CoreName) => {
  let made: GatePackage;
  let gate: GateClasses;
  let outdir: string;
  beforeAll(async () => {
    made = await gatePackage(name);
    gate = made.classes;
    outdir = mkdtempSync(join(tmpdir(), 'repoform-actions-'));
  }, 120_000);
  afterAll(() => {
    made.remove();
    rmSync(outdir, { recursive: true, force: true });
  });

  const newStack = (id = 'one', context = {}): TerraformStack => new made.core.TerraformStack(new made.core.App({ outdir, context }), id);
  const json = (stack: TerraformStack): Json => JSON.parse(made.core.Testing.synth(stack)) as Json;

  function fill(stack: TerraformStack): void {
    new gate.GateProvider(stack, 'p', { endpoint: 'http://127.0.0.1:1' });
    const second = new gate.GateProvider(stack, 'q', { endpoint: 'http://127.0.0.1:2', alias: 'q' });
    const door = new gate.Door(stack, 'door', { name: 'front', lifecycle: { ignoreChanges: ['password_wo'] } });
    const config = {
      door: door.getStringAttribute('name'),
      times: 2,
      guests: [{ name: 'Ann' }],
      timeouts: { invoke: '1m' },
      provider: second,
    };
    new gate.Ring(stack, 'ring', config).triggerOn(door, { events: ['after_create'], condition: '${var.guests}' });
    new gate.Ring(stack, 'again', { door: 'back' }).triggerOn(door);
  }

  test('synthesizes to exactly its JSON, with the triggers in the lifecycle of the resource', () => {
    const stack = newStack();
    fill(stack);
    const { action, resource, terraform } = json(stack);
    expect(action).toEqual({
      gate_ring: {
        ring: {
          config: { door: '${gate_door.door.name}', times: 2, guests: [{ name: 'Ann' }], timeouts: { invoke: '1m' } },
          provider: 'gate.q',
        },
        again: { config: { door: 'back' } },
      },
    });
    expect(resource?.['gate_door']?.['door']).toEqual({
      name: 'front',
      lifecycle: {
        ignore_changes: ['password_wo'],
        action_trigger: [
          { events: ['after_create'], condition: '${var.guests}', actions: ['action.gate_ring.ring'] },
          { events: ['after_create', 'after_update'], actions: ['action.gate_ring.again'] },
        ],
      },
    });
    expect(terraform?.['required_version']).toBe('>= 1.14.0');
  });

  test('synthesizes to blocks of HCL', () => {
    // What the command sets for `synth --hcl`; stacks look at it when they are made.
    process.env['SYNTH_HCL_OUTPUT'] = 'true';
    try {
      const app = new made.core.App({ outdir, hclOutput: true });
      const stack = new made.core.TerraformStack(app, 'blocks');
      fill(stack);
      app.synth();
    } finally {
      delete process.env['SYNTH_HCL_OUTPUT'];
    }
    const hcl = readFileSync(join(outdir, 'stacks/blocks/cdk.tf'), 'utf8').replace(/\s+/g, ' ');
    expect(hcl).toContain('terraform { required_version = ">= 1.14.0" }');
    expect(hcl).toContain('action "gate_ring" "again" { config { door = "back" } }');
    expect(hcl).toContain(
      'lifecycle { ignore_changes = [ "password_wo", ] action_trigger { events = [after_create] condition = "${var.guests}" actions = [action.gate_ring.ring] } action_trigger { events = [after_create, after_update] actions = [action.gate_ring.again] } }',
    );
  });

  test('has what it was given, and an address', () => {
    const ring = new gate.Ring(newStack(), 'ring', { door: 'front', times: 3 });
    expect([ring.door, ring.times, ring.address]).toEqual(['front', 3, 'action.gate_ring.ring']);
    ring.door = 'back';
    ring.resetTimes();
    expect([ring.door, ring.times]).toEqual(['back', undefined]);
  });

  test('keeps the version of Terraform that the stack requires', () => {
    const stack = newStack();
    stack.addOverride('terraform.required_version', '~> 1.15.0');
    new gate.Ring(stack, 'ring', { door: 'front' });
    expect(json(stack)['terraform']?.['required_version']).toBe('~> 1.15.0');
  });

  test.each<[string, (stack: TerraformStack) => void, string]>([
    ['of a wrong attribute', (stack) => void new gate.Ring(stack, 'ring', { door: 'front', time: 2 }), 'did you mean "times"?'],
    [
      'that is triggered from another stack',
      (stack) => {
        const other = new made.core.TerraformStack(stack.node.root as never, 'other');
        new gate.Ring(stack, 'ring', { door: 'front' }).triggerOn(new gate.Door(other, 'door', { name: 'front' }));
      },
      'an action must be in the same stack; create one in "other"',
    ],
    [
      'that nothing triggers',
      (stack) =>
        void new gate.Ring(stack, 'ring', { door: 'front' }).triggerOn(new gate.Door(stack, 'door', { name: 'front' }), { events: [] }),
      'name at least one in "events"',
    ],
    [
      'that an event triggers that does not exist',
      (stack) =>
        void new gate.Ring(stack, 'ring', { door: 'front' }).triggerOn(new gate.Door(stack, 'door', { name: 'front' }), {
          events: ['after_create', 'after_destroy'],
        }),
      'unknown event "after_destroy" of one/door; expected before_create, after_create, before_update, after_update',
    ],
  ])('%s is refused at synthesis', (_, fillWrong, problem) => {
    const stack = newStack();
    new gate.GateProvider(stack, 'p', { endpoint: 'http://127.0.0.1:1' });
    fillWrong(stack);
    expect(() => made.core.Testing.synth(stack)).toThrow(problem);
  });

  const validated = (stack: TerraformStack): string =>
    stack.node
      .findAll()
      .flatMap((node) => node.node.validate())
      .join('\n');

  test('needs its provider', () => {
    const stack = newStack();
    new gate.Ring(stack, 'ring', { door: 'front' });
    expect(validated(stack)).toContain('the stack "one" has no provider for gate_ring; add the one for gate');
  });

  test.each([
    [{ terraform: '>=1.14.0' }, ''],
    [{ terraform: '>=1.11.0' }, 'actions require Terraform 1.14.0, but the project targets ">=1.11.0"'],
    [{ opentofu: '>=1.11.0' }, 'OpenTofu has no actions, but the project targets it'],
  ])('for %j is checked against what the project targets', (targetVersions, problem) => {
    const stack = newStack('one', { targetVersions });
    new gate.GateProvider(stack, 'p', { endpoint: 'http://127.0.0.1:1' });
    new gate.Ring(stack, 'ring', { door: 'front' });
    expect(validated(stack)).toContain(problem);
    if (problem === '') expect(validated(stack)).toBe('');
  });
});
