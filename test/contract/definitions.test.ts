import { providers } from '../../src/resources';
import { loaders } from '../../src/resources/load';
import { definitionTests } from '../../src/testing/contract/definitions';

it('loads every provider under its own name', () => {
  expect(Object.keys(loaders)).toEqual(providers.map(({ name }) => name));
});

describe.each(providers.map((provider) => [provider.name, provider] as const))('provider %s', (_, provider) => definitionTests(provider));
