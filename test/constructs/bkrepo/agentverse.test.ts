import { App, TerraformOutput, TerraformStack, TerraformVariable, Testing } from 'cdktf';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import {
  AgentVerseStorage,
  type AgentVerseStorageProps,
  BkrepoProvider,
  type BkrepoProviderConfig,
  DataBkrepoProject,
  Project,
  secretVariable,
} from '../../../constructs/bkrepo';

type Json = Record<string, Record<string, Record<string, Record<string, unknown>>>>;
type Fill = (stack: TerraformStack, passwordWo: string) => unknown;

const given = { endpoint: 'https://bkrepo.example.com/' };

/** A stack with a provider and a secret variable. */
function stackOf(fill: Fill, app = Testing.app(), config: BkrepoProviderConfig = given): TerraformStack {
  const stack = new TerraformStack(app, 's');
  new BkrepoProvider(stack, 'p', { installLocally: false, ...config });
  fill(stack, secretVariable(stack, 'agentverse_password').stringValue);
  return stack;
}

/** What a stack synthesizes to, with the hashes in names left out. */
function synthesized(fill: Fill, config?: BkrepoProviderConfig): Json {
  return JSON.parse(Testing.synth(stackOf(fill, Testing.app(), config)).replace(/(\w)_[0-9A-F]{8}\b/g, '$1')) as Json;
}

/** A storage in a stack of its own. */
function storage(
  props: Partial<AgentVerseStorageProps> = {},
  more: (storage: AgentVerseStorage, stack: TerraformStack) => void = () => {},
): Fill {
  return (stack, passwordWo) =>
    more(new AgentVerseStorage(stack, 'storage', { project: { projectId: 'ai-platform' }, passwordWo, ...props }), stack);
}

test('a project, a repository, a user and a permission on files are made', () => {
  const project = '${bkrepo_local_repository.storage_repository.project}';
  const repository = '${bkrepo_local_repository.storage_repository.name}';
  expect(synthesized(storage({ project: 'ai-platform' }))['resource']).toEqual({
    bkrepo_project: {
      storage_project: { name: 'ai-platform', display_name: 'AgentVerse Packages', description: 'AI agent artifact storage' },
    },
    bkrepo_local_repository: {
      storage_repository: {
        project: '${bkrepo_project.storage_project.project_id}',
        name: 'agentverse-packages',
        type: 'GENERIC',
        description: 'AgentVerse skill packages',
      },
    },
    bkrepo_repository_access_mode: { storage_mode: { project, repository, mode: 'STRICT' } },
    bkrepo_user: {
      storage_user: { user_id: 'agentverse-service', name: 'AgentVerse', password_wo: '${var.agentverse_password}' },
    },
    bkrepo_permission: {
      storage_permission: {
        project,
        resource_type: 'NODE',
        name: 'agentverse-packages-agentverse',
        repositories: [repository],
        include_pattern: ['/'],
        users: ['${bkrepo_user.storage_user.user_id}'],
        actions: ['WRITE', 'DOWNLOAD', 'DELETE'],
        depends_on: ['bkrepo_repository_access_mode.storage_mode'],
      },
    },
  });
});

test('a project that is there is used, whatever says so', () => {
  const projectOf = (fill: (stack: TerraformStack) => AgentVerseStorageProps['project']): unknown => {
    const { resource } = synthesized((stack, passwordWo) => storage({ project: fill(stack) })(stack, passwordWo));
    return resource?.['bkrepo_local_repository']?.['storage_repository']?.['project'];
  };
  expect(projectOf(() => ({ projectId: 'acme.ai' }))).toBe('acme.ai');
  expect(projectOf((stack) => new DataBkrepoProject(stack, 'there', { name: 'ai' }))).toBe('${data.bkrepo_project.there.project_id}');
  const shared = (stack: TerraformStack): Project => new Project(stack, 'shared', { name: 'ai', displayName: 'AI' });
  expect(projectOf(shared)).toBe('${bkrepo_project.shared.project_id}');
});

test('settings reach what they are for, and one provider all of it', () => {
  const { resource } = synthesized((stack, passwordWo) => {
    const provider = new BkrepoProvider(stack, 'other', { alias: 'other', endpoint: 'https://other.example.com', installLocally: false });
    storage({
      project: 'ai',
      provider,
      repository: 'pkgs',
      username: 'robot',
      actions: ['DOWNLOAD'],
      token: { name: 'service', expiresAt: '2030-01-31T12:00:00Z', storeSecretInState: true },
      projectSettings: { displayName: 'AI' },
      repositorySettings: { quota: 5, description: 'ours' },
      userSettings: { email: 'robot@example.com', passwordWoVersion: 3 },
    })(stack, passwordWo);
  });
  const all = Object.values(resource ?? {}).flatMap((made) => Object.values(made));
  expect(all.map((one) => one['provider'])).toEqual(Array(6).fill('bkrepo.other'));
  expect(resource).toMatchObject({
    bkrepo_project: { storage_project: { display_name: 'AI', description: 'AI agent artifact storage' } },
    bkrepo_local_repository: { storage_repository: { name: 'pkgs', quota: 5, description: 'ours' } },
    bkrepo_user: { storage_user: { user_id: 'robot', email: 'robot@example.com', password_wo_version: 3 } },
    bkrepo_permission: { storage_permission: { name: 'pkgs-agentverse', actions: ['DOWNLOAD'] } },
    bkrepo_user_token: {
      storage_token: {
        user: '${bkrepo_user.storage_user.user_id}',
        name: 'service',
        expires_at: '2030-01-31T12:00:00Z',
        store_secret_in_state: true,
      },
    },
  });
});

test('where all is written out, so are the texts', () => {
  let texts: AgentVerseStorage | undefined;
  synthesized(storage({ overwrite: false }, (made) => (texts = made)));
  expect(texts?.toml).toBe(`[object_store]
backend = "bkrepo"

[object_store.bkrepo]
endpoint = "https://bkrepo.example.com"
project = "ai-platform"
repo = "agentverse-packages"
username = "agentverse-service"
password = ""
overwrite = false
`);
  expect(texts?.environment).toEqual({
    OBJECT_STORE_BACKEND: 'bkrepo',
    BKREPO_USERNAME: 'agentverse-service',
    BKREPO_PASSWORD: '$${BKREPO_PASSWORD}',
  });
  expect(texts?.dockerCompose()).toBe(`services:
  agentverse:
    environment:
      OBJECT_STORE_BACKEND: bkrepo
      BKREPO_USERNAME: agentverse-service
      BKREPO_PASSWORD:
`);
});

const names = ['true', '2024', 'a@b.example', 'null', 'x-1'] as const;

test.each(names)('the fragment for compose keeps the service and user "%s" a text', (name) => {
  let text = '';
  synthesized(storage({ username: name }, (made) => (text = made.dockerCompose(name))));
  expect(parseYaml(text)).toEqual({
    services: { [name]: { environment: { OBJECT_STORE_BACKEND: 'bkrepo', BKREPO_USERNAME: name, BKREPO_PASSWORD: null } } },
  });
});

test('the endpoint given wins over the provider, and slashes at its end go', () => {
  const endpoints = ['http://bkrepo.internal:8080', 'http://bkrepo.internal/base//'].map((endpoint) => {
    let toml = '';
    synthesized(storage({ endpoint }, (made) => (toml = made.toml)));
    return (parseToml(toml)['object_store'] as { bkrepo: { endpoint: string } }).bkrepo.endpoint;
  });
  expect(endpoints).toEqual(['http://bkrepo.internal:8080', 'http://bkrepo.internal/base']);
});

test('references survive in the texts, quoted when they are known', () => {
  const { output } = synthesized((stack, passwordWo) => {
    const [repository, username, endpoint] = ['repository', 'username', 'endpoint'].map(
      (name) => new TerraformVariable(stack, name, { type: 'string' }).stringValue,
    ) as [string, string, string];
    storage({ project: 'ai', repository, username, endpoint }, (made) => {
      for (const [name, value] of Object.entries({ toml: made.toml, environment: made.environment, compose: made.dockerCompose() }))
        new TerraformOutput(stack, name, { value });
    })(stack, passwordWo);
  });
  const user = 'bkrepo_user.storage_user.user_id';
  expect(output).toEqual({
    toml: {
      value: `[object_store]
backend = "bkrepo"

[object_store.bkrepo]
endpoint = \${jsonencode(replace(var.endpoint, "//+$/", ""))}
project = \${jsonencode(bkrepo_project.storage_project.project_id)}
repo = \${jsonencode(bkrepo_local_repository.storage_repository.name)}
username = \${jsonencode(${user})}
password = ""
overwrite = true
`,
    },
    environment: {
      value: { OBJECT_STORE_BACKEND: 'bkrepo', BKREPO_USERNAME: `\${${user}}`, BKREPO_PASSWORD: '$${BKREPO_PASSWORD}' },
    },
    compose: {
      value: `services:
  agentverse:
    environment:
      OBJECT_STORE_BACKEND: bkrepo
      BKREPO_USERNAME: \${jsonencode(${user})}
      BKREPO_PASSWORD:
`,
    },
  });
});

test('an endpoint that only the environment of the provider has is taken from the URL of the repository', () => {
  const { output } = synthesized(
    storage({}, (made, stack) => void new TerraformOutput(stack, 'toml', { value: made.toml })),
    {},
  );
  expect(output?.['toml']?.['value']).toContain(
    'endpoint = ${jsonencode(trimsuffix(bkrepo_local_repository.storage_repository.url, "/generic/ai-platform/${bkrepo_local_repository.storage_repository.name}"))}\n',
  );
});

test('credentials and their revision follow the password, its version, or the token', () => {
  const credentials = (props: Partial<AgentVerseStorageProps>): unknown =>
    synthesized(
      storage(props, (made, stack) => {
        new TerraformOutput(stack, 'credentials', { value: made.credentials });
        new TerraformOutput(stack, 'revision', { value: made.credentialsRevision });
      }),
    )['output'];
  const expected = (password: string, revision: unknown): object => ({
    credentials: { value: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: password } },
    revision: { value: revision },
  });
  const password = '${var.agentverse_password}';
  expect(credentials({})).toEqual(expected(password, '${bkrepo_user.storage_user.password_wo_revision}'));
  expect(credentials({ userSettings: { passwordWoVersion: 7 } })).toEqual(expected(password, 7));
  const token = 'bkrepo_user_token.storage_token.token';
  expect(credentials({ token: { name: 'service', storeSecretInState: true } })).toEqual(
    expected(`\${${token}}`, `\${max(parseint(substr(sha256(${token}), 0, 7), 16), 1)}`),
  );
});

const wrong: readonly (readonly [string, Partial<Record<keyof AgentVerseStorageProps, unknown>>, string])[] = [
  [
    'MANAGE',
    { actions: ['WRITE', 'MANAGE'] },
    '[s/storage] actions contains MANAGE, with which the service could grant rights to others; allowed are WRITE, DOWNLOAD, DELETE and READ, VIEW, UPDATE',
  ],
  [
    'a token that is not kept',
    { token: { name: 'service' } },
    '[s/storage] token.storeSecretInState is not true; a token that is passed on must be stored in the state, so set it, or leave the token out and use the password',
  ],
  ['a misspelt property', { action: ['DOWNLOAD'] } as object, '[s/storage] there is no property "action"; did you mean "actions"?'],
  ['an endpoint without scheme', { endpoint: 'bkrepo' }, '[s/storage] endpoint: '],
];

test.each(wrong)('%s is refused', (_, props, message) => {
  expect(() => synthesized(storage(props as Partial<AgentVerseStorageProps>))).toThrow(message);
});

test('a password that is a literal is warned of and not repeated', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'repoform-agentverse-'));
  try {
    const app = new App({ outdir });
    stackOf((stack) => storage({ passwordWo: 'hunter2' })(stack, 'unused'), app);
    app.synth();
    const manifest = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
      stacks: { s: { annotations: { constructPath: string; message: string }[] } };
    };
    const { annotations } = manifest.stacks.s;
    expect(annotations.map(({ constructPath }) => constructPath)).toEqual(['s/storage/user']);
    expect(annotations[0]?.message).toContain('the secret "passwordWo" is a literal');
    expect(annotations[0]?.message).not.toContain('hunter2');
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
