import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStrict } from './support/workspace';

const two = `
resource "artifactapi_remote_helm" "a" {
  name     = "a"
  base_url = "https://a.example.com"
}
resource "artifactapi_remote_helm" "b" {
  name       = "b"
  base_url   = "https://b.example.com"
  depends_on = [artifactapi_remote_helm.a]
}
`;

onStrict('a registry that is down gives one clear message, and the state is kept', async (workspace) => {
  await workspace.apply(two);
  const free = await unusedPort();
  const at = `http://127.0.0.1:${free}`;
  const down = workspace.header.replace(workspace.endpoint, at) + two;
  const said = await workspace.failPlan(down);
  expect(said).toContain('Error: Server Not Reachable');
  expect(said).toContain(
    `Cannot read artifactapi_remote_helm "a": GET ${at}/api/v2/remotes/a: the server cannot be reached (connect ECONNREFUSED 127.0.0.1:${free})`,
  );
  expect(said).toContain('Check the endpoint, and that the server is running.');
  expect(said).not.toMatch(/ at .*\.[jt]s:\d+/);
  expect(await workspace.addresses()).toEqual(['artifactapi_remote_helm.a', 'artifactapi_remote_helm.b']);
  workspace.write(two);
  await workspace.expectEmptyPlan();
});

onStrict('a fault in a nested attribute is told with its whole name, at its place in the file', async (workspace) => {
  const headers = 'headers = [\n    { name = "x", value = "1" },\n    { name = "y z", value = "2" },\n  ]';
  const wrong = workspace.header.replace(/ {2}endpoint.*\n/, (line) => `${line}  ${headers}\n`) + two;
  const said = await workspace.failPlan(wrong);
  expect(said).toContain('"headers[1].name": "y z" is not the name of an HTTP header.');
  const at = wrong.split('\n').findIndex((line) => line.includes('y z')) + 1;
  expect(said).toMatch(new RegExp(`line ${at}, in provider "artifactapi"`));
});

onStrict('without an endpoint the message names the attribute, the variable and a server to try', async (workspace) => {
  const none = workspace.header.replace(/endpoint.*\n/, '') + two;
  expect(await workspace.failPlan(none)).toContain(
    'The endpoint of the ArtifactAPI server is not set. Set endpoint in the provider block, or the environment variable ARTIFACTAPI_ENDPOINT. For a server to try out: npx repoform registry --backend artifactapi.',
  );
  expect(await workspace.plan(none, [], { ARTIFACTAPI_ENDPOINT: workspace.endpoint })).toEqual({
    'artifactapi_remote_helm.a': 'create',
    'artifactapi_remote_helm.b': 'create',
  });
});

onStrict('an object that is there already is left alone, and the message prints the import', async (workspace) => {
  const body = { name: 'a', package_type: 'helm', repo_type: 'remote', base_url: 'https://foreign.example.com' };
  expect((await workspace.call('POST', '/api/v2/remotes', body)).status).toBe(201);
  const said = await workspace.failApply(two);
  expect(said).toContain('Error: Already on the Server');
  expect(said).toContain("terraform import artifactapi_remote_helm.<name in your configuration> 'a'");
  expect(await workspace.addresses()).toEqual([]);
  expect((await workspace.call('GET', '/api/v2/remotes/a')).json).toMatchObject({ base_url: 'https://foreign.example.com' });
});

onStrict('Ctrl-C during an apply leaves no process, and the next apply converges', async (workspace) => {
  workspace.write(two);
  await workspace.terraform(['validate']);
  await workspace.fault({ method: 'POST', path: '/api/v2/remotes', latencyMs: 3000 });
  let interrupted = false;
  const stopped = await workspace.terraform(['apply', '-auto-approve', '-input=false'], {
    detached: true,
    onOutput: (text, pid) => {
      if (interrupted || !text.includes('artifactapi_remote_helm.a: Creating...')) return;
      interrupted = true;
      // As a terminal does it: the whole group gets the signal, the provider too.
      setTimeout(() => process.kill(-pid, 'SIGINT'), 300);
    },
  });
  expect([interrupted, stopped.status]).toEqual([true, 1]);
  expect(stopped.text).toContain('Interrupt received.');
  expect(await gone(workspace.folder)).toEqual([]);
  await workspace.heal();
  await sleep(3000);
  await workspace.apply();
  await workspace.expectEmptyPlan();
  expect(await workspace.addresses()).toEqual(['artifactapi_remote_helm.a', 'artifactapi_remote_helm.b']);
});

/** The processes that still run below a folder, after some patience. */
async function gone(folder: string): Promise<string[]> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (processesOf(folder).length === 0) return [];
    await sleep(100);
  }
  return processesOf(folder);
}

function processesOf(folder: string): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
        ? [readFileSync(join('/proc', pid, 'cmdline'), 'utf8').replaceAll('\0', ' ')]
        : [];
    } catch {
      return [];
    }
  });
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
