import { join } from 'node:path';
import { Installed } from '../installed';
import { snippetProblems } from '../type-check';

let installed: Installed;
beforeAll(() => {
  installed = new Installed('kubesphere');
});
afterAll(() => installed.remove());
afterEach(() => installed.removeBindings());

const run = (core: string, text: string): string =>
  installed.run(core, `const { AppRepositoryManifest } = require('${installed.entry(core)}');\n${text}`);

const charts =
  "new AppRepositoryManifest(stack, 'charts', { version: '3', name: 'a', workspace: 'demo', url: 'https://a.example.com', syncPeriod: '1h' })";
const print =
  "console.log(JSON.stringify(JSON.parse(Testing.synth(stack)).resource.kubernetes_manifest, (key, value) => (key === '//' ? undefined : value)));";

test.each([
  ['cdktf', '@cdktf/provider-kubernetes', '@12'],
  ['cdktn', '@cdktn/provider-kubernetes', '@latest'],
])('on %s the bindings for Kubernetes are loaded with the first manifest, and a message says what to install', (core, name, version) => {
  const missing = `console.log(loaded('provider-kubernetes')); try { ${charts}; } catch (thrown) { console.log(thrown.message); }`;
  expect(run(core, missing)).toBe(`false\ns/charts: ${name} is not installed; run "npm install ${name}${version}"\n`);
});

test('a manifest synthesizes to the same on both cores, each with its own bindings', () => {
  const made = ['cdktf', 'cdktn'].map((core) => {
    installed.addBindings(core, 'manifest');
    return run(core, `${charts};\n${print}`);
  });
  expect(made[1]).toBe(made[0]);
  expect(Object.values(JSON.parse(made[0] ?? '') as object)).toEqual([
    expect.objectContaining({ field_manager: { force_conflicts: true } }),
  ]);
});

const head = `import { App, TerraformStack } from 'cdktf';
import { AppRepositoryManifest } from 'repoform/kubesphere';
const stack = new TerraformStack(new App(), 's');
`;
const snippets: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['a right one, without the bindings for Kubernetes', `${charts};`, []],
  [
    'another version',
    "new AppRepositoryManifest(stack, 'c', { version: '2', name: 'a', url: 'https://a.example.com' });",
    ['Type \'"2"\' is not assignable to type \'"3" | "4"\'.'],
  ],
  [
    'a missing URL',
    "new AppRepositoryManifest(stack, 'c', { version: '4', name: 'a' });",
    [expect.stringContaining("Property 'url' is missing in type")],
  ],
];

test.each(snippets)('the compiler on %s', (_, text, problems) => {
  expect(snippetProblems(join(installed.folder, 'snippet.ts'), head + text)).toEqual(problems);
});
