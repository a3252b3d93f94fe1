import { providers } from '../../src/resources';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { ephemeralTests } from '../../src/testing/contract/ephemerals';
import { forwardTo } from '../../src/testing/http-server';
import { startTarget, type Target } from '../../src/testing/target';
import { estateTarget } from '../support/estate';
import { gate } from '../support/gate/definition';
import { startGate } from '../support/gate/server';

/** A made-up provider too, so that the suite is never empty. */
const subjects: readonly (readonly [name: string, provider: ProviderDefinition, start: () => Promise<Target>])[] = [
  ...providers.map((provider) => [provider.name, provider, () => estateTarget(provider)] as const),
  ['gate', gate, gateTarget] as const,
].filter(([, provider]) => (provider.ephemerals ?? []).length > 0);

async function gateTarget(): Promise<Target> {
  const server = await startGate();
  return startTarget(gate, { answer: forwardTo(server.endpoint), stop: () => server.stop() });
}

describe.each(subjects)('%s', (_, provider, start) => ephemeralTests(provider, start));
