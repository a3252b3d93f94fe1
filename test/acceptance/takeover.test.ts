import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../support/bundle';
import { platform } from './support/environment';
import { onStrict, sourceOf, type Workspace } from './support/workspace';

const rest = 'registry.terraform.io/mastercard/restapi';
const source = sourceOf('artifactapi');
const original = 'git.unkin.net/unkin/artifactapi';

const npm = {
  name: 'npm',
  package_type: 'npm',
  repo_type: 'remote',
  base_url: 'https://npm.example.com',
  mutable_ttl: 300,
  patterns: ['^a'],
};
const files = { name: 'files', package_type: 'generic', repo_type: 'local', description: 'releases' };
const objects = { npm, files };

const both = (workspace: Workspace, blocks: string): string => `
terraform {
  required_providers {
    artifactapi = { source = "${source}" }
    restapi     = { source = "${rest}" }
  }
}
provider "artifactapi" {
  endpoint = "${workspace.endpoint}"
}
${blocks}`;
const restProvider = (workspace: Workspace): string => `provider "restapi" {\n  uri = "${workspace.endpoint}"\n}\n`;

const restObjects = Object.entries(objects)
  .map(
    ([name, body]) => `
resource "restapi_object" "${name}" {
  path = "/api/v2/remotes"
  data = ${JSON.stringify(JSON.stringify(body))}
}
`,
  )
  .join('');

const ours = `
resource "artifactapi_remote_npm" "packages" {
  name        = "npm"
  base_url    = "https://npm.example.com"
  mutable_ttl = 300
  patterns    = ["^a"]
}
resource "artifactapi_local_generic" "files" {
  name        = "files"
  description = "releases"
}
`;
const moved = (from: string, to: string): string => `moved {\n  from = restapi_object.${from}\n  to   = ${to}\n}\n`;
const moves = moved('npm', 'artifactapi_remote_npm.packages') + moved('files', 'artifactapi_local_generic.files');
const addresses = ['artifactapi_local_generic.files', 'artifactapi_remote_npm.packages'];

const needs = ['moves across resource types'] as const;

onStrict({ name: 'objects of a generic REST provider move into our types, and nothing is written', needs }, async (workspace) => {
  await madeByRest(workspace);
  // The blocks of the old provider may go; where it comes from has to stay, for the state names it until the apply.
  expect(await workspace.plan(both(workspace, ours + moves))).toEqual({});
  const { text } = await workspace.apply(undefined, ['plan.bin']);
  expect(text).toContain('Resources: 0 added, 0 changed, 0 destroyed.');
  expect(await workspace.writes()).toEqual({});
  expect(await workspace.addresses()).toEqual(addresses);
  workspace.write(ours + moves);
  rmSync(join(workspace.folder, 'terraform.d/plugins', rest), { recursive: true });
  rmSync(join(workspace.folder, '.terraform'), { recursive: true });
  await workspace.bare(['init', '-input=false']);
  await workspace.expectEmptyPlan();
  workspace.write(ours);
  await workspace.expectEmptyPlan();
});

onStrict({ name: 'a move into a type that an object is not says which it is, and the state is kept', needs }, async (workspace) => {
  await madeByRest(workspace);
  const wrong = ours + moved('npm', 'artifactapi_local_generic.files');
  expect(await workspace.failPlan(both(workspace, wrong))).toContain(
    'The restapi_object is not of type artifactapi_local_generic: package_type is "npm", not "generic", repo_type is "remote", not "local". Use the matching resource type in the moved block.',
  );
  expect(await workspace.addresses()).toEqual(['restapi_object.files', 'restapi_object.npm']);
});

onStrict('state of the original provider is taken over by replace-provider, and nothing is written', async (workspace) => {
  const instances = originalState(workspace);
  for (const { body, path } of instances) expect((await workspace.call('POST', path, body)).status).toBe(201);
  await workspace.writes();
  workspace.write(instances.map(({ hcl }) => hcl).join(''));
  const replaced = await workspace.bare(['state', 'replace-provider', '-auto-approve', original, source]);
  expect(replaced.text).toContain(`Successfully replaced provider for ${instances.length} resources.`);
  await workspace.expectEmptyPlan();
  expect(await workspace.plan()).toEqual({});
  await workspace.apply();
  expect(await workspace.writes()).toEqual({});
  expect(await workspace.addresses()).toEqual(instances.map(({ type }) => `${type}.example`).sort());
});

async function madeByRest(workspace: Workspace): Promise<void> {
  const folder = join(workspace.folder, 'terraform.d/plugins', rest, '1.19.1', platform);
  mkdirSync(folder, { recursive: true });
  bundle(join(__dirname, 'fixtures/rest-provider.ts'), join(folder, 'terraform-provider-restapi_v1.19.1'));
  await workspace.apply(both(workspace, restProvider(workspace) + restObjects));
  expect(await workspace.writes()).toEqual({ 'POST /api/v2/remotes': 2 });
}

interface Original {
  readonly type: string;
  readonly path: string;
  readonly body: object;
  readonly hcl: string;
}

/** Writes a state file as the original provider leaves it on a core that does not record what is sensitive: empty texts and lists for what is not set. */
function originalState(workspace: Workspace): Original[] {
  const common = { description: '', username: '', password: '', immutable_ttl: 0, mutable_ttl: 3600 };
  const lists = { patterns: [], blocklist: [], mutable_patterns: [], immutable_patterns: [] };
  const docker = { ...common, ...lists, name: 'docker', base_url: 'https://docker.example.com', patterns: ['^library/'] };
  const locked = { ...common, ...lists, name: 'locked', base_url: 'https://npm.example.com', username: 'ci', password: 'Qx73-upstream' };
  const states: readonly (readonly [type: string, attributes: object, kind: object, hcl: string])[] = [
    [
      'artifactapi_remote_docker',
      { ...docker, ban_tags_enabled: true, ban_tags: ['latest'] },
      { package_type: 'docker', repo_type: 'remote' },
      'name = "docker"\n  base_url = "https://docker.example.com"\n  mutable_ttl = 3600\n  patterns = ["^library/"]\n  ban_tags_enabled = true\n  ban_tags = ["latest"]',
    ],
    [
      'artifactapi_remote_npm',
      locked,
      { package_type: 'npm', repo_type: 'remote' },
      'name = "locked"\n  base_url = "https://npm.example.com"\n  mutable_ttl = 3600\n  username = "ci"\n  password = "Qx73-upstream"',
    ],
    ['artifactapi_local_rpm', { name: 'rpms', description: '' }, { package_type: 'rpm', repo_type: 'local' }, 'name = "rpms"'],
    [
      'artifactapi_virtual',
      { name: 'all', package_type: 'npm', members: ['locked'] },
      {},
      'name = "all"\n  package_type = "npm"\n  members = ["locked"]',
    ],
  ];
  const resources = states.map(([type, attributes]) => ({
    mode: 'managed',
    type,
    name: 'example',
    provider: `provider["${original}"]`,
    instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
  }));
  const lineage = '2f0c1f3e-6d7a-4a55-9a0e-5b8f6a3c9d10';
  const state = { version: 4, terraform_version: '1.5.7', serial: 7, lineage, outputs: {}, resources };
  writeFileSync(join(workspace.folder, 'terraform.tfstate'), JSON.stringify(state));
  return states.map(([type, attributes, kind, hcl]) => ({
    type,
    path: type === 'artifactapi_virtual' ? '/api/v2/virtuals' : '/api/v2/remotes',
    body: { ...attributes, ...kind },
    hcl: `resource "${type}" "example" {\n  ${hcl}\n}\n`,
  }));
}
