import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PASSWORD, type KubeSphereUser, type KubeSphereVersion } from '../../src/registry/kubesphere';
import { type BackendName, type Registry, startRegistry } from '../../src/registry/server';
import type { ValueRecord } from '../../src/common/value';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import type { Answer, TestServer } from '../../src/testing/http-server';
import { startCharts } from './charts';
import { hints, hintsOf34, storageKeys } from './hints';
import { serverBackend, startTarget, type Target } from '../../src/testing/target';

/** The servers that the contract suite runs against: the embedded registry in both its manners. */
export function contractTargets(provider: ProviderDefinition): (readonly [name: string, start: () => Promise<Target>])[] {
  const older: readonly KubeSphereVersion[] = provider.name === 'kubesphere' ? ['3.4'] : [];
  return [
    ['the registry', () => registryTarget(provider, false)],
    ['the strict registry', () => registryTarget(provider, true)],
    ...older.map((version) => [`the strict registry as ${version}`, () => registryTarget(provider, true, { version })] as const),
  ];
}

/** What to log in with, to be allowed everything. */
function administrator(name: BackendName, { platformKeys }: Registry): ValueRecord {
  if (name === 'kubesphere') return { username: 'admin', password: DEFAULT_PASSWORD, validation_timeout: 3 };
  if (!platformKeys) return {};
  return { access_key: platformKeys.accessKey, secret_key: platformKeys.secretKey ?? '', uid: 'admin' };
}

async function layStorage(target: Target): Promise<void> {
  const client = await target.client();
  for (const key of storageKeys)
    await client.send({
      method: 'POST',
      path: '/repository/api/storage/credentials',
      body: { key, region: 'any', credentials: { type: 'filesystem' } },
    });
  await client.close();
}

/** The host of the examples' chart repositories. */
const chartHost = /https:\/\/([^\s"/@]*@)?charts\.example\.com/g;

/** A server for which the examples' chart repositories are those of a chart server. */
function namingCharts(answer: Answer, { endpoint, port }: TestServer): Answer {
  const here = new RegExp(`http://([^\\s"/@]*@)?127\\.0\\.0\\.1:${port}`, 'g');
  return async (got) => {
    const text = got.text.replace(chartHost, (_, user = '') => endpoint.replace('//', `//${user}`));
    const { 'content-length': _length, ...headers } = got.headers;
    const reply = await answer({ ...got, headers, text, bytes: Buffer.from(text) });
    return reply && { ...reply, text: String(reply.text ?? '').replace(here, (_, user = '') => `https://${user}charts.example.com`) };
  };
}

/** How an embedded KubeSphere differs from the newest one with a single user. */
interface OfKubeSphere {
  readonly version?: KubeSphereVersion;
  readonly users?: readonly KubeSphereUser[];
}

/** Starts an embedded registry with data of its own and puts a provider before it. */
export async function registryTarget(
  provider: ProviderDefinition,
  strict: boolean,
  { version = '4.1', users = [] }: OfKubeSphere = {},
): Promise<Target> {
  const data = mkdtempSync(join(tmpdir(), 'repoform-contract-'));
  const name = provider.name as BackendName;
  const own = { bkrepo: { port: 0 }, kubesphere: { port: 0, version, users, secondMs: 10 } };
  const registry = await startRegistry({ data, backends: [name], port: 0, ...own, strict, closeGraceMs: 0 });
  const charts = name === 'kubesphere' ? await startCharts() : undefined;
  const stop = async (): Promise<void> => {
    await registry.close();
    await charts?.stop();
    rmSync(data, { recursive: true, force: true });
  };
  const backend = serverBackend(registry.url, stop);
  const answer = charts ? namingCharts(backend.answer, charts) : backend.answer;
  const target = await startTarget(
    provider,
    { ...backend, answer, hints: version === '3.4' ? hintsOf34 : hints },
    administrator(name, registry),
  );
  if (name === 'bkrepo') await layStorage(target);
  return target;
}
