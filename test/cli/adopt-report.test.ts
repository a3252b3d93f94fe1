import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adoptServer } from '../../src/cli/adopt-server';
import type { AdoptOptions } from '../../src/cli/adopt';
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
let complained: string;
beforeEach(() => {
  [said, complained] = ['', ''];
  process.env = { ...former, XDG_CACHE_HOME: join(folder, 'cache') };
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((complained += String(text))));
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
  await expect(running).rejects.toThrow(/^cannot read http:\S+: Cannot list bkrepo_project: .* answered 401 .*the password.*are wrong/);
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
    /May be incomplete:\n {2}bkrepo_local_repository, bkrepo_remote_repository, [a-z_, ]+: its lists leave out repositories with/;
  expect(said).toMatch(incomplete);
  expect(said.slice(said.indexOf('Never adopted:'))).not.toMatch(/bkrepo_local_repository|bkrepo_user:/);
  expect(said).toMatch(/Never adopted:\n(?: {2}.*\n)*? {2}bkrepo_node_metadata: /);
  const readme = readFileSync(join(out(), 'README.md'), 'utf8');
  expect(readme).toMatch(/## May be incomplete\n\n- bkrepo_local_repository, bkrepo_remote_repository, /);
  expect(readme.slice(readme.indexOf('## Not adopted'), readme.indexOf('## May be'))).not.toContain('bkrepo_local_repository');
  // The README has the provider installed there.
  expect(readFileSync(join(out(), '.gitignore'), 'utf8').split('\n')).toContain('mirror');
});
