import type { App as CoreApp, TerraformStack as CoreStack } from 'cdktf';
import { type GatePackage, gatePackage } from '../support/gate/app';

let made: GatePackage;
beforeAll(async () => void (made = await gatePackage('cdktn')), 120_000);
afterAll(() => made.remove());

/** What the core's validation says of a stack in a project that targets some versions. */
function said(targetVersions: Readonly<Record<string, string>> | undefined, fill: (stack: CoreStack) => void): string[] {
  const app: CoreApp = new made.core.App(targetVersions && { context: { targetVersions } });
  const stack = new made.core.TerraformStack(app, 'one');
  new made.classes.GateProvider(stack, 'p', { endpoint: 'https://gate.example.com' });
  fill(stack);
  try {
    app.synth();
    return [];
  } catch (thrown) {
    return String(thrown).match(/\[one(\/[\w-]+)?\].*/g) ?? [String(thrown)];
  }
}

const uses: readonly (readonly [string, string, string, (stack: CoreStack) => void])[] = [
  [
    'a write-only attribute',
    '>=1.10.0',
    '>=1.11.0',
    (stack) => void new made.classes.Door(stack, 'door', { name: 'front', passwordWo: 'x' }),
  ],
  [
    'an ephemeral resource',
    '>=1.9.0',
    '>=1.10.0',
    (stack) => void new made.classes.EphemeralGatePass(stack, 'pass', { holder: 'night watch' }),
  ],
];

test.each(uses)('on cdktn %s is checked against the versions that the project targets', (...[, old, recent, fill]) => {
  expect(said({ terraform: old }, fill).length).toBeGreaterThan(0);
  expect(said({ terraform: recent }, fill)).toEqual([]);
  expect(said({ terraform: old }, fill).join()).not.toContain('cdktf.json');
});

test.each(uses)('on cdktn %s in a project that targets nothing says once what to write, and where', (...[, , , fill]) => {
  const twice = said(undefined, (stack) => {
    fill(stack);
    new made.classes.Door(stack, 'second', { name: 'second', passwordWo: 'x' });
  });
  const advice = '"targetVersions": { "terraform": ">=1.11.0", "opentofu": ">=1.11.0" } to cdktf.json';
  expect(twice.filter((line) => line.includes(advice))).toEqual([expect.stringMatching(/^\[one\] the project does not declare/)]);
  const secret = (stack: CoreStack, passwordWo: unknown): unknown => new made.classes.Door(stack, 'door', { name: 'front', passwordWo });
  expect(said(undefined, (stack) => secret(stack, made.core.Token.nullValue()))).toEqual([]);
});

test('what is not used is not checked', () => {
  expect(said({ terraform: '>=1.5.7' }, (stack) => void new made.classes.Door(stack, 'door', { name: 'front' }))).toEqual([]);
});
