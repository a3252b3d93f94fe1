import { expectStatus } from './support/command';
import { onBothManners, onStrict, type Workspace } from './support/workspace';

const local = (more = ''): string => `
resource "artifactapi_local_generic" "files" {
  name = "files"
${more}
}
`;
const file = (path = 'docs/hello.txt', content = 'hello'): string => `
resource "artifactapi_local_file" "hello" {
  repository = artifactapi_local_generic.files.name
  path       = "${path}"
  content    = "${content}"
}
`;
const refusal = (what: string): string =>
  `artifactapi_local_generic "files" holds ${what}, which would be lost. Remove them first, or set force_destroy = true (in TypeScript: forceDestroy), apply that, and then delete it.`;

onBothManners('a local with a foreign file is not destroyed until force_destroy is applied', async (workspace) => {
  await workspace.apply(local());
  await upload(workspace, 'foreign.bin');
  expect(await workspace.failPlan(undefined, ['-destroy'])).toContain(`Error: Delete Would Lose Files`);
  expect(await workspace.failPlan('')).toContain(refusal('1 file ("foreign.bin")'));
  expect(await workspace.plan(local('  force_destroy = true'))).toEqual({
    'artifactapi_local_generic.files': 'force_destroy false -> true',
  });
});

onStrict('force_destroy in the configuration alone allows nothing; applied, it does', async (workspace) => {
  await workspace.apply(local());
  await upload(workspace, 'foreign.bin');
  workspace.write(local('  force_destroy = true'));
  expect(await workspace.failPlan(undefined, ['-destroy'])).toContain(refusal('1 file ("foreign.bin")'));
  await workspace.writes();
  await workspace.apply();
  expect(await workspace.writes()).toEqual({});
  expect((await workspace.destroy()).text).toContain('Destroy complete! Resources: 1 destroyed.');
  expect((await workspace.call('GET', '/api/v2/remotes/files')).status).toBe(404);
});

onBothManners('a stack is destroyed with the files it owns, and a foreign file stops that', async (workspace) => {
  await workspace.apply(local() + file());
  await workspace.expectEmptyPlan();
  await upload(workspace, 'foreign.bin');
  const said = expectStatus(await workspace.terraform(['destroy', '-auto-approve']), 1).said;
  expect(said).toContain(refusal('1 file ("foreign.bin")'));
  expect(await workspace.addresses()).toEqual(['artifactapi_local_file.hello', 'artifactapi_local_generic.files']);
  expect((await workspace.call('GET', '/api/v1/local/files/docs/hello.txt')).status).toBe(200);
  await workspace.call('DELETE', '/api/v2/remotes/files/files/foreign.bin');
  expect((await workspace.destroy()).text).toContain('Destroy complete! Resources: 2 destroyed.');
});

onStrict('a replacement that would lose files is refused at plan', async (workspace) => {
  await workspace.apply(local());
  await upload(workspace, 'foreign.bin');
  const said = await workspace.failPlan(local().replace('"files"\n', '"other"\n'));
  expect(said).toContain(refusal('1 file ("foreign.bin")'));
});

onStrict('-replace and a tainted local are refused at apply, and the state stays right', async (workspace) => {
  await workspace.apply(local());
  await upload(workspace, 'foreign.bin');
  expect(await workspace.failApply(undefined, ['-replace=artifactapi_local_generic.files'])).toContain(refusal('1 file ("foreign.bin")'));
  await workspace.expectEmptyPlan();
  expectStatus(await workspace.terraform(['taint', 'artifactapi_local_generic.files']), 0);
  expect(await workspace.failApply()).toContain(refusal('1 file ("foreign.bin")'));
  expect(await workspace.addresses()).toEqual(['artifactapi_local_generic.files']);
  expect((await workspace.call('GET', '/api/v1/local/files/foreign.bin')).status).toBe(200);
  expectStatus(await workspace.terraform(['untaint', 'artifactapi_local_generic.files']), 0);
  await workspace.expectEmptyPlan();
});

onBothManners('another content makes a new file, and a file changed or deleted outside is made again', async (workspace) => {
  await workspace.apply(local() + file());
  expect(await workspace.plan(local() + file('docs/hello.txt', 'other'))).toEqual({ 'artifactapi_local_file.hello': 'delete+create' });
  await workspace.apply(undefined, ['plan.bin']);
  await workspace.expectEmptyPlan();
  await workspace.call('DELETE', '/api/v2/remotes/files/files/docs/hello.txt');
  expect(await workspace.plan()).toEqual({ 'artifactapi_local_file.hello': 'create' });
  await upload(workspace, 'docs/hello.txt');
  expect(await workspace.plan()).toEqual({ 'artifactapi_local_file.hello': 'delete+create' });
  await workspace.apply(undefined, ['plan.bin']);
  expect((await fetch(`${workspace.endpoint}/api/v1/local/files/docs/hello.txt`)).status).toBe(200);
});

onStrict('a delete that a network fault interrupts leaves the state right, and the next apply converges', async (workspace) => {
  await workspace.apply(local() + file());
  await workspace.fault({ method: 'DELETE', path: '/api/v2/remotes/files', reset: true });
  const said = expectStatus(await workspace.terraform(['destroy', '-auto-approve']), 1).said;
  expect(said).toContain('Cannot delete artifactapi_local_file "files/docs/hello.txt"');
  expect(await workspace.addresses()).toEqual(['artifactapi_local_file.hello', 'artifactapi_local_generic.files']);
  await workspace.heal();
  const lost = { method: 'DELETE', loseAnswer: true, count: 1 };
  await workspace.fault({ ...lost, path: '/api/v2/remotes/files/files/' }, { ...lost, path: '/api/v2/remotes/file*' });
  expectStatus(await workspace.terraform(['destroy', '-auto-approve']), 0);
  expect(await workspace.addresses()).toEqual([]);
  await workspace.heal();
  await workspace.apply();
  await workspace.expectEmptyPlan();
});

async function upload(workspace: Workspace, path: string): Promise<void> {
  expect((await workspace.call('PUT', `/api/v2/remotes/files/files/${path}`, 'foreign')).status).toBe(201);
}
