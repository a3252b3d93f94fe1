import { machineCore } from './support/core-binary';
import { inProject, installPacked, type Modules } from './support/project';

let modules: Modules;
beforeAll(() => {
  modules = installPacked();
});
afterAll(() => modules.remove());

const main = `
import { App, TerraformStack } from 'cdktf';
import { ArtifactapiProvider, NpmFront, RemoteNpm } from 'repoform/artifactapi';

const app = new App();
for (const id of ['one', 'two']) {
  const stack = new TerraformStack(app, id);
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint: 'http://127.0.0.1:1' });
  new RemoteNpm(stack, 'npm', { name: 'npm', baseUrl: 'npm.example.com', mutableTtl: -1 });
  new NpmFront(stack, 'front', { name: 'front', upstream: 'https://npm.example.com', privateNames: ['@acme'] });
}
app.synth();
`;

test('the command prints all that is wrong with all stacks, once, with the path of each construct and no stack frames', () =>
  inProject({ modules, main, core: machineCore() }, async (project) => {
    const { status, text } = await project.cdktf(['synth']);
    expect(status).not.toBe(0);
    const lines = text.split('\n').filter((line) => line.startsWith('ERROR ['));
    const problems = (id: string): string[] => [
      `ERROR [${id}/npm]: artifactapi_remote_npm: baseUrl: "npm.example.com" is not a URL; write one with scheme and host, e.g. "https://packages.example.com"`,
      `ERROR [${id}/npm]: artifactapi_remote_npm: mutableTtl is -1; allowed is 0 or more`,
      `ERROR [${id}/front]: privateNames: "@acme" is neither a name nor a prefix, which ends with "/", "-", "." or "_"; write e.g. "@acme/" or "acme-"`,
    ];
    expect(lines).toEqual([...problems('one'), ...problems('two')]);
    expect(text.match(/is not a URL/g)).toHaveLength(2);
    expect(text).not.toMatch(/\.[jt]s:\d+/);
  }));
