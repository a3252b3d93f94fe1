import { transformSync } from 'esbuild';
import { adopt } from '../../src/adopt/adopt';
import type { ProviderHandler } from '../../src/handler/provider-handler';
import { bkrepo } from '../../src/resources/bkrepo';
import type { Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';

let target: Target;
beforeAll(async () => {
  target = await registryTarget(bkrepo, false);
  const client = await target.client();
  const post = async (path: string, body: object): Promise<void> => void (await client.send({ method: 'POST', path, body }));
  const repository = { type: 'NPM', category: 'LOCAL', public: false };
  for (const name of ['payments', 'libs', 'my_override'])
    await post('/repository/api/project/create', { name, displayName: name, description: '' });
  for (const [projectId, name] of [
    ['payments', 'web'],
    ['payments', 'libs'],
    ['payments', 'secret'],
    ['libs', 'constructor'],
    ['libs', 'to-string'],
    ['my_override', 'one'],
  ] as const)
    await post('/repository/api/repo/create', { ...repository, projectId, name, description: '${file("/etc/hostname")} %{ if true }*/`' });
  const members = [
    { projectId: 'payments', name: 'libs', category: 'LOCAL' },
    { projectId: 'libs', name: 'constructor', category: 'LOCAL' },
    { projectId: 'libs', name: 'to-string', category: 'LOCAL' },
    { projectId: 'payments', name: 'secret', category: 'LOCAL' },
  ];
  await post('/repository/api/repo/create', {
    ...repository,
    projectId: 'payments',
    name: 'all',
    category: 'VIRTUAL',
    configuration: { type: 'virtual', repositoryList: members },
  });
  await post('/repository/api/repo/create', {
    ...repository,
    projectId: 'payments',
    name: 'up',
    category: 'REMOTE',
    configuration: { type: 'remote', url: 'https://npm.example.com', credentials: { username: 'ci', password: 'x' } },
  });
  await client.close();
});
afterAll(() => target.stop());

async function files(format: 'typescript' | 'hcl'): Promise<ReadonlyMap<string, string>> {
  const handler = (await target.core()).provider as ProviderHandler;
  const { files: written } = await adopt({
    provider: bkrepo,
    handler,
    format,
    selection: { types: [], include: [], exclude: [], readsThatWrite: false },
    core: { name: 'cdktf', module: 'repoform/bkrepo' },
    dependencies: {},
    installOption: '',
    stack: 'registry',
    endpoint: { variable: 'BKREPO_ENDPOINT', url: 'http://127.0.0.1:8080' },
    progress: () => undefined,
  });
  return written;
}

/** An opening of a template that Terraform would evaluate. */
const template = /(?<!\$)\$\{file|(?<!%)%\{ if/;

test('texts of the server are texts in TypeScript and for Terraform, and names that the language or other names have are avoided', async () => {
  const written = await files('typescript');
  for (const [name, text] of written)
    if (name.endsWith('.ts')) expect(() => transformSync(text, { loader: 'ts', format: 'cjs' })).not.toThrow();
  const all = [...written.values()].join('\n');
  expect(all).toContain('description: \'$${file("/etc/hostname")} %%{ if true }*/`\'');
  expect(all).not.toMatch(template);
  expect(written.get('imports.ts')).toContain("'payments/web': 'payments/web',");
  const payments = written.get('payments.ts') ?? '';
  expect(payments).toMatch(/members: \[\s+\{ project: payments\.projectId, name: libsLocalRepository\.name \}/);
  expect(payments).toContain('name: secretLocalRepository.name');
  expect(payments).toContain("passwordWo: secret(this, 'up_password')");
  expect(written.get('libs.ts')).toMatch(
    /readonly constructorLocalRepository: LocalRepository;\n\s+readonly toStringLocalRepository: LocalRepository;/,
  );
});

test('texts of the server are texts in HCL, and no file is one that Terraform merges over others', async () => {
  const written = await files('hcl');
  expect([...written.keys()].filter((name) => /(^|_)override\.tf$/.test(name))).toEqual([]);
  const all = [...written.values()].join('\n');
  expect(all).toContain('"$${file(\\"/etc/hostname\\")} %%{ if true }*/`"');
  expect(all).not.toMatch(template);
});
