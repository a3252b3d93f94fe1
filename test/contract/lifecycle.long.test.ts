import { providers } from '../../src/resources';
import { lifecycleTests } from '../../src/testing/contract/lifecycle';
import { contractTargets } from '../support/contract-targets';

const cases = providers.flatMap((provider) =>
  contractTargets(provider).map(([name, start]) => [`${provider.name} on ${name}`, provider, start] as const),
);

describe.each(cases)('%s', (_, provider, start) => lifecycleTests(provider, start));
