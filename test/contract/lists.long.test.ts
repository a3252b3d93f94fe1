import { providers } from '../../src/resources';
import { listTests } from '../../src/testing/contract/lists';
import { contractTargets } from '../support/contract-targets';

const cases = providers.flatMap((provider) =>
  // What the real servers answer is what the strict ones do.
  contractTargets(provider)
    .filter(([name]) => name.includes('strict'))
    .map(([name, start]) => [`${provider.name} on ${name}`, provider, start] as const),
);

describe.each(cases)('%s', (_, provider, start) => listTests(provider, start));
