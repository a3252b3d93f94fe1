import { UNKNOWN, type ValueRecord } from '../../src/common/value';
import { providers } from '../../src/resources';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import { complete } from '../../src/testing/core';
import { fieldsOfResource } from '../../src/testing/examples';
import { pack } from '../../src/protocol/msgpack';
import { providerCore } from '../../src/testing/target';

const type = 'artifactapi_remote_npm';
const remote: ValueRecord = { name: 'npm', base_url: 'https://npm.example.com', username: 'me' };

/** What validation says to a core that knows no write-only attributes, and to one that says nothing of itself. */
async function said(config: ValueRecord, clientCapabilities?: object): Promise<string[]> {
  const { core } = providerCore(artifactapi);
  const { diagnostics } = await core.client.call('ValidateResourceConfig', {
    typeName: type,
    config: { msgpack: pack(complete(core.attributes(type), config)) },
    ...(clientCapabilities && { clientCapabilities }),
  });
  return diagnostics.filter(({ severity }) => severity === 1).map(({ summary, detail }) => `${summary}: ${detail}`);
}

it.each([[{ writeOnlyAttributesAllowed: false }], [undefined]])(
  'a core that knows no write-only attributes (%j) is told so at once',
  async (capabilities) => {
    expect(await said({ ...remote, password_wo: 'hunter2' }, capabilities)).toEqual([
      'Terraform Too Old: "password_wo": write-only attributes require Terraform 1.11 or OpenTofu 1.11, and this version is older. Upgrade it, or set "password", which is stored in the state.',
    ]);
    for (const value of [null, UNKNOWN]) expect(await said({ ...remote, password_wo: value }, capabilities)).toEqual([]);
    expect(await said({ ...remote, password: 'hunter2' }, capabilities)).toEqual([]);
  },
);

it('a core that knows them is told nothing', async () =>
  expect(await said({ ...remote, password_wo: 'hunter2' }, { writeOnlyAttributesAllowed: true })).toEqual([]));

it('an identity needs what the key needs, and no part that may be left out', () => {
  for (const provider of providers) {
    const { identities } = providerCore(provider).core.provider.schema();
    for (const definition of provider.resources) {
      const required = fieldsOfResource(definition)
        .filter(({ required: needed }) => needed)
        .map(({ name }) => name);
      for (const { name, requiredForImport } of identities[definition.type]?.attributes ?? [])
        expect([definition.type, name, requiredForImport]).toEqual([definition.type, name, required.includes(name)]);
    }
  }
  const { attributes } = providerCore(bkrepo).core.provider.schema().identities['bkrepo_role'] ?? { attributes: [] };
  expect(attributes.filter(({ requiredForImport }) => !requiredForImport).map(({ name }) => name)).toEqual(['repository']);
});
