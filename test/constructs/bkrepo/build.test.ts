import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Installed } from '../installed';
import { snippetProblems } from '../type-check';

let installed: Installed;
beforeAll(() => {
  installed = new Installed('bkrepo');
});
afterAll(() => installed.remove());
afterEach(() => installed.removeBindings());

/** What a script prints. */
const run = (core: string, text: string): string =>
  installed.run(
    core,
    `const { AgentVerseCredentials, AgentVerseStorage, BkrepoProvider, secretVariable } = require('${installed.entry(core)}');
new BkrepoProvider(stack, 'p', { endpoint: 'https://bkrepo.example.com', installLocally: false });
const passwordWo = secretVariable(stack, 'agentverse_password').stringValue;
const tried = (make) => { try { make(); } catch (thrown) { console.log(thrown.message); } };
${text}`,
  );

const storage = "const storage = new AgentVerseStorage(stack, 'storage', { project: 'ai', passwordWo });\n";
const credentials = "new AgentVerseCredentials(stack, 'credentials', { storage })";

test.each(['cdktf', 'cdktn'])(
  'on %s the TOML library is loaded with the first text, and the bindings for Kubernetes are not needed',
  (core) => {
    const text = `${storage}console.log(loaded('smol-toml'), loaded('provider-kubernetes'));
console.log(storage.toml.split('\\n')[1], loaded('lib/smol-toml.js'));`;
    expect(run(core, text)).toBe('false false\nbackend = "bkrepo" true\n');
  },
);

test('the storage synthesizes to the same on both cores', () => {
  const text = `${storage}const json = JSON.parse(Testing.synth(stack));
console.log(JSON.stringify([json.resource, storage.credentialsRevision > 0], (key, value) => (key === '//' ? undefined : value)));`;
  const [cdktf, cdktn] = ['cdktf', 'cdktn'].map((core) => run(core, text));
  expect(cdktn).toBe(cdktf);
  expect(cdktf).toContain('"bkrepo_repository_access_mode"');
});

test.each([
  ['cdktf', '@cdktf/provider-kubernetes', '@12'],
  ['cdktn', '@cdktn/provider-kubernetes', '@latest'],
])('on %s without its bindings for Kubernetes the message says what to install', (core, name, version) => {
  expect(run(core, `${storage}tried(() => ${credentials});`)).toBe(
    `s/credentials: ${name} is not installed; run "npm install ${name}${version}"\n`,
  );
});

test('the Secret synthesizes to the same on both cores, each with its own bindings', () => {
  const made = ['cdktf', 'cdktn'].map((core) => {
    installed.addBindings(core, 'secret-v1');
    return run(
      core,
      `${storage}${credentials};
console.log(JSON.stringify(JSON.parse(Testing.synth(stack)).resource.kubernetes_secret_v1, (key, value) => (key === '//' ? undefined : value)));`,
    );
  });
  expect(made[1]).toBe(made[0]);
  expect(Object.values(JSON.parse(made[0] ?? '') as Record<string, unknown>)).toEqual([
    {
      metadata: { name: 'bkrepo-credentials' },
      data_wo: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: '${var.agentverse_password}' },
      data_wo_revision: expect.stringMatching(/password_wo_revision\}$/) as unknown,
    },
  ]);
});

/** Bindings as they were before Secrets had write-only data. */
const older = `const { TerraformResource } = require('cdktf');
exports.SecretV1 = class SecretV1 extends TerraformResource {
  constructor(scope, id, config) { super(scope, id, { ...config, terraformResourceType: 'kubernetes_secret_v1' }); this.config = config; }
  get data() { return this.config.data; }
  synthesizeAttributes() { return { data: this.data, metadata: this.config.metadata }; }
};
`;

test('bindings that would put the password into the state are refused, unless that is allowed', () => {
  const place = join(installed.folder, 'node_modules/@cdktf/provider-kubernetes/lib/secret-v1');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'index.js'), older);
  const allowed = credentials.replace('{ storage }', '{ storage, allowSecretInState: true }').replace("'credentials'", "'allowed'");
  const [refusal, made] = run(
    'cdktf',
    `${storage}tried(() => ${credentials}); ${allowed};
console.log(JSON.stringify(Object.values(JSON.parse(Testing.synth(stack)).resource.kubernetes_secret_v1)));`,
  ).split('\n');
  expect(refusal).toBe(
    's/credentials: the installed @cdktf/provider-kubernetes has no write-only data for Secrets, so the password would be stored in the state; run "npm install @cdktf/provider-kubernetes@12", or set allowSecretInState: true and use a password that is not ephemeral',
  );
  expect(JSON.parse(made ?? '')).toEqual([
    {
      metadata: { name: 'bkrepo-credentials' },
      data: { BKREPO_USERNAME: 'agentverse-service', BKREPO_PASSWORD: '${var.agentverse_password}' },
    },
  ]);
});

const head = `import { App, TerraformStack } from 'cdktf';
import { AgentVerseCredentials, AgentVerseStorage } from 'repoform/bkrepo';
const stack = new TerraformStack(new App(), 's');
declare const password: string;
`;
const snippets: readonly (readonly [string, string, readonly unknown[]])[] = [
  [
    'a right one, without the bindings for Kubernetes',
    "new AgentVerseCredentials(stack, 'c', { storage: new AgentVerseStorage(stack, 's', { project: 'ai', passwordWo: password }) });",
    [],
  ],
  [
    'a missing password',
    "new AgentVerseStorage(stack, 's', { project: 'ai' });",
    [expect.stringContaining("Property 'passwordWo' is missing in type")],
  ],
  [
    'a token that is not to be kept',
    "new AgentVerseStorage(stack, 's', { project: 'ai', passwordWo: password, token: { name: 'a', storeSecretInState: false } });",
    ["Type 'false' is not assignable to type 'true'."],
  ],
  [
    'an action with which rights could be given away',
    "new AgentVerseStorage(stack, 's', { project: 'ai', passwordWo: password, actions: ['MANAGE'] });",
    ["Type '\"MANAGE\"' is not assignable to type 'AgentVerseAction'."],
  ],
  [
    'a public repository, in which no access mode counts',
    "new AgentVerseStorage(stack, 's', { project: 'ai', passwordWo: password, repositorySettings: { public: true } });",
    [expect.stringContaining("'public' does not exist in type")],
  ],
];

test.each(snippets)('the compiler on %s', (_, text, problems) => {
  expect(snippetProblems(join(installed.folder, 'snippet.ts'), head + text)).toEqual(problems);
});
