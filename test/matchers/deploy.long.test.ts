import { TerraformStack, Testing } from 'cdktf';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { ArtifactapiProvider, LocalNpm, RemoteNpm, Virtual } from '../../constructs/artifactapi';
import { BkrepoProvider, Project } from '../../constructs/bkrepo';
import '../../constructs/testing';

const TIMEOUT = 240_000;
const endpoint = 'https://artifacts.example.com';

function stackWith(body: (stack: TerraformStack) => void): TerraformStack {
  const stack = new TerraformStack(Testing.app(), 'packages');
  new ArtifactapiProvider(stack, 'artifactapi', { endpoint });
  body(stack);
  return stack;
}

const messageOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (thrown) {
    return (thrown as Error).message;
  }
  throw new Error('nothing was thrown');
};

const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('repoform-test-'));

test(
  'an app of two stacks and backends is deployed in order, planned again and destroyed; nothing of it is left',
  async () => {
    const app = Testing.app();
    const first = new TerraformStack(app, 'z-first');
    new ArtifactapiProvider(first, 'artifactapi', { endpoint, token: 'of-the-real-server' });
    const own = new LocalNpm(first, 'own', { name: 'own', lifecycle: { preventDestroy: true } });
    const second = new TerraformStack(app, 'a-second');
    new ArtifactapiProvider(second, 'artifactapi', { endpoint });
    new BkrepoProvider(second, 'bkrepo', { endpoint, username: 'ci', password: 'of-the-real-server' });
    new Virtual(second, 'all', { name: 'all', packageType: 'npm', members: [own.name] });
    new Project(second, 'acme', { name: 'acme', displayName: 'Acme' });
    const before = left();
    await expect(app).toDeployCleanly();
    expect(left()).toEqual(before);
    expect(existsSync('trial.tfstate')).toBe(false);
  },
  TIMEOUT,
);

test(
  "a failure has the core's own error",
  async () => {
    const stack = stackWith((scope) => {
      const one = new RemoteNpm(scope, 'one', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@acme/'] });
      new RemoteNpm(scope, 'two', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@acme/'], dependsOn: [one] });
    });
    const message = await messageOf(expect(stack).toDeployCleanly());
    expect(message).toMatch(/^expected the stack to deploy cleanly, but "[^"]+ apply" of the stack "packages" failed\n\n/);
    expect(message).toContain('Error: Already on the Server\n\n  with artifactapi_remote_npm.two,\n');
    expect(message).toMatch(/this state; it was not changed\. Import it with\n.*\n.*, or choose another name\.\n$/);
  },
  TIMEOUT,
);

test(
  'a failure has what the second plan changes',
  async () => {
    const stack = stackWith((scope) => {
      new LocalNpm(scope, 'own', { name: 'own' }).addOverride('description', '${timestamp()}');
    });
    const message = await messageOf(expect(stack).toDeployCleanly());
    expect(message.replace(/\d{4}-[\d:TZ-]+/, '<now>')).toBe(`expected the second plan to be empty, but it has changes

packages

Updates
  ~ local npm own  artifactapi_local_npm.own
      description: <now> → (known after apply)

1 to update.
`);
  },
  TIMEOUT,
);
