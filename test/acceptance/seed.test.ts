import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedInTypeScript } from './fixtures/seed-stack';
import type { PlanJson } from './support/plan';
import { onBothManners, Workspace } from './support/workspace';

const seed = readFileSync(join(__dirname, 'fixtures/artifactapi-readme.tf'), 'utf8');

const ids = {
  'artifactapi_remote_generic.github': 'github',
  'artifactapi_remote_docker.dockerhub': 'dockerhub',
  'artifactapi_remote_helm.jetstack': 'jetstack',
  'artifactapi_virtual.helm': 'helm',
};
const created = Object.fromEntries(Object.keys(ids).map((address) => [address, 'create']));

/** One attribute after the other: what is edited, and what the plan says of it. */
const edits: readonly (readonly [from: string, to: string, address: string, change: string])[] = [
  [
    'base_url = "https://github.com"',
    'base_url = "https://git.example.com/mirror"',
    'artifactapi_remote_generic.github',
    'base_url "https://github.com" -> "https://git.example.com/mirror"',
  ],
  ['mutable_ttl   = 7200', 'mutable_ttl   = 0', 'artifactapi_remote_generic.github', 'mutable_ttl 7200 -> 0'],
  ['immutable_ttl = 0', 'immutable_ttl = 86400', 'artifactapi_remote_generic.github', 'immutable_ttl 0 -> 86400'],
  [
    '    "mikefarah/yq/.*/yq_linux_amd64$",\n',
    '',
    'artifactapi_remote_generic.github',
    'patterns ["ducaale/xh/.*/xh-.*-x86_64-unknown-linux-musl.tar.gz$","mikefarah/yq/.*/yq_linux_amd64$"] -> ["ducaale/xh/.*/xh-.*-x86_64-unknown-linux-musl.tar.gz$"]',
  ],
  [
    '  mutable_patterns = [\n    ".*/archive/refs/heads/.*\\\\.tar\\\\.gz$",\n  ]\n',
    '  description = "code"\n',
    'artifactapi_remote_generic.github',
    'description "" -> "code", mutable_patterns [".*/archive/refs/heads/.*\\\\.tar\\\\.gz$"] -> []',
  ],
  [
    '  description = "code"\n',
    '  description = "code"\n  blocklist = ["\\\\.exe$"]\n',
    'artifactapi_remote_generic.github',
    'blocklist [] -> ["\\\\.exe$"]',
  ],
  [
    '  description = "code"\n',
    '  description = "code"\n  immutable_patterns = ["/v[0-9]+/"]\n',
    'artifactapi_remote_generic.github',
    'immutable_patterns [] -> ["/v[0-9]+/"]',
  ],
  ['  description = "code"\n', '  description = "code"\n  username = "ci"\n', 'artifactapi_remote_generic.github', 'username "" -> "ci"'],
  ['ban_tags_enabled = true', 'ban_tags_enabled = false', 'artifactapi_remote_docker.dockerhub', 'ban_tags_enabled true -> false'],
  ['ban_tags         = ["latest"]', 'ban_tags         = []', 'artifactapi_remote_docker.dockerhub', 'ban_tags ["latest"] -> []'],
  ['package_type = "helm"', 'package_type = "helm"\n  description = "charts"', 'artifactapi_virtual.helm', 'description "" -> "charts"'],
  ['members      = [artifactapi_remote_helm.jetstack.name]', 'members      = []', 'artifactapi_virtual.helm', 'members ["jetstack"] -> []'],
];

onBothManners('the block of the ArtifactAPI readme is created, changed attribute by attribute and destroyed', async (workspace) => {
  expect(await workspace.plan(seed)).toEqual(created);
  await workspace.apply();
  await workspace.expectEmptyPlan();
  let hcl = seed;
  for (const [from, to, address, change] of edits) {
    expect(hcl).toContain(from);
    hcl = hcl.replace(from, () => to);
    expect(await workspace.plan(hcl)).toEqual({ [address]: change });
    await workspace.apply(undefined, ['plan.bin']);
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
  'the block of the ArtifactAPI readme is imported by command and by import blocks, and then there is nothing to do',
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

onBothManners('an import of what is not there, or by a wrong id, says so', async (workspace) => {
  workspace.write(seed);
  const missing = await workspace.terraform(['import', '-input=false', 'artifactapi_remote_helm.jetstack', 'jetstack']);
  expect(missing.status).toBe(1);
  expect(missing.said).toContain(
    `Error: Nothing to Import The server has no artifactapi_remote_helm "jetstack". Check the name and the endpoint (${workspace.endpoint}).`,
  );
  const wrong = await workspace.terraform(['import', '-input=false', 'artifactapi_remote_helm.jetstack', 'charts/jetstack']);
  expect(wrong.status).toBe(1);
  expect(wrong.said).toContain(`"charts/jetstack" does not name a artifactapi_remote_helm; the id has the form <name>`);
});

onBothManners('the same stack in TypeScript has the same plan', async (workspace) => {
  const inHcl = await workspace.planJson(seed);
  const folder = seedInTypeScript(workspace.folder, workspace.endpoint);
  const inTypeScript = await new Workspace(folder, workspace.registry).planJson();
  expect(valuesOf(inTypeScript)).toEqual(valuesOf(inHcl));
  expect(Object.keys(valuesOf(inHcl)).sort()).toEqual(Object.keys(ids).sort());
});

const valuesOf = ({ planned_values: { root_module: module } }: PlanJson): Record<string, object> =>
  Object.fromEntries((module.resources ?? []).map(({ address, values }) => [address, values]));

async function left(workspace: Workspace): Promise<unknown[]> {
  const lists = await Promise.all(['/api/v2/remotes', '/api/v2/virtuals'].map((path) => workspace.call('GET', path)));
  return lists.flatMap(({ json }) => (Array.isArray(json) ? (json as unknown[]) : json === null ? [] : [json]));
}
