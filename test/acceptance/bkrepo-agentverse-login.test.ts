import { LocalBackend, TerraformOutput, TerraformStack, Testing } from 'cdktf';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { AgentVerseStorage, type AgentVerseStorageProps, BkrepoProvider, DataBkrepoProject, secretVariable } from '../../constructs/bkrepo';
import { startRegistry } from '../../src/registry/server';
import type { Feature } from './support/features';
import { onCores } from './support/on-cores';
import { layProvider, Workspace } from './support/workspace';

const minutes = 60_000;
const needs: readonly Feature[] = ['ephemeral values', 'write-only attributes'];
const admin = { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'password' };
const [first, second] = ['Zq81-first', 'Kx42-second'] as const;

interface Outputs {
  readonly toml: string;
  readonly login: { readonly BKREPO_USERNAME: string; readonly BKREPO_PASSWORD: string };
  readonly revision: number;
}

/** A storage beside a registry with a path before its services. Only the environment says where that is. */
async function inStorage(core: Workspace['core'], recipe: (storage: Storage) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'repoform-agentverse-'));
  const registry = await startRegistry({
    data: join(folder, 'registry'),
    backends: ['bkrepo'],
    bkrepo: { port: 0, prefix: '/packages', seed: true },
    strict: true,
    closeGraceMs: 0,
  });
  try {
    layProvider(folder, 'bkrepo');
    await recipe(new Storage(new Workspace(folder, registry, core)));
  } finally {
    await registry.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

class Storage {
  constructor(readonly workspace: Workspace) {}

  /** Deploys it in the project that the registry begins with. */
  async deploy(password: string, props: Partial<AgentVerseStorageProps> = {}): Promise<string> {
    const { folder } = this.workspace;
    const stack = new TerraformStack(Testing.app(), 's');
    new LocalBackend(stack, { path: join(folder, 'terraform.tfstate') });
    new BkrepoProvider(stack, 'p', { installLocally: false });
    const passwordWo = secretVariable(stack, 'agentverse_password').stringValue;
    const project = new DataBkrepoProject(stack, 'project', { name: 'blueking' });
    const storage = new AgentVerseStorage(stack, 'storage', { project, passwordWo, ...props });
    new TerraformOutput(stack, 'toml', { value: storage.toml });
    if (storage.token) {
      new TerraformOutput(stack, 'login', { value: storage.credentials, sensitive: true });
      new TerraformOutput(stack, 'revision', { value: storage.credentialsRevision, sensitive: true });
    }
    writeFileSync(join(folder, 'main.tf.json'), Testing.synth(stack));
    const { text } = await this.workspace.apply(undefined, [], this.env(password));
    await this.workspace.expectEmptyPlan(this.env(password));
    return text;
  }

  async outputs(): Promise<Outputs> {
    const { text } = await this.workspace.terraform(['output', '-json']);
    const json = JSON.parse(text) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(json).map(([name, { value }]) => [name, value])) as unknown as Outputs;
  }

  /** The status of a download of a file that does not exist: 404 for who may ask. */
  async asks(password: string): Promise<number> {
    const { endpoint, project, repo, username } = (parse((await this.outputs()).toml) as unknown as Toml).object_store.bkrepo;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const answer = await fetch(`${endpoint}/generic/${project}/${repo}/none.zip?download=true`, { headers: { authorization } });
    return answer.status;
  }

  private env(password: string): NodeJS.ProcessEnv {
    return { ...admin, BKREPO_ENDPOINT: `${this.workspace.endpoint}/`, TF_VAR_agentverse_password: password };
  }
}

interface Toml {
  readonly object_store: {
    readonly bkrepo: { readonly endpoint: string; readonly project: string; readonly repo: string; readonly username: string };
  };
}

onCores({ name: 'the text tells what only Terraform knows, and a new password is one update', needs }, (title, core) =>
  test(
    title,
    () =>
      inStorage(core, async (storage) => {
        await storage.deploy(first);
        expect(parse((await storage.outputs()).toml)).toMatchObject({
          object_store: { bkrepo: { endpoint: storage.workspace.endpoint, project: 'blueking', repo: 'agentverse-packages' } },
        });
        expect(await storage.asks(first)).toBe(404);
        expect(await storage.deploy(second)).toContain('Resources: 0 added, 1 changed, 0 destroyed.');
        expect([await storage.asks(first), await storage.asks(second)]).toEqual([401, 404]);
        const state = storage.workspace.file('terraform.tfstate');
        expect([first, second].filter((secret) => state.includes(secret))).toEqual([]);
      }),
    3 * minutes,
  ),
);

onCores({ name: 'a token takes the place of the password, and a new one has a new revision', needs }, (title, core) =>
  test(
    title,
    () =>
      inStorage(core, async (storage) => {
        await storage.deploy(first, { token: { name: 'service', storeSecretInState: true } });
        const before = await storage.outputs();
        expect(before.login.BKREPO_USERNAME).toBe('agentverse-service');
        expect(before.login.BKREPO_PASSWORD).not.toBe(first);
        expect(await storage.asks(before.login.BKREPO_PASSWORD)).toBe(404);
        expect(Number.isInteger(before.revision) && before.revision >= 1 && before.revision < 2 ** 31).toBe(true);
        expect(before.toml).not.toContain(before.login.BKREPO_PASSWORD);

        await storage.deploy(first, { token: { name: 'service-2', expiresAt: '2999-01-31T12:00:00Z', storeSecretInState: true } });
        const after = await storage.outputs();
        expect(after.revision).not.toBe(before.revision);
        expect([await storage.asks(before.login.BKREPO_PASSWORD), await storage.asks(after.login.BKREPO_PASSWORD)]).toEqual([401, 404]);
      }),
    3 * minutes,
  ),
);
