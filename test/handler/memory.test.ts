import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ValueRecord } from '../../src/common/value';
import { artifactapi } from '../../src/resources/artifactapi';
import { configured } from '../../src/testing/target';
import { startServer, type TestServer } from '../../src/testing/http-server';

const type = 'artifactapi_remote_generic';
const count = 2000;
const lists = { patterns: [], blocklist: [], mutable_patterns: [], immutable_patterns: [] };
const common = {
  package_type: 'generic',
  repo_type: 'remote',
  description: '',
  username: '',
  immutable_ttl: 0,
  mutable_ttl: 3600,
  ...lists,
};
const base_url = 'https://files.example.com';
const remotes = Array.from({ length: count }, (_, index) => ({ ...common, name: `remote-${index}`, base_url }));

let server: TestServer;
beforeAll(async () => {
  server = await startServer(({ path }) => {
    const [, name] = /^\/api\/v2\/remotes\/(.+)$/.exec(path) ?? [];
    return { status: 200, body: name === undefined ? remotes : remotes.find((remote) => remote.name === name) };
  });
  setFlagsFromString('--expose-gc');
});
afterAll(() => server.stop());

/** Bytes that are still needed. */
function used(): number {
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it('2,000 resources hold no schema, no request and no answer each: what is asked again costs no memory', async () => {
  const { provider } = await configured(artifactapi, { endpoint: server.endpoint });
  const none = new Uint8Array(0);
  const { imported } = await provider.import({ type, id: 'remote-0' });
  const planned = async (): Promise<number> => {
    for (const { name } of remotes) {
      const state = { ...(imported[0]?.state as ValueRecord), name, url: `${server.endpoint}/api/v1/remote/${name}` };
      const read = await provider.read({ type, state, private: none });
      const config = { ...state, url: null };
      const plan = await provider.plan({ type, prior: read.state, proposed: read.state, config, private: none });
      expect([read, plan]).toMatchObject([
        { state, diagnostics: [] },
        { planned: state, requiresReplace: [], diagnostics: [] },
      ]);
    }
    return used();
  };
  const before = used();
  const [once, twice] = [await planned(), await planned()];
  // The list of all objects is the one thing that is held.
  expect((once - before) / count).toBeLessThan(5000);
  expect((twice - once) / count).toBeLessThan(500);
  expect(server.calls()).toHaveLength(3);
});
