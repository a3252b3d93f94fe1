import * as ts from 'typescript';
import * as cdktf from 'cdktf';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as artifactapi from '../../constructs/artifactapi';
import * as bkrepo from '../../constructs/bkrepo';
import { RegistryChecks, suppressRule } from '../../constructs/checks';
import * as kubesphere from '../../constructs/kubesphere';
import { packages } from '../../src/common/gen/packages';
import { FORMATS } from '../../src/registry/formats/gen/types';
import { type RuleFile, ruleFiles } from '../../scripts/rules/reader';

const { App, Aspects, TerraformStack } = cdktf;
const folder = mkdtempSync(join(tmpdir(), 'repoform-checks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What examples can use, as their pages say. */
const names = { ...cdktf, ...artifactapi, ...bkrepo, ...kubesphere, suppressRule };
const providers = { ArtifactapiProvider: artifactapi, BkrepoProvider: bkrepo, KubesphereProvider: kubesphere };

/** Runs statements as in the constructor of a stack. */
class Example extends TerraformStack {
  constructor(scope: cdktf.App, id: string, code: string) {
    super(scope, id);
    for (const name of Object.keys(providers))
      if (!code.includes(`new ${name}(`))
        new (names as never as Record<string, new (...args: unknown[]) => unknown>)[name]!(this, name, { installLocally: false });
    const script = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } }).outputText;
    // The code is that of this repository's own rule files.
    new Function(...Object.keys(names), script).call(this, ...Object.values(names));
  }
}

interface Annotation {
  readonly level: string;
  readonly message: string;
  readonly constructPath: string;
}

/** The annotations of one stack for each rule. */
function annotationsOf(files: readonly RuleFile[], kind: 'bad' | 'good'): ReadonlyMap<string, readonly Annotation[]> {
  return new Map(
    files.map((file) => {
      const app = new App({ outdir: join(folder, `${file.code}-${kind}`) });
      const stack = new Example(app, file.code, file[kind]);
      Aspects.of(stack).add(new RegistryChecks());
      try {
        app.synth();
      } catch (thrown) {
        if (!/Encountered Annotations with level "ERROR"/.test(String(thrown))) throw thrown;
      }
      const { annotations } = app.manifest.forStack(stack);
      return [file.code, annotations as readonly Annotation[]] as const;
    }),
  );
}

const files = ruleFiles();
const found = (annotations: readonly Annotation[] = []): string[] =>
  annotations.map(({ message }) => / \[([a-z-]+)\]$/.exec(message)?.[1] ?? message);

test('there are enough rules, each with a name of its own', () => {
  expect(files.length).toBeGreaterThanOrEqual(24);
  expect(new Set(files.map(({ code }) => code)).size).toBe(files.length);
});

// The registry has tables of its own, so this compares two sources.
test('paths that package types name as changing or fixed are so for the embedded registry', () => {
  const wrong = packages.flatMap(({ name, paths }) => {
    const classify = FORMATS.find(({ packageType }) => packageType === name)?.classify;
    return [...paths.changing.map((path) => [path, 'mutable'] as const), ...paths.fixed.map((path) => [path, 'immutable'] as const)]
      .filter(([path, kind]) => classify?.(path) !== kind)
      .map(([path]) => `${name}: ${path}`);
  });
  // ArtifactAPI counts download documents as fixed (its README); the embedded registry asks for them again.
  expect(wrong).toEqual(['terraform: v1/providers/acme/cloud/1.2.3/download/linux/amd64']);
});

describe('each rule finds its bad example, and nothing in its good one', () => {
  const bad = annotationsOf(files, 'bad');
  const good = annotationsOf(files, 'good');
  it.each(files.map(({ code }) => code))('%s', (code) => {
    expect(found(bad.get(code))).toContain(code);
    // Nor does any other rule find anything there.
    expect(found(good.get(code))).toEqual([]);
  });
});
