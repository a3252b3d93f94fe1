import { providers } from '../../src/resources';
import { readOnlyTests } from '../../src/testing/contract/read-only';
import { registryTarget } from '../support/contract-targets';

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) =>
  readOnlyTests(provider, () => registryTarget(provider, true)),
);
