import type { EphemeralDefinition } from '../../src/schema/define/definition';
import { isKnown, isRecord, type Value } from '../../src/common/value';
import { providers } from '../../src/resources';
import { pack, unpack } from '../../src/protocol/msgpack';
import type { ProviderDefinition } from '../../src/schema/define/provider';
import { typeConstraint } from '../../src/schema/derive/to-terraform';
import { registryTarget } from '../support/contract-targets';
import { complete, type Core } from '../support/core';
import { planProblems } from '../support/core-rules';
import { hasEstate, layEstate } from '../support/estate';
import { fieldsOfResource } from '../support/examples';
import { resolvedExample } from '../support/referred';
import { gate } from '../support/gate/definition';
import { startGate } from '../support/gate/server';
import { startTarget, type Target } from '../support/target';
import { forwardTo } from '../support/http-server';

/** A made-up provider too, so that the suite is never empty. */
const subjects: readonly (readonly [name: string, provider: ProviderDefinition, start: () => Promise<Target>])[] = [
  ...providers.map((provider) => [provider.name, provider, () => registryTarget(provider, false)] as const),
  ['gate', gate, gateTarget] as const,
].filter(([, provider]) => (provider.ephemerals ?? []).length > 0);

async function gateTarget(): Promise<Target> {
  const server = await startGate();
  return startTarget(gate, { answer: forwardTo(server.endpoint), stop: () => server.stop() });
}

describe.each(subjects)('the ephemeral resources of %s', (name, provider, start) => {
  const definitions = provider.ephemerals ?? [];
  let target: Target;
  let core: Core;
  let stopEstate: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    target = await start();
    if (hasEstate(name)) stopEstate = await layEstate(target);
    core = await target.core();
  });
  afterAll(async () => {
    await stopEstate?.();
    await target.stop();
  });

  it('are each named once and after the provider', () => {
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
});

/** Computed texts that the server did not tell. */
function missing(definition: EphemeralDefinition, result: Value): string[] {
  const values = isRecord(result) ? result : {};
  return fieldsOfResource(definition)
    .filter(({ computed, optional, shape, name }) => computed && !optional && typeConstraint(shape) === 'string' && !values[name])
    .map(({ name }) => name);
}
