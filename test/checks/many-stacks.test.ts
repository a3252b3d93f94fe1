import { App, Aspects, type IAspect, TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactapiProvider, LocalGeneric, RemoteNpm } from '../../constructs/artifactapi';
import { RegistryChecks } from '../../constructs/checks';

let outdir: string;
beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'repoform-stacks-'))));
afterEach(() => {
  rmSync(outdir, { recursive: true, force: true });
  jest.restoreAllMocks();
});

/** An app of so many stacks, each with a local repository, and the same one in the first and the last. */
function appOf(count: number): { readonly app: App; readonly stacks: readonly TerraformStack[] } {
  const app = new App({ outdir });
  const stacks = Array.from({ length: count }, (_, index) => {
    const stack = new TerraformStack(app, `s${index}`);
    new ArtifactapiProvider(stack, 'artifactapi', { endpoint: 'https://registry.example.com' });
    new LocalGeneric(stack, 'own', { name: `own-${index % (count - 1)}` });
    return stack;
  });
  return { app, stacks };
}

/** The annotations that synthesis writes, each as `<path> <rule>`. */
function annotated(app: App): string[] {
  app.synth();
  const { stacks } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    readonly stacks: Readonly<
      Record<string, { readonly annotations: readonly { readonly constructPath: string; readonly message: string }[] }>
    >;
  };
  return Object.values(stacks).flatMap(({ annotations }) =>
    annotations.map(({ constructPath, message }) => `${constructPath} ${/ \[([a-z-]+)\]$/.exec(message)?.[1] ?? message}`),
  );
}

beforeAll(() => (process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS'] = 'true'));
afterAll(() => delete process.env['CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS']);

test('what an app costs grows with its stacks, not with their square', () => {
  const { app } = appOf(12);
  const rendered = jest.spyOn(TerraformStack.prototype, 'toTerraform');
  app.synth();
  const without = rendered.mock.calls.length;
  rendered.mockClear();
  Aspects.of(app).add(new RegistryChecks());
  expect(annotated(app)).toEqual(['s11/own duplicate-object']);
  // Once as one of the others, and once more when it is its turn.
  expect(rendered.mock.calls.length - without).toBeLessThanOrEqual(2 * 12);
});

test('checks of each stack share what they read, and each of them reports', () => {
  const { app, stacks } = appOf(4);
  for (const stack of stacks) Aspects.of(stack).add(new RegistryChecks());
  Aspects.of(app).add(new RegistryChecks({ except: ['duplicate-object'] }));
  expect(annotated(app)).toEqual(['s3/own duplicate-object']);
});

test('what aspects change is seen, and so is what is added before the app is synthesized once more', () => {
  const { app, stacks } = appOf(3);
  const opened: IAspect = {
    visit(node: IConstruct): void {
      if (node.node.id === 's1' && node instanceof TerraformStack && !node.node.tryFindChild('added'))
        new RemoteNpm(node, 'added', { name: 'added', baseUrl: 'https://npm.example.com' });
    },
  };
  Aspects.of(app).add(new RegistryChecks({ except: ['duplicate-object'] }));
  for (const stack of stacks) Aspects.of(stack).add(opened);
  expect(annotated(app)).toEqual(['s1/added open-proxy']);
  new RemoteNpm(stacks[0] as TerraformStack, 'late', { name: 'late', baseUrl: 'https://npm.example.com' });
  expect(annotated(app)).toEqual(expect.arrayContaining(['s0/late open-proxy', 's1/added open-proxy']));
});
