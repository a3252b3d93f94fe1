import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { platform } from './support/environment';
import { Example } from './support/example';
import type { Feature } from './support/features';
import { onCores } from './support/on-cores';

const minutes = 60_000;
const needs: readonly Feature[] = ['ephemeral values', 'write-only attributes'];
const password = 'Zq81-agentverse';
const env = { TF_VAR_agentverse_password: password };

onCores({ name: 'AgentVerse has its storage, uses it as the seed does, and nobody else may', needs }, (title, core) =>
  test(
    title,
    () =>
      Example.run({ name: 'agentverse-storage', core, env }, async (example) => {
        await example.deployTwice();
        await expectOutputs(example);
        await expectUse(example);
        await expectRefusals(example);
        expect(example.state).not.toContain(password);
        expect(readFileSync(join(example.stack, 'cdk.tf.json'), 'utf8')).not.toContain(password);
        const { said } = await example.must(['destroy', '-auto-approve', '-input=false']);
        expect(said).toContain('Warning: Project Stays on the Server');
        expect(said).toContain('Destroy complete! Resources: 5 destroyed.');
        expect(await example.asAdmin('/repository/api/project/list')).toEqual([expect.objectContaining({ name: 'ai-platform' })]);
        expect(await example.asAdmin('/repository/api/repo/list/ai-platform')).toEqual([]);
        expect(await example.asAdmin('/auth/api/user/userinfo/agentverse-service')).toBeNull();
      }),
    3 * minutes,
  ),
);

async function expectOutputs(example: Example): Promise<void> {
  const { toml, environment, docker_compose: compose } = await example.outputs();
  expect(parseToml(String(toml))).toEqual({
    object_store: {
      backend: 'bkrepo',
      bkrepo: {
        endpoint: example.bkrepo,
        project: 'ai-platform',
        repo: 'agentverse-pkgs',
        username: 'agentverse-service',
        password: '',
        overwrite: true,
      },
    },
  });
  expect(environment).toEqual({
    OBJECT_STORE_BACKEND: 'bkrepo',
    BKREPO_USERNAME: 'agentverse-service',
    BKREPO_PASSWORD: '${BKREPO_PASSWORD}',
  });
  expect(parseYaml(String(compose))).toEqual({
    services: {
      agentverse: { environment: { OBJECT_STORE_BACKEND: 'bkrepo', BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: null } },
    },
  });
}

const service = `Authorization: Basic ${Buffer.from(`agentverse-service:${password}`).toString('base64')}`;
const fileUrl = ({ bkrepo }: Example): string => `${bkrepo}/generic/ai-platform/agentverse-pkgs/test/1.0.0.zip`;

async function expectUse(example: Example): Promise<void> {
  const url = fileUrl(example);
  const [first, second] = ['first.zip', 'second.zip'].map((name) => join(example.folder, name)) as [string, string];
  writeFileSync(first, 'the first content');
  writeFileSync(second, 'the second content');

  const uploaded = await example.curl('-T', first, url, '-H', service, '-H', 'X-BKREPO-OVERWRITE: true');
  expect(uploaded).toMatchObject({ status: 200, body: { code: 0, data: { fullPath: '/test/1.0.0.zip', size: 17 } } });
  const refused = await example.curl('-T', second, url, '-H', service);
  expect(refused).toMatchObject({ status: 400, body: { code: 251012 } });
  const download = (): Promise<{ status: number; body: unknown }> => example.curl('-L', `${url}?download=true`, '-H', service);
  expect(await download()).toEqual({ status: 200, body: 'the first content' });
  expect(await example.curl('-T', second, url, '-H', service, '-H', 'X-BKREPO-OVERWRITE: true')).toMatchObject({ status: 200 });
  expect(await download()).toEqual({ status: 200, body: 'the second content' });
  expect(await example.curl('-X', 'DELETE', url, '-H', service)).toMatchObject({ status: 200, body: { code: 0 } });
  expect(await download()).toMatchObject({ status: 404, body: { code: 251010 } });
  expect(await example.curl('-T', first, url, '-H', service)).toMatchObject({ status: 200 });
}

/** A user without the permission may do none of it, and the service nothing else. */
async function expectRefusals(example: Example): Promise<void> {
  const { bkrepo, folder } = example;
  const url = fileUrl(example);
  const made = await example.curl(
    ...['-u', 'admin:password', '-H', 'Content-Type: application/json', `${bkrepo}/auth/api/user/create`],
    ...['-d', JSON.stringify({ userId: 'somebody', name: 'Somebody', pwd: 'secret-1' })],
  );
  expect(made).toMatchObject({ status: 200, body: { data: true } });
  const login = ['-u', 'somebody:secret-1'];
  const denied = { status: 403, body: { code: 250113 } };
  expect(await example.curl(...login, '-T', join(folder, 'second.zip'), url, '-H', 'X-BKREPO-OVERWRITE: true')).toMatchObject(denied);
  expect(await example.curl(...login, `${url}?download=true`)).toMatchObject(denied);
  expect(await example.curl(...login, '-X', 'DELETE', url)).toMatchObject(denied);
  expect(await example.curl(`${url}?download=true`)).toMatchObject({ status: 401 });

  const api = `${bkrepo}/repository/api`;
  expect(await example.curl('-X', 'DELETE', `${api}/repo/delete/ai-platform/agentverse-pkgs?forced=true`, '-H', service)).toMatchObject(
    denied,
  );
  const another = JSON.stringify({ projectId: 'ai-platform', name: 'other', type: 'GENERIC', category: 'LOCAL' });
  expect(await example.curl(`${api}/repo/create`, '-H', service, '-H', 'Content-Type: application/json', '-d', another)).toMatchObject(
    denied,
  );
  expect(await example.curl(`${url}?download=true`, '-H', service)).toEqual({ status: 200, body: 'the first content' });
}

const VARIABLE = 'REPOFORM_KUBERNETES_PROVIDER';
const kubernetes = process.env[VARIABLE];

onCores({ name: 'the Secret of AgentVerse is write-only data, and a plan takes it', needs }, (title, core) =>
  test(
    title,
    () =>
      Example.run(
        {
          name: 'agentverse-storage',
          stack: 'agentverse-kubernetes',
          file: 'kubernetes.ts',
          core,
          env: { ...env, KUBE_CONFIG_PATH: '/dev/null' },
        },
        async (example) => {
          const text = readFileSync(join(example.stack, 'cdk.tf.json'), 'utf8');
          const json = JSON.parse(text) as { resource: { kubernetes_secret_v1: Record<string, unknown> } };
          const [secret] = Object.values(json.resource.kubernetes_secret_v1);
          const [user] = /bkrepo_user\.\w+/.exec(text) ?? [];
          expect(secret).toMatchObject({
            metadata: { name: 'bkrepo-credentials', namespace: 'agentverse' },
            data_wo: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: '${var.agentverse_password}' },
            data_wo_revision: `\${${user}.password_wo_revision}`,
          });
          expect(secret).not.toHaveProperty('data');
          if (kubernetes) await expectPlan(example, kubernetes);
          else process.stderr.write(`skipped: the plan of the Secret; ${VARIABLE} names no provider binary\n`);
        },
      ),
    3 * minutes,
  ),
);

/** Plans against no cluster: the provider asks it nothing for an object that is to be made. */
async function expectPlan(example: Example, binary: string): Promise<void> {
  expect(existsSync(binary)).toBe(true);
  const place = join(example.stack, 'terraform.d/plugins/registry.terraform.io/hashicorp/kubernetes/2.38.0', platform);
  mkdirSync(place, { recursive: true });
  const file = join(place, 'terraform-provider-kubernetes_v2.38.0_x5');
  copyFileSync(binary, file);
  chmodSync(file, 0o755);
  await example.must(['init', '-input=false', `-backend-config=path=${join(example.folder, 'terraform.tfstate')}`]);
  await example.must(['plan', '-input=false', '-out=plan.bin']);
  const { text } = await example.must(['show', '-json', 'plan.bin']);
  const plan = JSON.parse(text) as { resource_changes: { type: string; change: { actions: string[]; after: Record<string, unknown> } }[] };
  const planned = plan.resource_changes.find(({ type }) => type === 'kubernetes_secret_v1');
  expect(planned?.change).toMatchObject({ actions: ['create'], after: { data_wo: null, metadata: [{ name: 'bkrepo-credentials' }] } });
  expect(text).not.toContain(password);
}
