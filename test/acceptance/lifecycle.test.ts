import { onBothManners, onStrict, type Workspace } from './support/workspace';

const helm = (name: string, more = ''): string => `
resource "artifactapi_remote_helm" "${name}" {
  name     = "${name}"
  base_url = "https://${name}.example.com"
${more}
}
`;

onStrict('ignore_changes keeps what somebody changed on the server', async (workspace) => {
  await workspace.apply(helm('a', '  mutable_ttl = 300\n  lifecycle {\n    ignore_changes = [mutable_ttl, patterns]\n  }'));
  await change(workspace, 'a', { mutable_ttl: 77, patterns: ['^x'] });
  await workspace.expectEmptyPlan();
  const edited = helm('a', '  description = "new"\n  mutable_ttl = 400\n  lifecycle {\n    ignore_changes = [mutable_ttl, patterns]\n  }');
  expect(await workspace.plan(edited)).toEqual({ 'artifactapi_remote_helm.a': 'description "" -> "new"' });
  await workspace.apply();
  expect((await workspace.call('GET', '/api/v2/remotes/a')).json).toMatchObject({ mutable_ttl: 77, patterns: ['^x'], description: 'new' });
});

onStrict('for_each makes one repository per key, and only the one taken out is destroyed', async (workspace) => {
  const all = (keys: string): string => `
resource "artifactapi_remote_npm" "all" {
  for_each = toset(${keys})
  name     = "npm-\${each.key}"
  base_url = "https://\${each.key}.example.com"
}
resource "artifactapi_virtual" "npm" {
  name         = "npm"
  package_type = "npm"
  members      = [for remote in artifactapi_remote_npm.all : remote.name]
}
`;
  await workspace.apply(all('["a", "b", "c"]'));
  await workspace.expectEmptyPlan();
  expect(await workspace.plan(all('["a", "c"]'))).toEqual({
    'artifactapi_remote_npm.all["b"]': 'delete',
    'artifactapi_virtual.npm': 'members ["npm-a","npm-b","npm-c"] -> ["npm-a","npm-c"]',
  });
  await workspace.apply(undefined, ['plan.bin']);
  expect(await workspace.addresses()).toEqual([
    'artifactapi_remote_npm.all["a"]',
    'artifactapi_remote_npm.all["c"]',
    'artifactapi_virtual.npm',
  ]);
});

onStrict('prevent_destroy stops a plan that would destroy or replace', async (workspace) => {
  const kept = (name: string): string => helm('a', '  lifecycle {\n    prevent_destroy = true\n  }').replace('"a"\n', `"${name}"\n`);
  await workspace.apply(kept('a'));
  expect(await workspace.failPlan(undefined, ['-destroy'])).toMatch(/Error: (Resource i|I)nstance cannot be destroyed/);
  expect(await workspace.failPlan(kept('b'))).toMatch(/Error: (Resource i|I)nstance cannot be destroyed/);
});

onStrict('create_before_destroy makes the new name, moves the virtual over and then destroys the old name', async (workspace) => {
  const named = (name: string): string => `
resource "artifactapi_remote_helm" "a" {
  name     = "${name}"
  base_url = "https://charts.example.com"
  lifecycle {
    create_before_destroy = true
  }
}
resource "artifactapi_virtual" "v" {
  name         = "v"
  package_type = "helm"
  members      = [artifactapi_remote_helm.a.name]
}
`;
  await workspace.apply(named('old'));
  expect(await workspace.plan(named('new'))).toEqual({
    'artifactapi_remote_helm.a': 'create+delete',
    'artifactapi_virtual.v': 'members ["old"] -> ["new"]',
  });
  const { text } = await workspace.apply();
  const steps = [...text.matchAll(/^(artifactapi_\S+?)(?: \(deposed object \w+\))?: (Creation|Modifications|Destruction) complete/gm)];
  expect(steps.map(([, address, step]) => `${address} ${step}`)).toEqual([
    'artifactapi_remote_helm.a Creation',
    'artifactapi_virtual.v Modifications',
    'artifactapi_remote_helm.a Destruction',
  ]);
  await workspace.expectEmptyPlan();
  expect((await workspace.call('GET', '/api/v2/remotes/old')).status).toBe(404);
});

onStrict('an endpoint that is known only after apply works for a create in one apply', async (workspace) => {
  const unknown = (input: string, more = ''): string => `
terraform {
  required_providers {
    artifactapi = { source = "registry.terraform.io/repoform/artifactapi" }
  }
}
resource "terraform_data" "server" {
  input = ${JSON.stringify(input)}
}
provider "artifactapi" {
  endpoint = terraform_data.server.output
}
${helm('a', more)}
resource "artifactapi_virtual" "v" {
  name         = "v"
  package_type = "helm"
  members      = [artifactapi_remote_helm.a.name]
}
`;
  expect(await workspace.plan(unknown(workspace.endpoint))).toEqual({
    'artifactapi_remote_helm.a': 'create',
    'artifactapi_virtual.v': 'create',
    'terraform_data.server': 'create',
  });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  const moved = `${workspace.endpoint}/`;
  expect(await workspace.plan(unknown(moved))).toMatchObject({
    'artifactapi_remote_helm.a': `url "${workspace.endpoint}/api/v1/remote/a" -> unknown`,
    'terraform_data.server': expect.stringContaining('output') as string,
  });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  const said = await workspace.failPlan(`${unknown(workspace.endpoint)}\ndata "artifactapi_health" "now" {}\n`);
  expect(said).toContain(
    'Error: Provider Not Configured with data.artifactapi_health.now, on main.tf line 26, in data "artifactapi_health" "now": 26: data "artifactapi_health" "now" {} Cannot read data source artifactapi_health: a value of the provider block is known only after apply. Give it a value that is known at plan, or apply in two steps (first with -target on the resource that provides the value).',
  );
  await workspace.apply(undefined, ['-target=terraform_data.server']);
  await workspace.expectEmptyPlan();
});

onStrict('-replace and tainted instances are destroyed and made again', async (workspace) => {
  await workspace.apply(helm('a'));
  expect(await workspace.plan(undefined, ['-replace=artifactapi_remote_helm.a'])).toEqual({ 'artifactapi_remote_helm.a': 'delete+create' });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.terraform(['taint', 'artifactapi_remote_helm.a']);
  expect(await workspace.plan()).toEqual({ 'artifactapi_remote_helm.a': 'delete+create' });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
});

onBothManners(
  'what was deleted outside is planned for creation, and what was changed outside is shown attribute by attribute',
  async (workspace) => {
    await workspace.apply(helm('a', '  patterns = ["^a"]\n  mutable_ttl = 300') + helm('b'));
    await workspace.call('DELETE', '/api/v2/remotes/b');
    await change(workspace, 'a', { patterns: null, mutable_ttl: 9, description: 'by hand' });
    expect(await workspace.plan()).toEqual({
      'artifactapi_remote_helm.a': 'description "by hand" -> "", mutable_ttl 9 -> 300, patterns [] -> ["^a"]',
      'artifactapi_remote_helm.b': 'create',
    });
    await workspace.apply(undefined, ['plan.bin']);
    await workspace.expectEmptyPlan();
  },
);

onBothManners('a remote and its place in a virtual are removed in one apply, and a member is renamed in one', async (workspace) => {
  const members = (...names: string[]): string => `
resource "artifactapi_virtual" "v" {
  name         = "v"
  package_type = "helm"
  members      = [${names.map((name) => `artifactapi_remote_helm.${name}.name`).join(', ')}]
}
`;
  await workspace.apply(helm('a') + helm('b') + members('a', 'b'));
  await workspace.apply(helm('a') + members('a'));
  await workspace.expectEmptyPlan();
  expect((await workspace.call('GET', '/api/v2/virtuals/v')).json).toMatchObject({ members: ['a'] });
  const renamed = helm('a').replace('= "a"', '= "a2"') + members('a');
  expect(await workspace.plan(renamed)).toEqual({
    'artifactapi_remote_helm.a': 'delete+create',
    'artifactapi_virtual.v': 'members ["a"] -> ["a2"]',
  });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  expect((await workspace.call('GET', '/api/v2/virtuals/v')).json).toMatchObject({ members: ['a2'] });
});

onBothManners('a second apply without changes writes nothing, and a changed attribute is one write', async (workspace) => {
  await workspace.apply(helm('a') + helm('b'));
  expect(await workspace.writes()).toEqual({ 'POST /api/v2/remotes': 2 });
  await workspace.apply();
  expect(await workspace.writes()).toEqual({});
  await workspace.apply(helm('a', '  description = "x"') + helm('b'));
  expect(await workspace.writes()).toEqual({ 'PUT /api/v2/remotes/:name': 1 });
});

/** Changes a remote as somebody else would. */
async function change(workspace: Workspace, name: string, fields: object): Promise<void> {
  const { json } = await workspace.call('GET', `/api/v2/remotes/${name}`);
  expect((await workspace.call('PUT', `/api/v2/remotes/${name}`, { ...(json as object), ...fields })).status).toBe(200);
}
