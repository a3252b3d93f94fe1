import { providers } from '../../src/resources';
import { generatedTests } from '../../src/testing/contract/generated';
import { registryTarget } from '../support/contract-targets';

const total = process.env['LONG'] ? 10_000 : 200;
// A provider of few types need not have more of each.
const mostOfType = total / 5;

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) =>
  generatedTests(provider, {
    start: () => registryTarget(provider, false),
    total: Math.min(total, mostOfType * provider.resources.length),
  }),
);
