import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BackendName, type Registry, startRegistry } from '../../src/registry/server';
import type { ValueRecord } from '../../src/common/value';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { hints, storageKeys } from './hints';
import { serverBackend, startTarget, type Target } from '../../src/testing/target';

/** The servers that the contract suite runs against: the embedded registry in both its manners. */
export function contractTargets(provider: ProviderDefinition): (readonly [name: string, start: () => Promise<Target>])[] {
  return [
    ['the registry', () => registryTarget(provider, false)],
    ['the strict registry', () => registryTarget(provider, true)],
  ];
}

/** What to log in with, to be allowed everything. */
function administrator({ platformKeys }: Registry): ValueRecord {
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

/** Starts an embedded registry with data of its own and puts a provider before it. */
export async function registryTarget(provider: ProviderDefinition, strict: boolean): Promise<Target> {
  const data = mkdtempSync(join(tmpdir(), 'repoform-contract-'));
  const name = provider.name as BackendName;
  const registry = await startRegistry({ data, backends: [name], port: 0, bkrepo: { port: 0 }, strict, closeGraceMs: 0 });
  const stop = async (): Promise<void> => {
    await registry.close();
    rmSync(data, { recursive: true, force: true });
  };
  const target = await startTarget(provider, { ...serverBackend(registry.url, stop), hints }, administrator(registry));
  if (name === 'bkrepo') await layStorage(target);
  return target;
}
