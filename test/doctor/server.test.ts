import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examineAll } from '../../src/cli/doctor/report';
import { startServer, type TestServer } from '../../src/testing/http-server';
import { TestBkRepo } from '../support/bkrepo';
import { startKubeSphere } from '../../src/registry/kubesphere';

let folder: string;
let said: string;
const before = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'repoform-doctor-'));
  said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))));
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...before };
  rmSync(folder, { recursive: true });
});

interface Printed {
  readonly version: number;
  readonly findings: readonly { readonly check: string; readonly status: string; readonly message: string }[];
}

/** The findings about a server, and the exit code. */
async function examined(
  backend: string,
  endpoint: string,
  { timeout = 20, ...env }: { timeout?: number } & Record<string, string | number> = {},
) {
  Object.assign(process.env, env);
  const code = await examineAll([backend], { dir: folder, endpoint, timeout, json: true });
  const { version, findings } = JSON.parse(said) as Printed;
  expect(version).toBe(1);
  const own = findings.filter(({ check }) => check.startsWith(`${backend}/`));
  return { code, findings: own.map(({ check, status, message }) => [check.slice(backend.length + 1), status, message] as const) };
}

describe('BK-Repo', () => {
  let bkrepo: TestBkRepo;
  beforeAll(async () => {
    bkrepo = await TestBkRepo.start();
    const user = { userId: 'reader', name: 'reader', pwd: 'reader-password-1', admin: false, asstUsers: [], group: false };
    await bkrepo.call('POST', '/auth/api/user/create', { body: user });
    await bkrepo.call('POST', '/repository/api/project/create', { body: { name: 'shop', displayName: 'shop', description: '' } });
  });
  afterAll(() => bkrepo.stop());

  test('an administrator can list everything', async () => {
    const { code, findings } = await examined('bkrepo', bkrepo.url, { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'password' });
    expect(findings.map(([check, status]) => [check, status])).toEqual([
      ['connection', 'ok'],
      ['clock', 'ok'],
      ['version', 'skipped'],
      ['permissions', 'ok'],
      ['rights', 'ok'],
      ['rights', 'ok'],
    ]);
    expect(findings[3]?.[2]).toContain('bkrepo_user');
    expect(code).toBe(0);
  });

  test('what a user may not list, and does not use, is a warning', async () => {
    const { code, findings } = await examined('bkrepo', bkrepo.url, { BKREPO_USERNAME: 'reader', BKREPO_PASSWORD: 'reader-password-1' });
    const refused = findings.filter(([check, status]) => check === 'permissions' && status === 'warning');
    expect(code).toBe(0);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.[2]).toMatch(/^[a-z_, ]*bkrepo_user[a-z_, ]*: /);
  });

  test('a wrong password is an error, and not shown', async () => {
    const { code, findings } = await examined('bkrepo', bkrepo.url, { BKREPO_USERNAME: 'admin', BKREPO_PASSWORD: 'hush-hush-wrong' });
    expect(code).toBe(1);
    expect(findings.filter(([, status]) => status === 'error').map(([check]) => check)).toEqual(['login']);
    expect(findings.at(-1)?.[2]).toContain('Not Authenticated');
    expect(said).not.toContain('hush-hush-wrong');
  });
});

test('a refused login is told once', async () => {
  const kubesphere = await startKubeSphere({ port: 0, closeGraceMs: 0, data: join(folder, 'data') });
  try {
    const { code, findings } = await examined('kubesphere', kubesphere.url, {
      KUBESPHERE_USERNAME: 'admin',
      KUBESPHERE_PASSWORD: 'wrong-password',
    });
    expect(code).toBe(1);
    expect(findings.filter(([, status]) => status === 'error').map(([check]) => check)).toEqual(['login']);
    expect(findings.at(-1)?.[2]).toContain('the login was refused');
  } finally {
    await kubesphere.close();
  }
});

test('a server that answers nothing but its base URL ends in time', async () => {
  const server: TestServer = await startServer(({ path }) => (path === '/' ? { status: 200 } : new Promise(() => undefined)));
  try {
    const start = Date.now();
    const { code, findings } = await examined('artifactapi', server.endpoint, { timeout: 3 });
    expect(Date.now() - start).toBeLessThan(15_000);
    expect(code).toBe(1);
    expect(findings.at(-1)?.[1]).toBe('error');
  } finally {
    await server.stop();
  }
});

test('servers are found in HCL, where they are not expressions', async () => {
  const blocks = [
    'provider "bkrepo" {\n  endpoint = "http://127.0.0.1:9" # here\n}',
    'provider "artifactapi" {\n  endpoint = var.endpoint\n}',
  ];
  writeFileSync(join(folder, 'main.tf'), blocks.join('\n'));
  expect(await examineAll([], { dir: folder, timeout: 5 })).toBe(1);
  expect(said).toContain('error   bkrepo/connection: http://127.0.0.1:9 cannot be reached');
  expect(said).not.toContain('artifactapi/');
});

test('several backends are examined together', async () => {
  Object.assign(process.env, {
    ARTIFACTAPI_ENDPOINT: 'http://127.0.0.1:9',
    BKREPO_ENDPOINT: 'http://127.0.0.1:9',
    KUBESPHERE_ENDPOINT: 'http://127.0.0.1:9',
  });
  expect(await examineAll(['bkrepo', 'artifactapi'], { dir: folder, timeout: 5 })).toBe(1);
  expect(said.match(/^error {3}\S+/gm)).toEqual(['error   bkrepo/connection:', 'error   artifactapi/connection:']);
  const both = examineAll(['bkrepo', 'artifactapi'], { dir: folder, endpoint: 'http://127.0.0.1:9', timeout: 5 });
  await expect(both).rejects.toThrow('--endpoint requires exactly one backend');
});

test('without any server, the variables that would name one are told', async () => {
  await examineAll([], { dir: folder, timeout: 5 });
  expect(said).toContain('skipped server: no endpoint is known of ArtifactAPI, BK-Repo, KubeSphere\n');
  expect(said).toContain('or set ARTIFACTAPI_ENDPOINT, BKREPO_ENDPOINT, KUBESPHERE_ENDPOINT.');
  await expect(examineAll(['bkrepo'], { dir: folder, timeout: 5 })).resolves.toBe(1);
});

test('servers are found in the environment; bad addresses and folders are errors', async () => {
  Object.assign(process.env, { ARTIFACTAPI_ENDPOINT: 'example' });
  expect(await examineAll([], { dir: folder, timeout: 5 })).toBe(1);
  expect(said).toContain('artifactapi/endpoint: "example" is not a URL; write one with scheme and host');
  expect(said).not.toContain('bkrepo');
  await expect(examineAll([], { dir: join(folder, 'none'), timeout: 5 })).rejects.toThrow('does not exist; choose another with --dir');
  await expect(examineAll(['nexus'], { dir: folder, timeout: 5 })).rejects.toThrow('unknown backend "nexus"');
});
