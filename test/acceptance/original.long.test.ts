import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../support/bundle';
import { codeUnder, follow, type Reader } from '../support/guide';
import { platform } from './support/environment';
import { onCores } from './support/on-cores';
import { inProject, installPacked, type Modules, type Project } from './support/project';

const TIMEOUT = 300_000;
const guide = 'from-the-original-provider';
let installed: Modules | undefined;
const modules = (): Modules => (installed ??= installPacked());
afterAll(() => installed?.remove());

const needed = '    artifactapi = {\n      source  = "git.unkin.net/unkin/artifactapi"\n      version = "0.1.2"\n    }\n';
const header = `terraform {\n  required_providers {\n${needed}  }\n}\n`;
const configuration = `
variable "partner" {
  type      = string
  sensitive = true
  default   = "Qx73-upstream"
}
resource "artifactapi_remote_docker" "dockerhub" {
  name             = "dockerhub"
  base_url         = "https://registry-1.docker.io"
  mutable_ttl      = 300
  ban_tags_enabled = true
  ban_tags         = ["latest"]
  patterns         = ["^library/postgres"]
  blocklist        = []
  username         = "ci"
  password         = var.partner
}
module "packages" {
  source = "./packages"
}
`;
const inModule = `
resource "artifactapi_remote_generic" "this" {
  for_each         = { github = "https://github.com", gitlab = "https://gitlab.com" }
  name             = each.key
  base_url         = each.value
  description      = ""
  mutable_patterns = [".*/heads/.*"]
}
resource "artifactapi_remote_helm" "jetstack" {
  name     = "jetstack"
  base_url = "https://charts.jetstack.io"
}
resource "artifactapi_local_rpm" "rpms" {
  count = 1
  name  = "rpms"
}
resource "artifactapi_virtual" "helm" {
  name         = "helm"
  package_type = "helm"
  members      = [artifactapi_remote_helm.jetstack.name]
}
`;
const addresses = [
  'artifactapi_remote_docker.dockerhub',
  'module.packages.artifactapi_local_rpm.rpms[0]',
  'module.packages.artifactapi_remote_generic.this["github"]',
  'module.packages.artifactapi_remote_generic.this["gitlab"]',
  'module.packages.artifactapi_remote_helm.jetstack',
  'module.packages.artifactapi_virtual.helm',
];

/** Everything on the registry, with the times of the last writes. */
async function served({ registry }: Project): Promise<string> {
  return (await Promise.all(['remotes', 'virtuals'].map(async (path) => (await fetch(`${registry.url}/api/v2/${path}`)).text()))).join(
    '\n',
  );
}

interface Estate {
  readonly project: Project;
  readonly reader: Reader;
  readonly before: string;
  /** Runs the n-th block of commands of a section. */
  readonly step: (section: string, index: number, status?: number) => Promise<string>;
  /** Runs commands of the test's own. */
  readonly sh: (script: string, status?: number) => Promise<string>;
}

/** Runs something in a folder with HCL for the original provider that was applied. */
function onEstate(name: string, recipe: (estate: Estate) => Promise<void>): void {
  onCores({ name, needs: ['moves across resource types'] }, (title, core) =>
    test(
      title,
      () =>
        inProject({ modules: modules(), main: '', core }, async (project) => {
          const place = project.path('home/.terraform.d/plugins/git.unkin.net/unkin/artifactapi/0.1.2', platform);
          mkdirSync(place, { recursive: true });
          bundle(join(__dirname, 'fixtures/original-provider.ts'), join(place, 'terraform-provider-artifactapi_v0.1.2'));
          project.write('main.tf', `${header}provider "artifactapi" {\n  endpoint = "${project.registry.url}"\n}\n${configuration}`);
          project.write('packages/main.tf', header + inModule);
          const reader: Reader = {
            folder: project.folder,
            modules: modules().folder,
            core,
            servers: { 'https://artifacts.example.com': project.registry.url },
          };
          const sh = async (script: string, status?: number) => (await follow(reader, script, status)).text;
          const step = (section: string, index: number, status?: number) =>
            sh(codeUnder(guide, section, 'sh')[index] ?? 'no such block', status);
          await sh('terraform init && terraform apply');
          const before = await served(project);
          expect(await step('Prepare', 0)).toContain('provider[git.unkin.net/unkin/artifactapi]');
          expect(readFileSync(project.path('before.tfstate'), 'utf8')).toContain('Qx73-upstream');
          await recipe({ project, reader, before, step, sh });
        }),
      TIMEOUT,
    ),
  );
}

onEstate('HCL and its state move over from the original provider, and back', async ({ project, before, step, sh }) => {
  const said = await step('Keep HCL', 0);
  const [block = ''] = /^provider_installation [\s\S]*?^\}$/m.exec(said) ?? [];
  // The original provider stays where its own installation puts it.
  const plugins = `filesystem_mirror {\n    path = "${project.path('home/.terraform.d/plugins')}"`;
  for (const name of ['.terraformrc', '.tofurc']) project.write(`home/${name}`, block.replace('direct {', `${plugins}\n`));
  const [required = ''] = codeUnder(guide, 'Keep HCL', 'hcl');
  for (const file of ['main.tf', 'packages/main.tf'])
    writeFileSync(project.path(file), readFileSync(project.path(file), 'utf8').replace(header, required));
  expect(await step('Keep HCL', 1)).toContain('Successfully replaced provider for 5 resources.');
  const applied = await step('Keep HCL', 2);
  expect(applied).not.toContain('will be created');
  // A core that keeps in the state what is sensitive lists each remote once.
  const changed = applied.includes('will no longer be marked as sensitive') ? 4 : 0;
  expect(applied).toContain(`Resources: 0 added, ${changed} changed, 0 destroyed.`);
  expect(applied.match(/^ +[-+~] (?!update in-place|resource |(?:username|password_wo) +=).*$/gm) ?? []).toEqual([]);
  await sh('terraform plan -detailed-exitcode');
  expect((await sh('terraform state list')).split('\n').filter((line) => /^[a-z_]+\./.test(line))).toEqual(addresses);
  expect(await served(project)).toBe(before);

  for (const file of ['main.tf', 'packages/main.tf'])
    writeFileSync(project.path(file), readFileSync(project.path(file), 'utf8').replace(required, header));
  expect(await step('Roll back', 0)).toContain('No changes.');
  expect(await served(project)).toBe(before);
});

onEstate('HCL of the original provider becomes a TypeScript app, and its old state forgets', async ({ project, before, step, sh }) => {
  expect(await step('Move to TypeScript', 0)).toContain('Wrote 6 objects');
  expect(await step('Move to TypeScript', 1)).toContain('6 imported, 0 added, 0 changed, 0 destroyed.');
  expect(await sh(`cd registry\n${codeUnder(guide, 'Move to TypeScript', 'sh')[2]}`)).toContain('No changes.');
  expect(readFileSync(project.path('registry/terraform.registry.tfstate'), 'utf8')).not.toContain('Qx73-upstream');
  const kept = readFileSync(project.path('main.tf'), 'utf8').replace(/^variable[\s\S]*/m, '');
  const [removed = ''] = codeUnder(guide, 'Move to TypeScript', 'hcl');
  project.write('main.tf', kept + removed);
  expect(await step('Move to TypeScript', 3)).toMatch(
    /will no longer be managed by Terraform, but will not be destroyed|will be removed from the OpenTofu state/,
  );
  expect(await sh('terraform state list')).toBe('');
  expect(await served(project)).toBe(before);
});

onEstate('the state can be kept in TypeScript', async ({ project, before, step, sh }) => {
  await step('Move to TypeScript', 0);
  const source = 'git.unkin.net/unkin/artifactapi registry.terraform.io/repoform/artifactapi';
  await sh(`terraform state replace-provider ${source}`);
  const [moves = ''] = codeUnder(guide, 'Keep the state in TypeScript', 'ts');
  const others = ['gitlab', 'rpms', 'helm'].map((id) => {
    const from = addresses.find((address) => address.endsWith(`.${id}`) || address.endsWith(`"${id}"]`) || address.endsWith(`.${id}[0]`));
    return `${id}.moveFromId('${from}');\n`;
  });
  const main = readFileSync(project.path('registry/main.ts'), 'utf8');
  const named = main.replace('{ App, TerraformStack }', '{ App, LocalBackend, TerraformStack }').replace(/^(.*importExisting.*)$/gm, '');
  const all = named.replace(/^( +)new (\w+)\(this, '(github|gitlab|rpms|helm)'/gm, "$1const $3 = new $2(this, '$3'");
  const backend = `new LocalBackend(this, { path: ${JSON.stringify(project.path('terraform.tfstate'))} });\n`;
  project.write('registry/main.ts', all.replace(/^ {2}\}\n\}/m, `${backend}${moves}${others.join('')}  }\n}`));
  const deployed = await sh('cd registry; npm install; TF_VAR_dockerhub_password=Qx73-upstream npx cdktf deploy');
  expect(deployed).toMatch(/Resources: 0 added, [04] changed, 0 destroyed\./);
  expect(deployed).not.toMatch(/will be (created|destroyed)/);
  expect(readFileSync(project.path('terraform.tfstate'), 'utf8')).not.toContain('Qx73-upstream');
  // The password goes out once more, so that the server keeps it.
  const quiet = (text: string): string => text.replace(/"updated_at":"[^"]*"/g, '');
  expect(quiet(await served(project))).toBe(quiet(before));
});
