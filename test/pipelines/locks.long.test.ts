import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectStatus, run, type Run } from '../acceptance/support/command';
import { root } from '../acceptance/support/environment';
import { clientPath } from '../clients/support';
import { postgresPrograms, startPostgres } from '../registry/postgres';
import { KEYS, S3Server } from '../registry/store/s3-server';
import { WRITER } from './support/guard';
import { readWorkflow } from './support/github';
import { PARTNER_PASSWORD, startWorld, type World } from './support/world';

const TIMEOUT = 300_000;
const workflow = readWorkflow(join(root, 'examples/pipelines/.github/workflows/registries.yml'));
/** What the job says that applies, but for its patience. */
const apply = (workflow.jobs['apply']?.steps.at(-1)?.run ?? '').replace('tar --extract --gzip --file plan.tgz', '');
let world: World;
beforeAll(async () => {
  world = await startWorld();
}, TIMEOUT);
afterAll(() => world.close());

/** Where a state is: a module of the example, and what it needs in the environment. */
interface Backend {
  readonly name: 'http' | 'pg' | 's3';
  readonly env: NodeJS.ProcessEnv;
  /** Told what is printed. */
  readonly onOutput?: (text: string) => void;
}

/** What a pipeline checks out: the stack `clusters`, with repositories of this name. */
function checkout({ name }: Backend, files: readonly string[]): string {
  const folder = world.place(name);
  cpSync(world.repository, folder, { recursive: true });
  const edit = (file: string, change: (text: string) => string): void =>
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')));
  edit('main.ts', (text) => text.replace('./state/http', `./state/${name}`).replace("new Packages(app, 'packages'), ", ''));
  const lines = files.map((file) => `new LocalGeneric(this, '${file}', { name: '${name}-${file}' });`);
  edit('stacks.ts', (text) =>
    text.replace(/^ +new (?:RemoteHelm|LocalGeneric)\(.*\n/gm, '').replace(/(?=\n {2}\}\n\}\n$)/, `\n${lines.join('\n')}`),
  );
  return folder;
}

/** Runs a script of a pipeline. */
const inside = (folder: string, script: string, { env, onOutput }: Backend): Promise<Run> =>
  run('bash', ['-e', '-c', script], {
    cwd: folder,
    env: {
      ...world.env,
      ...workflow.env,
      ARTIFACTAPI_ENDPOINT: world.guard.url,
      ARTIFACTAPI_TOKEN: WRITER,
      TF_VAR_partner_password: PARTNER_PASSWORD,
      ...env,
    },
    ...(onOutput && { onOutput }),
  });

const plan = (patience: string): string => `npm ci\nnpx repoform diff --save-plan plan.tfplan -- -lock-timeout=${patience}`;

/** The next change waits until it is told to go on. */
function holdWrites(): { readonly reached: Promise<void>; release(): void } {
  let [reach, release] = [() => {}, () => {}];
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const released = new Promise<void>((resolve) => (release = resolve));
  world.guard.beforeWrite = async () => {
    reach();
    await released;
  };
  return {
    reached,
    release() {
      world.guard.beforeWrite = async () => {};
      release();
    },
  };
}

const names = async (prefix: string): Promise<string[]> => {
  const all = (await (await fetch(`${world.registry.url}/api/v2/remotes`)).json()) as { name: string }[];
  return all
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix))
    .sort();
};

/** Two pipelines at once, with the state at a backend: one fails on the lock, or waits for it, and nothing of either is lost. */
async function meet(backend: Backend): Promise<void> {
  const [first, second] = [checkout(backend, ['a']), checkout(backend, ['a', 'b'])];
  expectStatus(await inside(first, plan('10s'), backend), 0);
  const held = holdWrites();
  const applied = inside(first, apply, backend);
  await held.reached;
  const refused = expectStatus(await inside(second, plan('0s'), backend), 1);
  expect(refused.said).toMatch(
    /repoform: "terraform plan" failed in \S+: another run holds the lock of the state; wait for it to end, or let this one wait with -- -lock-timeout=10m/,
  );
  expect(refused.said).toMatch(/Error: Error acquiring the state lock/);
  let told = '';
  let isOver = false;
  const planned = inside(second, plan('2m'), { ...backend, onOutput: (text) => (told = text) }).finally(() => (isOver = true));
  while (!told.includes('planning clusters ...')) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isOver).toBe(false);
  held.release();
  expect(expectStatus(await applied, 0).text).toContain('Apply complete! Resources: 1 added');
  // It plans what is left to do.
  expect(expectStatus(await planned, 0).text).toMatch(
    new RegExp(`\\nCreates\\n  \\+ local generic ${backend.name}-b  .*\\n\\n1 to create\\.\\n`),
  );
  expectStatus(await inside(second, apply, backend), 0);
  expect(await names(`${backend.name}-`)).toEqual([`${backend.name}-a`, `${backend.name}-b`]);
}

test(
  'two pipelines with the state on an HTTP server',
  async () => {
    const backend: Backend = { name: 'http', env: { STATE_URL: world.states.url } };
    const late = checkout(backend, ['late']);
    expectStatus(await inside(late, plan('10s'), backend), 0);
    await meet(backend);
    // What was planned before is refused, and nothing of it is done.
    const writes = world.guard.writes.length;
    expect(expectStatus(await inside(late, apply, backend), 1).said).toContain('Error: Saved plan is stale');
    expect(world.guard.writes).toHaveLength(writes);
    expect([world.states.locks.size, [...world.states.states.keys()]]).toEqual([0, ['/clusters']]);
  },
  TIMEOUT,
);

const skips = (name: string, isThere: boolean): typeof test => {
  if (!isThere && process.env['REPOFORM_CLIENTS'] === 'required') throw new Error(`${name} is missing; run .ci/clients`);
  return isThere ? test : test.skip;
};

skips('PostgreSQL', postgresPrograms() !== undefined)(
  'two pipelines with the state in PostgreSQL',
  async () => {
    const { port } = await startPostgres(join(tmpdir(), `repoform-pipelines-postgres-${process.pid}`));
    const STATE_URL = `postgres://127.0.0.1:${port}/postgres?sslmode=disable`;
    await meet({ name: 'pg', env: { STATE_URL, PGUSER: 'registry', PGPASSWORD: 'password-of-the-database' } });
  },
  TIMEOUT,
);

skips('versitygw', clientPath('versitygw') !== undefined)(
  'two pipelines with the state in a bucket',
  async () => {
    const server = await S3Server.start();
    try {
      mkdirSync(server.path('acme-terraform-state', ''));
      const elsewhere = [
        'use_path_style=true',
        'region=us-east-1',
        'skip_credentials_validation=true',
        'skip_requesting_account_id=true',
        'encrypt=false',
      ];
      await meet({
        name: 's3',
        env: {
          AWS_ACCESS_KEY_ID: KEYS.accessKey,
          AWS_SECRET_ACCESS_KEY: KEYS.secretKey.reveal(),
          AWS_ENDPOINT_URL_S3: server.endpoint,
          TF_CLI_ARGS_init: elsewhere.map((setting) => `-backend-config=${setting}`).join(' '),
        },
      });
    } finally {
      await server.stop();
    }
  },
  TIMEOUT,
);
