import type { ProviderDefinition } from '../../src/schema/provider';
import { memoryBackend, startTarget, type Target } from './target';

/** The servers that the contract suite runs against. */
export function contractTargets(provider: ProviderDefinition): (readonly [name: string, start: () => Promise<Target>])[] {
  return [['a server in memory', () => startTarget(provider, memoryBackend(provider))]];
}
