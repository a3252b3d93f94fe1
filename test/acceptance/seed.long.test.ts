import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedInTypeScript } from './fixtures/seed-stack';
import type { PlanJson } from './support/plan';
import { onBothManners, onStrict, Workspace } from './support/workspace';

const seed = readFileSync(join(__dirname, 'fixtures/artifactapi-readme.tf'), 'utf8');

const ids = {
  'artifactapi_remote_generic.github': 'github',
  'artifactapi_remote_docker.dockerhub': 'dockerhub',
  'artifactapi_remote_helm.jetstack': 'jetstack',
  'artifactapi_virtual.helm': 'helm',
};
const created = Object.fromEntries(Object.keys(ids).map((address) => [address, 'create']));

/** One attribute after the other: what is edited, and what changes in place. */
const edits: readonly (readonly [from: string, to: string, change: string])[] = [
  ['base_url = "https://github.com"', 'base_url = "https://git.example.com/mirror"', 'remote_generic.github: base_url'],
  ['mutable_ttl   = 7200', 'mutable_ttl   = 0', 'remote_generic.github: mutable_ttl'],
  ['immutable_ttl = 0', 'immutable_ttl = 86400', 'remote_generic.github: immutable_ttl'],
  ['    "mikefarah/yq/.*/yq_linux_amd64$",\n', '', 'remote_generic.github: patterns'],
  ['    ".*/archive/refs/heads/.*\\\\.tar\\\\.gz$",\n', '', 'remote_generic.github: mutable_patterns'],
  ['  mutable_patterns = [\n  ]\n', '  description = "code"\n', 'remote_generic.github: description'],
  ['  description = "code"\n', '  description = "code"\n  blocklist = ["\\\\.exe$"]\n', 'remote_generic.github: blocklist'],
  ['  blocklist', '  immutable_patterns = ["/v[0-9]+/"]\n  blocklist', 'remote_generic.github: immutable_patterns'],
  ['  blocklist', '  username = "ci"\n  blocklist', 'remote_generic.github: username'],
  ['ban_tags_enabled = true', 'ban_tags_enabled = false', 'remote_docker.dockerhub: ban_tags_enabled'],
  ['ban_tags         = ["latest"]', 'ban_tags         = []', 'remote_docker.dockerhub: ban_tags'],
  ['package_type = "helm"', 'package_type = "helm"\n  description = "charts"', 'virtual.helm: description'],
  ['members      = [artifactapi_remote_helm.jetstack.name]', 'members      = []', 'virtual.helm: members'],
];

onBothManners('the block of the ArtifactAPI readme is created, changed attribute by attribute and destroyed', async (workspace) => {
  expect(await workspace.plan(seed)).toEqual(created);
  await workspace.apply();
  await workspace.expectEmptyPlan();
  let hcl = seed;
  for (const [from, to, change] of edits) {
    expect(hcl).toContain(from);
    hcl = hcl.replace(from, () => to);
    expect(changedInPlace((await workspace.apply(hcl)).text)).toBe(`artifactapi_${change}`);
  }
  await workspace.expectEmptyPlan();
  const { json } = await workspace.call('GET', '/api/v2/remotes/github');
  expect(json).toMatchObject({
    base_url: 'https://git.example.com/mirror',
    mutable_ttl: 0,
    immutable_ttl: 86400,
    patterns: ['ducaale/xh/.*/xh-.*-x86_64-unknown-linux-musl.tar.gz$'],
    blocklist: ['\\.exe$'],
    immutable_patterns: ['/v[0-9]+/'],
    description: 'code',
    username: 'ci',
  });
  expect((await workspace.destroy()).text).toContain('Destroy complete! Resources: 4 destroyed.');
  expect(await left(workspace)).toEqual([]);
});

onBothManners(
  {
    name: 'the block of the ArtifactAPI readme is imported by command and by import blocks, and then there is nothing to do',
    needs: ['import blocks'],
  },
  async (workspace) => {
    await workspace.apply(seed);
    workspace.dropState();
    for (const [address, id] of Object.entries(ids))
      expect(await workspace.terraform(['import', '-input=false', address, id])).toMatchObject({ status: 0 });
    await workspace.expectEmptyPlan();
    workspace.dropState();
    const blocks = Object.entries(ids).map(([address, id]) => `import {\n  to = ${address}\n  id = "${id}"\n}\n`);
    expect(await workspace.plan(seed + blocks.join(''))).toEqual(
      Object.fromEntries(Object.keys(ids).map((address) => [address, 'import no-op'])),
    );
    await workspace.apply(undefined, ['plan.bin']);
    await workspace.expectEmptyPlan();
    expect((await workspace.addresses()).sort()).toEqual(Object.keys(ids).sort());
  },
);

onStrict({ name: 'an import block names an object by its identity', needs: ['import by identity'] }, async (workspace) => {
  await workspace.apply(seed);
  workspace.dropState();
  const blocks = Object.entries(ids).map(
    ([address, name]) => `import {\n  to = ${address}\n  identity = {\n    name = "${name}"\n  }\n}\n`,
  );
  expect(await workspace.plan(seed + blocks.join(''))).toEqual(
    Object.fromEntries(Object.keys(ids).map((address) => [address, 'import no-op'])),
  );
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  workspace.dropState();
  const wrong = await workspace.failPlan(seed + blocks[0]?.replace(/name = ".*"/, 'name = "charts/jetstack"'));
  expect(wrong).toContain('Error: Invalid Import Identity');
  expect(wrong).toContain('{ name = "charts/jetstack" } is not an identity of artifactapi_');
});

onBothManners('an import of what is not there, or by a wrong id, says so', async (workspace) => {
  workspace.write(seed);
  const missing = await workspace.terraform(['import', '-input=false', 'artifactapi_remote_helm.jetstack', 'jetstack']);
  expect(missing.status).toBe(1);
  expect(missing.said).toContain(
    `Error: Nothing to Import The server has no artifactapi_remote_helm "jetstack". Check the name and the endpoint (${workspace.endpoint}).`,
  );
  const wrong = await workspace.terraform(['import', '-input=false', 'artifactapi_remote_helm.jetstack', 'charts/jetstack']);
  expect(wrong.status).toBe(1);
  expect(wrong.said).toContain(`"charts/jetstack" is not an import id of artifactapi_remote_helm; its format is <name>`);
});

onBothManners('the same stack in TypeScript has the same plan', async (workspace) => {
  const inHcl = await workspace.planJson(seed);
  const folder = seedInTypeScript(workspace.folder, workspace.endpoint);
  const inTypeScript = await new Workspace(folder, workspace.registry, workspace.core).planJson();
  expect(valuesOf(inTypeScript)).toEqual(valuesOf(inHcl));
  expect(Object.keys(valuesOf(inHcl)).sort()).toEqual(Object.keys(ids).sort());
});

/** The one instance that an apply changed, and the attributes. */
function changedInPlace(text: string): string {
  expect(text).toContain('Plan: 0 to add, 1 to change, 0 to destroy.');
  const [, address] = /# (\S+) will be updated in-place/.exec(text) ?? [];
  // OpenTofu shows write-only attributes in every update.
  return `${address}: ${[...text.matchAll(/^ {6}[~+-] (\w+) += (?!\(write-only attribute\))/gm)].map(([, name]) => name).join(', ')}`;
}

const valuesOf = ({ planned_values: { root_module: module } }: PlanJson): Record<string, object> =>
  Object.fromEntries((module.resources ?? []).map(({ address, values }) => [address, values]));

async function left(workspace: Workspace): Promise<unknown[]> {
  const lists = await Promise.all(['/api/v2/remotes', '/api/v2/virtuals'].map((path) => workspace.call('GET', path)));
  return lists.flatMap(({ json }) => (Array.isArray(json) ? (json as unknown[]) : json === null ? [] : [json]));
}
