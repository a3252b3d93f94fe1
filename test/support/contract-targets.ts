import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from '../../src/registry/server';
import type { ProviderDefinition } from '../../src/schema/provider';
import { serverBackend, startTarget, type Target } from './target';

/** The servers that the contract suite runs against: the embedded registry in both its manners. */
export function contractTargets(provider: ProviderDefinition): (readonly [name: string, start: () => Promise<Target>])[] {
  return [
    ['the registry', () => registryTarget(provider, false)],
    ['the strict registry', () => registryTarget(provider, true)],
  ];
}

/** Starts an embedded registry with data of its own and puts a provider before it. */
export async function registryTarget(provider: ProviderDefinition, strict: boolean): Promise<Target> {
  const data = mkdtempSync(join(tmpdir(), 'repoform-contract-'));
  const registry = await startRegistry({ data, port: 0, strict, closeGraceMs: 0 });
  const stop = async (): Promise<void> => {
    await registry.close();
    rmSync(data, { recursive: true, force: true });
  };
  return startTarget(provider, serverBackend(registry.url, stop));
}
