import { isKnown, isRecord, type Value } from '../../common/value';
import { pack, unpack } from '../../protocol/msgpack';
import type { EphemeralDefinition } from '../../schema/define/definition';
import type { ProviderDefinition } from '../../schema/define/provider';
import { typeConstraint } from '../../schema/derive/to-terraform';
import { complete, type Core } from '../core';
import { planProblems } from '../core-rules';
import { fieldsOfResource } from '../examples';
import { resolvedExample } from '../referred';
import type { Target } from '../target';

/** Tests that every ephemeral resource opens, renews and closes. */
export function ephemeralTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  const { name, ephemerals: definitions = [] } = provider;
  let target: Target;
  let core: Core;
  beforeAll(async () => {
    target = await start();
    core = await target.core();
  });
  afterAll(() => target.stop());

  it('has ephemeral resources that are each named once and after the provider', () => {
    const types = definitions.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((type) => !type.startsWith(`${name}_`))).toEqual([]);
    expect(Object.keys(core.provider.schema().ephemeralResources)).toEqual(types);
  });

  it.each(definitions.map((definition) => [definition.type, definition] as const))(
    '%s is accepted as in its example, opened, renewed where it can be, and closed',
    async (typeName, definition) => {
      const attributes = core.provider.schema().ephemeralResources[typeName]?.block.attributes ?? [];
      const config = complete(attributes, await resolvedExample(target, { definition, example: definition.example }));
      const message = { msgpack: pack(config) };
      expect((await core.client.call('ValidateEphemeralResourceConfig', { typeName, config: message })).diagnostics).toEqual([]);
      const opened = await core.client.call('OpenEphemeralResource', { typeName, config: message });
      expect(opened.diagnostics).toEqual([]);
      const result = unpack(opened.result?.msgpack ?? Buffer.of(0xc0));
      expect(isKnown(result)).toBe(true);
      expect(planProblems(attributes, { prior: null, config, planned: result })).toEqual([]);
      expect(missing(definition, result)).toEqual([]);
      const kept = { typeName, private: opened.private ?? new Uint8Array() };
      const renewed = await core.client.call('RenewEphemeralResource', kept);
      expect(renewed.diagnostics).toEqual([]);
      expect((await core.client.call('CloseEphemeralResource', { ...kept, private: renewed.private ?? kept.private })).diagnostics).toEqual(
        [],
      );
    },
  );
}

/** Computed texts that the server did not tell. */
function missing(definition: EphemeralDefinition, result: Value): string[] {
  const values = isRecord(result) ? result : {};
  return fieldsOfResource(definition)
    .filter(({ computed, optional, shape, name }) => computed && !optional && typeConstraint(shape) === 'string' && !values[name])
    .map(({ name }) => name);
}
