import { expectStatus } from './support/command';
import { onStrict } from './support/workspace';

const files = (name = 'files', more = ''): string => `
resource "artifactapi_local_generic" "files" {
  name = "${name}"
  ${more}
}
resource "artifactapi_local_file" "hello" {
  repository = artifactapi_local_generic.files.name
  path       = "docs/hello.txt"
  content    = "hello"
}
`;
const remote = (more = ''): string => `
resource "artifactapi_remote_npm" "a" {
  name     = "a"
  base_url = "https://a.example.com"
  ${more}
}
`;
const many = (count: number): string => `
resource "artifactapi_remote_generic" "all" {
  count    = ${count}
  name     = "r\${count.index}"
  base_url = "https://r\${count.index}.example.com"
}
resource "artifactapi_virtual" "all" {
  name         = "all"
  package_type = "generic"
  members      = artifactapi_remote_generic.all[*].name
}
`;

onStrict('a local and the files it owns leave the configuration together', async (workspace) => {
  await workspace.apply(files());
  expect(await workspace.plan('')).toEqual({ 'artifactapi_local_file.hello': 'delete', 'artifactapi_local_generic.files': 'delete' });
  await workspace.apply(undefined, ['plan.bin']);
  expect(await workspace.addresses()).toEqual([]);
});

// Terraform plans the local before it shows the file, so the provider cannot know yet that the file goes with it.
onStrict('a local is renamed together with the files it owns once force_destroy is applied', async (workspace) => {
  await workspace.apply(files());
  expect(await workspace.failPlan(files('other'))).toContain(
    'artifactapi_local_generic "files" holds 1 file ("docs/hello.txt"), which would be lost. Remove them first, or set force_destroy = true (in TypeScript: forceDestroy), apply that, and then delete it.',
  );
  await workspace.apply(files('files', 'force_destroy = true'));
  expect(await workspace.plan(files('other', 'force_destroy = true'))).toEqual({
    'artifactapi_local_file.hello': 'delete+create',
    'artifactapi_local_generic.files': 'delete+create',
  });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  expect((await fetch(`${workspace.endpoint}/api/v1/local/other/docs/hello.txt`)).status).toBe(200);
});

onStrict('a local and its file are imported, and nothing is uploaded again', async (workspace) => {
  await workspace.apply(files());
  workspace.dropState();
  expectStatus(await workspace.terraform(['import', '-input=false', 'artifactapi_local_generic.files', 'files']), 0);
  expectStatus(await workspace.terraform(['import', '-input=false', 'artifactapi_local_file.hello', 'files/docs/hello.txt']), 0);
  expect(await workspace.plan()).toEqual({ 'artifactapi_local_file.hello': 'content null -> "hello"' });
  await workspace.writes();
  await workspace.apply(undefined, ['plan.bin']);
  expect(await workspace.writes()).toEqual({});
  await workspace.expectEmptyPlan();
});

onStrict('empty, null and left out mean the same to the server, and none is a change after apply or import', async (workspace) => {
  for (const more of ['patterns = []', 'patterns = null', 'description = ""\n  blocklist = []\n  username = ""', 'mutable_ttl = null']) {
    await workspace.apply(remote(more));
    await workspace.expectEmptyPlan();
  }
  expect(await workspace.writes()).toEqual({ 'POST /api/v2/remotes': 1 });
  workspace.dropState();
  expectStatus(await workspace.terraform(['import', '-input=false', 'artifactapi_remote_npm.a', 'a']), 0);
  await workspace.expectEmptyPlan();
});

onStrict('an answer lost after a write is looked into, and nothing is made twice or lost', async (workspace) => {
  await workspace.fault({ method: 'POST', path: '/api/v2/remotes', loseAnswer: true, count: 1 });
  await workspace.apply(remote());
  await workspace.expectEmptyPlan();
  await workspace.fault({ method: 'PUT', path: '/api/v2/remotes', loseAnswer: true, count: 1 });
  await workspace.apply(remote('description = "new"'));
  await workspace.expectEmptyPlan();
  await workspace.fault({ method: 'GET', path: '/api/v2/remotes', body: '<html>gateway</html>' });
  expect(await workspace.failPlan()).toContain('Error: Unexpected Answer');
  expect(await workspace.addresses()).toEqual(['artifactapi_remote_npm.a']);
  await workspace.heal();
  await workspace.expectEmptyPlan();
});

onStrict('a stack of forty is read with few requests, grows, shrinks and is destroyed', async (workspace) => {
  await workspace.apply(many(40));
  await workspace.call('DELETE', '/__requests');
  await workspace.expectEmptyPlan();
  const asked = (await workspace.call('GET', '/__requests')).json as Record<string, number>;
  expect(Object.values(asked).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(4);
  await workspace.apply(many(20));
  await workspace.expectEmptyPlan();
  expect((await workspace.destroy()).text).toContain('Destroy complete! Resources: 21 destroyed.');
});

onStrict('a member that nothing makes is a warning at plan and an error at apply', async (workspace) => {
  workspace.write('resource "artifactapi_virtual" "v" {\n  name = "v"\n  package_type = "npm"\n  members = ["none"]\n}\n');
  const planned = expectStatus(await workspace.terraform(['plan', '-input=false']), 0);
  expect(planned.said).toContain('Warning: Member Not Found');
  expect(planned.said).toContain('The server has no remote or local repository "none", and none is planned in this run so far.');
});
