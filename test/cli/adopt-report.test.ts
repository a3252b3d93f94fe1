import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptServer } from '../../src/cli/adopt/server';
import type { AdoptOptions } from '../../src/cli/adopt/command';
import { startRegistry, type Registry } from '../../src/registry/server';

const former = { ...process.env };
let folder: string;
let registry: Registry;
let endpoint: string;
const out = (): string => join(folder, 'out');
const admin = { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'password' };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-adopt-report-'));
  const both = { data: join(folder, 'data'), backends: ['artifactapi', 'bkrepo'] as const, bkrepo: { port: 0 } };
  registry = await startRegistry({ ...both, port: 0, strict: true, closeGraceMs: 0 });
  endpoint = registry.urls.bkrepo ?? '';
  const post = (path: string, body: object): Promise<Response> =>
    fetch(endpoint + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('admin:password')}` },
      body: JSON.stringify(body),
    });
  await post('/repository/api/project/create', { name: 'pay', displayName: 'pay', description: '' });
  const answer = await post('/repository/api/repo/create', {
    projectId: 'pay',
    name: 'npm',
    type: 'NPM',
    category: 'LOCAL',
    public: false,
  });
  expect(answer.status).toBe(200);
});
afterAll(async () => {
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

let said: string;

beforeEach(() => {
  said = '';
  process.env = { ...former, XDG_CACHE_HOME: join(folder, 'cache') };
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = former;
  rmSync(out(), { recursive: true, force: true });
});

const usual = { format: 'typescript', core: 'cdktf', stack: 'registry' } as const;
const adopt = (options: Partial<AdoptOptions> = {}, env: NodeJS.ProcessEnv = admin): Promise<number> => {
  Object.assign(process.env, env);
  return adoptServer('bkrepo', { ...usual, endpoint, out: out(), ...options });
};

test('a wrong password is why nothing could be read', async () => {
  const running = adopt({}, { ...admin, BKREPO_PASSWORD: 'not-this-one' });
  await expect(running).rejects.toThrow(/^cannot read http:\S+: Cannot list bkrepo_project: .* answered 401 .*the password.*do not match/);
});

test('missing credentials are named by their variables', async () => {
  await expect(adopt({}, {})).rejects.toThrow(/^cannot read http:\S+: The provider has no credentials, .*BKREPO_USERNAME, BKREPO_PASSWORD/);
});

test('a type that does not exist is refused before anything is read, with those that do', async () => {
  const running = adopt({ endpoint: 'http://127.0.0.1:9', type: ['bkrepo_*', 'bkrepo_local_repositry'] });
  await expect(running).rejects.toThrow(
    /^--type: unknown type "bkrepo_local_repositry"; expected one of bkrepo_project, bkrepo_local_repository, .*, or a glob such as bkrepo_\*$/,
  );
});

test('what lists leave out is said of adopted types in one line, apart from types that are never adopted', async () => {
  expect(await adopt({ format: 'hcl' })).toBe(0);
  const incomplete =
    /May be incomplete:\n {2}bkrepo_local_repository, bkrepo_remote_repository, [a-z_, ]+: the server's lists leave out repositories with/;
  expect(said).toMatch(incomplete);
  expect(said.slice(said.indexOf('Never adopted:'))).not.toMatch(/bkrepo_local_repository|bkrepo_user:/);
  expect(said).toMatch(/Never adopted:\n(?: {2}.*\n)*? {2}bkrepo_node_metadata: /);
  const readme = readFileSync(join(out(), 'README.md'), 'utf8');
  expect(readme).toMatch(/## May be incomplete\n\n- bkrepo_local_repository, bkrepo_remote_repository, /);
  expect(readme.slice(readme.indexOf('## Not adopted'), readme.indexOf('## May be'))).not.toContain('bkrepo_local_repository');
  // The README has the provider installed there.
  expect(readFileSync(join(out(), '.gitignore'), 'utf8').split('\n')).toContain('mirror');
});

/** An app in JavaScript whose only stack has this. */
function app(stack: object, main = ''): void {
  mkdirSync(out());
  const write = `fs.writeFileSync(folder + '/cdk.tf.json', ${JSON.stringify(JSON.stringify(stack))});`;
  const text = `const fs = require('fs'); const folder = process.env.CDKTF_OUTDIR + '/stacks/one'; fs.mkdirSync(folder, { recursive: true }); ${write}`;
  writeFileSync(join(out(), 'app.js'), text);
  writeFileSync(join(out(), 'main.ts'), main);
  writeFileSync(join(out(), 'cdktf.json'), JSON.stringify({ app: 'node app.js' }));
}

test('an app without the provider is told to configure it, and one that has it is not', async () => {
  app({ provider: { artifactapi: [{ endpoint: registry.url }] } });
  expect(await adopt()).toBe(0);
  expect(said.slice(said.indexOf('Add to main.ts:'))).toBe(`Add to main.ts:
  import { BkrepoProvider } from 'repoform/bkrepo';
  import { Added } from './added';
and to the constructor of the stack:
  new BkrepoProvider(this, 'bkrepo', { endpoint: process.env.BKREPO_ENDPOINT ?? '${endpoint}' });
  new Added(this, 'added');
`);
  rmSync(out(), { recursive: true });
  app({ provider: { bkrepo: [{ endpoint }] } });
  expect(await adopt()).toBe(0);
  expect(said.slice(said.lastIndexOf('Add to main.ts:'))).toBe(`Add to main.ts:
  import { Added } from './added';
and to the constructor of the stack:
  new Added(this, 'added');
`);
});

test('what an earlier run added has to be in use before more is added', async () => {
  app({});
  expect(await adopt()).toBe(0);
  await expect(adopt()).rejects.toThrow(
    /added\.ts, which an earlier run wrote, is not used by the app; add "import \{ Added \} from '\.\/added';" to main\.ts and "new Added\(this, 'added'\);" to the constructor of the stack, or delete the file/,
  );
  expect(readdirSync(out()).sort()).toEqual(['added.ts', 'app.js', 'cdktf.json', 'main.ts']);
  writeFileSync(join(out(), 'main.ts'), "new Added(this, 'added');");
  expect(await adopt()).toBe(0);
  expect(readdirSync(out())).toContain('added2.ts');
  await expect(adopt()).rejects.toThrow(/added2\.ts, .* add "import \{ Added2 \} from '\.\/added2';"/);
});

test('a folder of HCL is refused with what to do instead', async () => {
  expect(await adopt({ format: 'hcl' })).toBe(0);
  const before = readdirSync(out());
  for (const format of ['hcl', 'typescript'] as const)
    await expect(adopt({ format })).rejects.toThrow(
      /has Terraform configuration in HCL, to which nothing can be added; write to another folder/,
    );
  expect(readdirSync(out())).toEqual(before);
});
