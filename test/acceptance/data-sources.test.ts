import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expectStatus } from './support/command';
import { onCores } from './support/on-cores';
import { inWorkspace, onStrict, type Workspace } from './support/workspace';

const stack = (upstream: string): string => `
resource "artifactapi_remote_generic" "up" {
  name        = "up"
  base_url    = "${upstream}"
  mutable_ttl = 300
  patterns    = ["^ok"]
}
resource "artifactapi_local_generic" "files" {
  name = "files"
}
resource "artifactapi_local_file" "all" {
  for_each   = toset(["a.txt", "b/c.txt"])
  repository = artifactapi_local_generic.files.name
  path       = each.key
  content    = "hello \${each.key}"
}
resource "artifactapi_virtual" "all" {
  name         = "all"
  package_type = "generic"
  members      = [artifactapi_remote_generic.up.name, artifactapi_local_generic.files.name]
}
`;

const data = `
data "artifactapi_remote" "up" {
  name = "up"
}
data "artifactapi_remotes" "all" {}
data "artifactapi_remotes" "locals" {
  repo_type = "local"
}
data "artifactapi_remotes" "named" {
  package_type = "generic"
  name_pattern = "^u"
}
data "artifactapi_virtual" "all" {
  name = "all"
}
data "artifactapi_virtuals" "all" {}
data "artifactapi_objects" "files" {
  repository = "files"
  repo_type  = "local"
}
data "artifactapi_objects" "first" {
  repository = "files"
  repo_type  = "local"
  limit      = 1
}
data "artifactapi_objects" "none" {
  repository = "up"
}
data "artifactapi_health" "now" {}
data "artifactapi_stats" "now" {}
# A probe leaves the file in the cache, so what looks at the empty cache comes before it.
data "artifactapi_probe" "good" {
  depends_on = [data.artifactapi_objects.none, data.artifactapi_stats.now]
  remote     = "up"
  path       = "ok.txt"
}
data "artifactapi_probe" "refused" {
  remote = "up"
  path   = "secret.txt"
}
output "results" {
  value = {
    remote   = data.artifactapi_remote.up
    remotes  = data.artifactapi_remotes.all.remotes[*].name
    locals   = data.artifactapi_remotes.locals.remotes[*].name
    named    = data.artifactapi_remotes.named.remotes[*].base_url
    virtual  = data.artifactapi_virtual.all
    virtuals = data.artifactapi_virtuals.all.virtuals[*].name
    files    = data.artifactapi_objects.files.objects[*].path
    sizes    = data.artifactapi_objects.files.objects[*].size
    first    = length(data.artifactapi_objects.first.objects)
    none     = data.artifactapi_objects.none.objects
    health   = [data.artifactapi_health.now.healthy, data.artifactapi_health.now.status, data.artifactapi_health.now.version]
    stats    = jsondecode(data.artifactapi_stats.now.json).local_files
    hits     = data.artifactapi_stats.now.top_files_by_hits
    good     = [data.artifactapi_probe.good.reachable, data.artifactapi_probe.good.status]
    refused  = [data.artifactapi_probe.refused.reachable, data.artifactapi_probe.refused.status]
  }
}
`;

// Not concurrent: what the registry needs to fetch from an upstream loads on first use, which jest allows only within a test at a time.
for (const strict of [false, true])
  onCores({ name: `every data source tells what the server has (${strict ? 'strict' : 'default'} registry)` }, (title, core) =>
    test(title, () => inWorkspace(strict, readAll, core), 120_000),
  );

async function readAll(workspace: Workspace): Promise<void> {
  const upstream = createServer((_request, response) => response.end('fine'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  try {
    await workspace.apply(stack(url));
    await workspace.apply(stack(url) + data);
    const common = { description: '', package_type: 'generic' };
    const none = { blocklist: [], mutable_patterns: [], immutable_patterns: [] };
    expect(await results(workspace)).toEqual({
      remote: {
        ...common,
        ...none,
        name: 'up',
        repo_type: 'remote',
        base_url: url,
        username: '',
        immutable_ttl: 0,
        mutable_ttl: 300,
        patterns: ['^ok'],
        url: `${workspace.endpoint}/api/v1/remote/up`,
      },
      remotes: ['files', 'up'],
      locals: ['files'],
      named: [url],
      virtual: { ...common, name: 'all', members: ['up', 'files'], url: `${workspace.endpoint}/api/v1/virtual/all` },
      virtuals: ['all'],
      files: ['a.txt', 'b/c.txt'],
      sizes: [11, 13],
      first: 1,
      none: [],
      health: [true, 'ok', '3.7.6'],
      stats: 2,
      hits: 'null',
      good: [true, 200],
      refused: [false, 403],
    });
  } finally {
    upstream.close();
  }
}

onStrict('a data source that finds nothing says so', async (workspace) => {
  expect(await workspace.failPlan('data "artifactapi_remote" "none" {\n  name = "none"\n}\n')).toContain('"none"');
  expect(await workspace.failPlan('data "artifactapi_objects" "none" {\n  repository = "none"\n}\n')).toContain('Error: Not Found');
});

onStrict({ name: 'functions compute without a server', needs: ['provider functions'] }, async (workspace) => {
  const at = '"https://artifacts.example.com", "remote", "npm"';
  workspace.write(`
output "results" {
  value = {
    url     = provider::artifactapi::repository_url("https://artifacts.example.com/base", "virtual", "charts")
    npmrc   = provider::artifactapi::client_config("npmrc", ${at})
    pip     = provider::artifactapi::client_config("pip", "http://127.0.0.1:8000", "virtual", "pypi")
    formats = [for format in ["apk", "containerd", "dnf", "goproxy", "helm", "puppet", "registries_conf", "terraform"] : length(provider::artifactapi::client_config(format, ${at})) > 20]
    hit     = provider::artifactapi::match_path(["^library/", "\\\\.tgz$"], "library/postgres")
    miss    = provider::artifactapi::match_path(["^library/"], "other/library/")
    none    = provider::artifactapi::match_path([], "any")
  }
}
`);
  await workspace.apply();
  expect(await results(workspace)).toEqual({
    url: 'https://artifacts.example.com/base/api/v1/virtual/charts',
    npmrc: 'registry=https://artifacts.example.com/api/v1/remote/npm/\nreplace-registry-host=always\n',
    pip: '[global]\nindex-url = http://127.0.0.1:8000/api/v1/virtual/pypi/simple/\ntrusted-host = 127.0.0.1:8000\n',
    formats: Array.from({ length: 8 }, () => true),
    hit: true,
    miss: false,
    none: false,
  });
  const call = (text: string): string => `output "o" {\n  value = provider::artifactapi::${text}\n}\n`;
  expect(await workspace.failPlan(call('match_path(["(?!a)"], "b")'))).toContain('"(?!a)" is not a valid RE2 pattern');
  expect(await workspace.failPlan(call(`client_config("nexusrc", ${at})`))).toContain(
    '"nexusrc" is not a format; allowed are apk, containerd, dnf',
  );
  expect(await workspace.failPlan(call('repository_url("https://a", "group", "b")'))).toContain(
    '"group" is not a kind of repository; allowed are remote, local, virtual',
  );
});

async function results(workspace: Workspace): Promise<unknown> {
  return JSON.parse(expectStatus(await workspace.terraform(['output', '-json', 'results']), 0).text) as unknown;
}
