import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feature } from './support/features';
import { onBothManners, onStrict, type Workspace } from './support/workspace';

const needs: readonly Feature[] = ['ephemeral values', 'write-only attributes'];

const secrets = ['first-Zq81-upstream', 'second-Kx42-upstream'] as const;
const remote = (more = 'password_wo = var.upstream_password'): string => `
variable "upstream_password" {
  type      = string
  ephemeral = true
  sensitive = true
}
resource "artifactapi_remote_npm" "private" {
  name     = "private"
  base_url = "https://npm.example.com"
  username = "ci"
  ${more}
}
`;
const withPassword = (value: string): NodeJS.ProcessEnv => ({ TF_VAR_upstream_password: value });

onBothManners(
  { name: 'a write-only password is sent, its change is noticed as one update in place, and it is written nowhere', needs },
  async (workspace) => {
    const log = join(workspace.folder, 'trace.log');
    const trace = { TF_LOG: 'TRACE', TF_LOG_PATH: log };
    const first = { ...withPassword(secrets[0]), ...trace };
    const second = { ...withPassword(secrets[1]), ...trace };
    await workspace.apply(remote(), [], first);
    await workspace.expectEmptyPlan(first);
    const { rotation, planJson } = await planned(workspace, second);
    expect(rotation).toEqual({ 'artifactapi_remote_npm.private': 'password_wo_revision 1 -> 2' });
    await workspace.writes();
    const applied = await workspace.apply(undefined, [], second);
    expect(await workspace.writes()).toEqual({ 'PUT /api/v2/remotes/:name': 1 });
    await workspace.expectEmptyPlan(second);
    expect((await planned(workspace, first)).rotation).toEqual({ 'artifactapi_remote_npm.private': 'password_wo_revision 2 -> 3' });
    const written = [
      workspace.file('terraform.tfstate'),
      workspace.file('terraform.tfstate.backup'),
      planJson,
      applied.text,
      readFileSync(log, 'utf8'),
    ];
    expect(written.map((text) => secrets.filter((secret) => text.includes(secret)))).toEqual([[], [], [], [], []]);
    expect(written.every((text) => text.length > 0)).toBe(true);
  },
);

onStrict({ name: 'a version set by hand decides alone', needs }, async (workspace) => {
  const versioned = (version: number): string => remote(`password_wo = var.upstream_password\n  password_wo_version = ${version}`);
  await workspace.apply(versioned(1), [], withPassword(secrets[0]));
  await workspace.expectEmptyPlan(withPassword(secrets[1]));
  expect(await workspace.plan(versioned(2), [], withPassword(secrets[1]))).toEqual({
    'artifactapi_remote_npm.private': 'password_wo_version 1 -> 2',
  });
  await workspace.apply(undefined, [], withPassword(secrets[1]));
  await workspace.expectEmptyPlan(withPassword(secrets[0]));
});

onStrict({ name: 'after an import the password is sent once, which the plan shows', needs }, async (workspace) => {
  await workspace.apply(remote(), [], withPassword(secrets[0]));
  workspace.dropState();
  const address = 'artifactapi_remote_npm.private';
  const imported = await workspace.terraform(['import', '-input=false', address, 'private'], { env: withPassword(secrets[0]) });
  expect(imported).toMatchObject({ status: 0 });
  expect(await workspace.plan(undefined, [], withPassword(secrets[0]))).toEqual({ [address]: 'password_wo_revision null -> 1' });
  await workspace.apply(undefined, [], withPassword(secrets[0]));
  await workspace.expectEmptyPlan(withPassword(secrets[0]));
});

onStrict({ name: 'a password taken out of the configuration stays on the server; an empty one clears it', needs }, async (workspace) => {
  await workspace.apply(remote(), [], withPassword(secrets[0]));
  workspace.write(remote(''));
  await workspace.expectEmptyPlan(withPassword(secrets[0]));
  workspace.write(remote());
  await workspace.expectEmptyPlan(withPassword(secrets[0]));
  expect(await workspace.plan(undefined, [], withPassword(''))).toEqual({
    'artifactapi_remote_npm.private': 'password_wo_revision 1 -> 2',
  });
  await workspace.apply(undefined, [], withPassword(''));
  await workspace.expectEmptyPlan(withPassword(''));
});

describe.each(['all', '[password_wo]', '[password_wo, password_wo_version]'])('with ignore_changes = %s', (ignored) => {
  const ignoring = (more: string): string =>
    `password_wo = var.upstream_password\n  lifecycle {\n    ignore_changes = ${ignored}\n  }\n  ${more}`;
  onStrict({ name: 'a new password is not sent, and nothing is planned for it', needs }, async (workspace) => {
    await workspace.apply(remote(ignoring('')), [], withPassword(secrets[0]));
    await workspace.writes();
    workspace.write(remote(ignoring('')));
    await workspace.expectEmptyPlan(withPassword(secrets[1]));
    const described = ignored === 'all' ? {} : { 'artifactapi_remote_npm.private': 'description "" -> "new"' };
    expect(await workspace.plan(remote(ignoring('description = "new"')), [], withPassword(secrets[1]))).toEqual(described);
    await workspace.apply(undefined, [], withPassword(secrets[1]));
    expect(await workspace.writes()).toEqual(ignored === 'all' ? {} : { 'PUT /api/v2/remotes/:name': 1 });
    await workspace.expectEmptyPlan(withPassword(secrets[1]));
    // What was sent is still what counts: the first one is no change, the second one is.
    const more = ignored === 'all' ? '' : '\n  description = "new"';
    workspace.write(remote(`password_wo = var.upstream_password${more}`));
    await workspace.expectEmptyPlan(withPassword(secrets[0]));
    expect(await workspace.plan(undefined, [], withPassword(secrets[1]))).toEqual({
      'artifactapi_remote_npm.private': 'password_wo_revision 1 -> 2',
    });
  });
});

onStrict('a password and token of the provider block are in no state, plan, output or log', async (workspace) => {
  const token = 'token-Vw73-server';
  const log = join(workspace.folder, 'trace.log');
  const env = { ARTIFACTAPI_TOKEN: token, TF_LOG: 'TRACE', TF_LOG_PATH: log };
  const applied = await workspace.apply(
    'resource "artifactapi_remote_npm" "a" {\n  name = "a"\n  base_url = "https://a.example.com"\n}\n',
    [],
    env,
  );
  await workspace.fault({ status: 500, body: `the token ${token} is wrong`, count: 20 });
  const failed = await workspace.terraform(['plan', '-input=false'], { env });
  expect(failed.status).toBe(1);
  expect(failed.said).toContain('Error: Server Error');
  const written = [workspace.file('terraform.tfstate'), applied.text, failed.text, readFileSync(log, 'utf8')];
  expect(written.map((text) => text.includes(token))).toEqual([false, false, false, false]);
});

async function planned(workspace: Workspace, env: NodeJS.ProcessEnv): Promise<{ rotation: object; planJson: string }> {
  const rotation = await workspace.plan(undefined, [], env);
  return { rotation, planJson: (await workspace.terraform(['show', '-json', 'plan.bin'])).text };
}
