import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { providers } from '../../src/resources';
import { listFields } from '../../src/schema/derive/to-list';
import { codeOf, type Page, pagesOf } from './pages';

const root = join(__dirname, '../..');
const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function folderIn(parent: string): string {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'repoform-docs-'));
  folders.push(folder);
  return folder;
}

function layProvider(folder: string, name: string): void {
  const at = join(folder, 'terraform.d/plugins/registry.terraform.io/repoform', name, '0.1.0', platform);
  mkdirSync(at, { recursive: true });
  copyFileSync(join(root, 'dist/provider', `terraform-provider-${name}`), join(at, `terraform-provider-${name}_v0.1.0`));
}

function run(cwd: string, command: string, args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: cwd, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} answers ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

const required = (names: readonly string[]): string => {
  const lines = names.map((name) => `    ${name} = { source = "registry.terraform.io/repoform/${name}" }\n`);
  return `terraform {\n  required_providers {\n${lines.join('')}  }\n}\n`;
};
const moduleName = ({ path }: Page): string => path.replaceAll(/[^a-z0-9]+/gi, '_');
/** What a module has to be given. */
const givenTo = (page: Page): string =>
  [
    ...codeOf(page, 'hcl')
      .join('\n')
      .matchAll(/^variable "(\w+)"/gm),
  ]
    .map(([, name]) => `  ${name} = "any"\n`)
    .join('');

/** The other providers whose resources a page has. */
const othersOn = (page: Page, name: string): string[] => [
  ...new Set(
    [
      ...codeOf(page, 'hcl')
        .join('\n')
        .matchAll(/^resource "([a-z0-9]+)_/gm),
    ].flatMap(([, other = name]) => (other === name ? [] : [other])),
  ),
];

/** Whether a provider is one of ours. */
const isOurs = (name: string): boolean => providers.some((provider) => provider.name === name);

describe.each(providers.map((provider) => [provider.name, provider] as const))('the documentation of %s', (name, provider) => {
  const pages = pagesOf(name);
  const listed = provider.resources.filter(({ binding }) => binding.list);
  const examples = pages.filter(({ path }) => /\/(resources|data-sources|ephemeral-resources|constructs)\/(?!index$)/.test(path));

  it('has a page for everything', () => {
    const short = (type: string): string => type.slice(name.length + 1);
    expect(pages.map(({ path }) => path).filter((path) => !path.startsWith(`${name}/constructs/`))).toEqual(
      [
        `${name}/index`,
        `${name}/permissions`,
        ...provider.resources.map(({ type }) => `${name}/resources/${short(type)}`),
        ...provider.dataSources.map(({ type }) => `${name}/data-sources/${short(type)}`),
        ...(provider.ephemerals ?? []).map(({ type }) => `${name}/ephemeral-resources/${short(type)}`),
        ...(provider.actions ?? []).map(({ type }) => `${name}/actions/${short(type)}`),
        ...listed.map(({ type }) => `${name}/list-resources/${short(type)}`),
        ...provider.functions.map((definition) => `${name}/functions/${definition.name}`),
      ].sort(),
    );
  });

  it('has examples of lists that set what there is', () => {
    for (const definition of listed) {
      const page = pages.find(({ path }) => path === `${name}/list-resources/${definition.type.slice(name.length + 1)}`);
      const [, config = ''] = /^ {2}config \{\n([^]*?)^ {2}\}/m.exec(page ? codeOf(page, 'hcl').join('') : '') ?? [];
      const names = [...config.matchAll(/^ {4}(\w+) += /gm)].map(([, argument]) => argument);
      const fields = (listFields(definition) ?? []).map((field) => field.name);
      expect([definition.type, names.length > 0, names.filter((argument) => !fields.includes(argument ?? ''))]).toEqual([
        definition.type,
        true,
        [],
      ]);
    }
  });

  it('says nothing that was not filled in', () => {
    expect(pages.filter(({ text }) => /\[object Object\]|\bundefined\b/.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('shows no secret as a literal', () => {
    const secrets = [provider, ...provider.resources].flatMap((one) => {
      const example = 'type' in one ? one.example.full : one.example;
      return Object.entries(example).flatMap(([key, value]) => (one.attributes[key]?.facts.sensitive === true ? [String(value)] : []));
    });
    const code = pages.flatMap((page) => [...codeOf(page, 'hcl'), ...codeOf(page, 'typescript')]).join('\n');
    expect(secrets.filter((secret) => code.includes(`: '${secret}'`) || code.includes(`= "${secret}"`))).toEqual([]);
    expect(secrets).toHaveLength({ bkrepo: 2, kubesphere: 2 }[name] ?? 0);
  });

  it('has HCL examples that terraform accepts', () => {
    const folder = folderIn(tmpdir());
    // No network, so no providers of others.
    const own = examples.filter((page) => othersOn(page, name).every(isOurs));
    const needed = [...new Set([name, ...own.flatMap((page) => othersOn(page, name))])];
    for (const one of needed) layProvider(folder, one);
    expect(examples.filter((page) => !own.includes(page)).map(({ path }) => path)).toEqual(
      { bkrepo: ['bkrepo/constructs/AgentVerseCredentials'], kubesphere: ['kubesphere/constructs/AppRepositoryManifest'] }[name] ?? [],
    );
    for (const page of own) {
      mkdirSync(join(folder, moduleName(page)));
      writeFileSync(join(folder, moduleName(page), 'main.tf'), required([name, ...othersOn(page, name)]) + codeOf(page, 'hcl').join('\n'));
    }
    writeFileSync(
      join(folder, 'main.tf'),
      required(needed) +
        own.map((page) => `module "${moduleName(page)}" {\n  source = "./${moduleName(page)}"\n${givenTo(page)}}\n`).join(''),
    );
    run(folder, 'terraform', ['init', '-input=false']);
    expect(JSON.parse(run(folder, 'terraform', ['validate', '-json']))).toMatchObject({ valid: true, diagnostics: [] });
  });

  it('has TypeScript examples that compile and synthesize', () => {
    const folder = folderIn(join(root, '.repoform'));
    const stacks = examples.map((page) => {
      const code = codeOf(page, 'typescript').join('\n');
      const body = code.replaceAll(/^import .*$/gm, '');
      const others = othersOn(page, name).map(
        (other) =>
          `    new Other(this, '${other}', { terraformResourceType: '${other}', terraformGeneratorMetadata: { providerName: '${other}' } });\n`,
      );
      return `class ${moduleName(page)} extends TerraformStack {\n  constructor(scope: Construct, id: string) {\n    super(scope, id);\n    new api.${providerClass(name)}(this, 'provider', { endpoint: 'http://127.0.0.1:8000' });\n${others.join('')}${body}  }\n}\nnew ${moduleName(page)}(app, '${moduleName(page)}');\n`;
    });
    const imported = [
      ...new Set(
        examples.flatMap((page) =>
          [
            ...codeOf(page, 'typescript')
              .join('\n')
              .matchAll(/^import \{ (.*) \}/gm),
          ].flatMap(([, names]) => (names ?? '').split(', ')),
        ),
      ),
    ];
    const head = `import { App, TerraformProvider, TerraformStack } from 'cdktf';\nimport type { Construct } from 'constructs';\nimport * as api from 'repoform/${name}';\nimport { ${imported.join(', ')} } from 'repoform/${name}';\n\nclass Other extends TerraformProvider {}\nconst app = new App({ outdir: ${JSON.stringify(join(folder, 'out'))} });\n`;
    const file = join(folder, 'main.ts');
    writeFileSync(file, `${head}${stacks.join('')}app.synth();\n`);
    run(root, join(root, 'node_modules/.bin/tsc'), [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'node20',
      '--target',
      'es2023',
      '--types',
      'node',
      '--ignoreConfig',
      file,
    ]);
    run(root, join(root, 'node_modules/.bin/tsx'), [file]);
  });

  it('has function examples that give what they say', () => {
    const folder = folderIn(tmpdir());
    layProvider(folder, name);
    const outputs = provider.functions.map(({ name: output, example }) => `output "${output}" {\n  value = ${example.call}\n}\n`);
    writeFileSync(join(folder, 'main.tf'), required([name]) + outputs.join(''));
    run(folder, 'terraform', ['init', '-input=false']);
    run(folder, 'terraform', ['apply', '-auto-approve', '-input=false']);
    const given = JSON.parse(run(folder, 'terraform', ['output', '-json'])) as Record<string, { value: unknown }>;
    expect(Object.fromEntries(Object.entries(given).map(([output, { value }]) => [output, String(value)]))).toEqual(
      Object.fromEntries(provider.functions.map((definition) => [definition.name, definition.example.gives])),
    );
  });
});

const providerClass = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Provider`;
