import { LocalBackend, Testing, TerraformOutput, TerraformStack } from 'cdktf';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactapiFunctions, ArtifactapiProvider, NpmFront, PypiFront } from '../../../constructs/artifactapi';
import { artifactapi } from '../../../src/resources/artifactapi';
import { expectStatus } from '../../acceptance/support/command';
import { inWorkspace, type Workspace } from '../../acceptance/support/workspace';

let server: Server;
let asked: string[];
let upstream: string;

/** An upstream that has a page for everything, ours included. */
beforeEach(async () => {
  asked = [];
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const name =
      url
        .split('/')
        .filter((part) => part !== '')
        .at(-1) ?? '';
    if (url.startsWith('/simple/')) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<a href="/files/${name}-9.9.9.tar.gz">${name}-9.9.9.tar.gz</a>`);
    } else {
      const json = { name, 'dist-tags': { latest: '9.9.9' }, versions: { '9.9.9': { name, version: '9.9.9' } } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  upstream = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Writes a stack into a workspace, with the outputs that `fill` answers. */
function write({ folder }: Workspace, fill: (stack: TerraformStack) => Readonly<Record<string, unknown>>): void {
  const stack = new TerraformStack(Testing.app(), 's');
  new LocalBackend(stack, { path: join(folder, 'terraform.tfstate') });
  for (const [name, value] of Object.entries(fill(stack))) new TerraformOutput(stack, name, { value });
  writeFileSync(join(folder, 'main.tf.json'), Testing.synth(stack));
}

async function outputs(workspace: Workspace): Promise<Record<string, unknown>> {
  const { text } = expectStatus(await workspace.terraform(['output', '-json']), 0);
  const json = JSON.parse(text) as Record<string, { value: unknown }>;
  return Object.fromEntries(Object.entries(json).map(([name, { value }]) => [name, value]));
}

const minutes = 60_000;

test(
  'a front of npm serves both, and never asks the upstream for a name of ours',
  () =>
    inWorkspace(false, async (workspace) => {
      const env = { ARTIFACTAPI_ENDPOINT: workspace.endpoint };
      write(workspace, (stack) => {
        new ArtifactapiProvider(stack, 'p', { installLocally: false });
        const front = new NpmFront(stack, 'npm', { name: 'npm', upstream, privateNames: ['@acme/', 'acme-'] });
        return { npmrc: front.clientConfig(), internal: front.internal.name };
      });
      await workspace.apply(undefined, [], env);
      await workspace.expectEmptyPlan(env);
      const root = `${workspace.endpoint}/api/v1/virtual/npm/`;
      expect(await outputs(workspace)).toEqual({ npmrc: `registry=${root}\nreplace-registry-host=always\n`, internal: 'npm-internal' });

      const ours = { name: 'acme-core', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': { name: 'acme-core', version: '1.0.0' } } };
      expect((await workspace.call('PUT', '/api/v2/remotes/npm-internal/files/acme-core', ours)).status).toBe(201);
      const versions = async (name: string): Promise<unknown> => {
        const answer = await fetch(root + name);
        return answer.ok ? Object.keys(((await answer.json()) as { versions: object }).versions) : answer.status;
      };
      expect(await versions('left-pad')).toEqual(['9.9.9']);
      expect(await versions('acme-core')).toEqual(['1.0.0']);
      // Our repository does not have them, and the remote is not asked for them.
      expect(await versions('acme-other')).toBe(404);
      expect(await versions('@acme%2fcore')).toBe(404);
      expect((await workspace.call('GET', '/api/v1/remote/npm-remote/acme-core')).status).toBe(403);
      expect(asked).toEqual(['/left-pad']);
    }),
  2 * minutes,
);

test(
  'a front of Python packages does the same on a strict server, and is destroyed without a trace',
  () =>
    inWorkspace(true, async (workspace) => {
      write(workspace, (stack) => {
        new ArtifactapiProvider(stack, 'p', { endpoint: workspace.endpoint, installLocally: false });
        const front = new PypiFront(stack, 'py', { name: 'py', upstream, privateNames: ['acme-'], internal: { forceDestroy: true } });
        return { pip: front.clientConfig() };
      });
      await workspace.apply();
      await workspace.expectEmptyPlan();
      const host = new URL(workspace.endpoint).host;
      const root = `${workspace.endpoint}/api/v1/virtual/py/simple/`;
      expect(await outputs(workspace)).toEqual({ pip: `[global]\nindex-url = ${root}\ntrusted-host = ${host}\n` });

      const path = '/api/v2/remotes/py-internal/files/acme_core-1.0.tar.gz';
      expect((await workspace.call('PUT', path, 'a source archive')).status).toBe(201);
      const files = async (name: string): Promise<string[]> =>
        [...(await (await fetch(`${root}${name}/`)).text()).matchAll(/>([^<]+\.tar\.gz)</g)].map((match) => String(match[1]));
      expect(await files('requests')).toEqual(['requests-9.9.9.tar.gz']);
      expect(await files('acme-core')).toEqual(['acme_core-1.0.tar.gz']);
      expect(asked).toEqual(['/simple/requests/']);
      await workspace.destroy();
      expect((await workspace.call('GET', '/api/v2/remotes')).json).toBeNull();
      expect((await workspace.call('GET', '/api/v2/virtuals')).json).toBeNull();
    }),
  2 * minutes,
);

const texts = ['library/postgres', 'a "quoted" \\ text', 'x.tgz\ny'];

test(
  'terraform works functions out as the provider does, whatever stands in their arguments',
  () =>
    inWorkspace(false, async (workspace) => {
      const call = (name: string, args: readonly (string | string[])[]): unknown =>
        artifactapi.functions.find((definition) => definition.name === name)?.call(args);
      const patterns = ['^library/', '"quoted" \\\\ ', '\\.tgz\ny$'];
      const target = ['https://artifacts.example.com', 'virtual', 'all'] as const;
      write(workspace, (stack) => {
        new ArtifactapiProvider(stack, 'p', { endpoint: workspace.endpoint, installLocally: false });
        return {
          ...Object.fromEntries(
            texts.map((text, index) => [`match_${index}`, ArtifactapiFunctions.matchPath([patterns[index] ?? ''], text)]),
          ),
          other: ArtifactapiFunctions.matchPath(patterns, 'other'),
          url: ArtifactapiFunctions.repositoryUrl(...target),
          npmrc: ArtifactapiFunctions.clientConfig('npmrc', ...target),
        };
      });
      expectStatus(await workspace.terraform(['validate']), 0);
      await workspace.apply();
      expect(await outputs(workspace)).toEqual({
        ...Object.fromEntries(texts.map((_, index) => [`match_${index}`, true])),
        other: false,
        url: call('repository_url', target),
        npmrc: call('client_config', ['npmrc', ...target]),
      });
    }),
  2 * minutes,
);
