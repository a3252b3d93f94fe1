import { providers } from '../../src/resources';
import { faultTests } from '../../src/testing/contract/faults';
import { registryTarget } from '../support/contract-targets';

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) =>
  faultTests(provider, () => registryTarget(provider, false)),
);
