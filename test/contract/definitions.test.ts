import { providers } from '../../src/resources';
import { fileTypes } from '../../src/handler/contents';
import { loaders } from '../../src/resources/load';
import { providerNames, providersWithFiles } from '../../src/resources/names';
import { definitionTests } from '../../src/testing/contract/definitions';

it('loads every provider under its own name', () => {
  expect(Object.keys(loaders)).toEqual(providers.map(({ name }) => name));
  expect(providerNames).toEqual(Object.keys(loaders));
});

it('knows which of them have files', () => {
  expect(providersWithFiles).toEqual(providers.filter((provider) => fileTypes(provider).length > 0).map(({ name }) => name));
});

describe.each(providers.map((provider) => [provider.name, provider] as const))('provider %s', (_, provider) => definitionTests(provider));
