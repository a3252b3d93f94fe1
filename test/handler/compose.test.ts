import type * as Compose from '../../src/compose';

let composeProvider: typeof Compose.composeProvider;
/** Evaluated when it is loaded, as the definitions of a provider are. */
const loaded: string[] = [];
beforeAll(async () => {
  jest.doMock('../../src/resources/bkrepo', () => {
    loaded.push('bkrepo');
    return { bkrepo: { name: 'bkrepo' } };
  });
  ({ composeProvider } = await import('../../src/compose'));
});

const log = (): void => {};

it('makes the definitions of the provider that is asked for, and no others', () => {
  expect(Object.keys(composeProvider('artifactapi', log, {}).schema().resources)).toContain('artifactapi_virtual');
  expect(loaded).toEqual([]);
});

it.each(['nothing', 'constructor'])('says which providers there are when it is asked for "%s"', (name) => {
  expect(() => composeProvider(name, log, {})).toThrow(`there is no provider "${name}"; there are: artifactapi, bkrepo, kubesphere`);
  expect(loaded).toEqual([]);
});
