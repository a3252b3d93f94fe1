import { providers } from '../../src/resources';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { actionTests } from '../../src/testing/contract/actions';
import { forwardTo } from '../../src/testing/http-server';
import { startTarget, type Target } from '../../src/testing/target';
import { registryTarget } from '../support/contract-targets';
import { layEstate } from '../support/estate';
import { gate } from '../support/gate/definition';
import { startGate } from '../support/gate/server';

const subjects: readonly (readonly [name: string, provider: ProviderDefinition, start: () => Promise<Target>])[] = [
  ...providers.flatMap((provider) =>
    [false, true].map(
      (strict) => [`${provider.name} on the ${strict ? 'strict ' : ''}registry`, provider, () => withEstate(provider, strict)] as const,
    ),
  ),
  ['gate', gate, gateTarget] as const,
];

async function withEstate(provider: ProviderDefinition, strict: boolean): Promise<Target> {
  const target = await registryTarget(provider, strict);
  const stop = await layEstate(target);
  return { ...target, stop: () => target.stop().then(stop) };
}

async function gateTarget(): Promise<Target> {
  const server = await startGate();
  return startTarget(gate, { answer: forwardTo(server.endpoint), stop: () => server.stop() });
}

describe.each(subjects)('%s', (_, provider, start) => actionTests(provider, start));
