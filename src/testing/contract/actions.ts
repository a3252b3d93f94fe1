import { UNKNOWN, type Value, type ValueRecord } from '../../common/value';
import type { InvokeActionEvent } from '../../protocol/gen/messages';
import { pack } from '../../protocol/msgpack';
import type { ActionDefinition } from '../../schema/define/definition';
import type { ProviderDefinition } from '../../schema/define/provider';
import { complete, type Core } from '../core';
import { resolvedExample } from '../referred';
import type { Target } from '../target';

/** Tests that every action is validated and planned with values that are not known yet, and that its example is invoked. */
export function actionTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  const { name, actions: definitions = [] } = provider;
  let target: Target;
  let core: Core;
  beforeAll(async () => {
    target = await start();
    core = await target.core();
  });
  afterAll(() => target.stop());

  const each = definitions.map((definition) => [definition.type, definition] as const);
  const attributesOf = (type: string) => core.provider.schema().actions[type]?.block.attributes ?? [];
  const message = (config: ValueRecord): { msgpack: Buffer } => ({ msgpack: pack(config) });
  const exampleOf = async (definition: ActionDefinition): Promise<ValueRecord> =>
    complete(attributesOf(definition.type), await resolvedExample(target, { definition, example: definition.example }));

  it('has actions that are each named once and after the provider', async () => {
    const types = definitions.map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types.filter((type) => !type.startsWith(`${name}_`))).toEqual([]);
    expect((await core.client.call('GetMetadata', {})).actions).toEqual(types.map((typeName) => ({ typeName })));
    expect(Object.keys((await core.client.call('GetProviderSchema', {})).actionSchemas)).toEqual(types);
  });

  it.each(each)('%s takes each value of its example as one that is known only after apply', async (actionType, definition) => {
    const example = await exampleOf(definition);
    const unknowns = Object.keys(example).filter((key) => example[key] !== null);
    const configs = [
      Object.fromEntries(unknowns.map((key): [string, Value] => [key, UNKNOWN])),
      ...unknowns.map((key) => ({ [key]: UNKNOWN })),
    ];
    for (const unknown of configs) {
      const config = message({ ...example, ...unknown });
      expect((await core.client.call('ValidateActionConfig', { actionType, config })).diagnostics).toEqual([]);
      expect((await core.client.call('PlanAction', { actionType, config })).diagnostics).toEqual([]);
    }
  });

  it.each(each)('%s is accepted as in its example, planned and invoked', async (actionType, definition) => {
    const config = message(await exampleOf(definition));
    expect((await core.client.call('ValidateActionConfig', { actionType, config })).diagnostics).toEqual([]);
    expect((await core.client.call('PlanAction', { actionType, config })).diagnostics).toEqual([]);
    const events = await core.client.stream('InvokeAction', { actionType, config });
    const errors = errorsIn(events);
    expect(errors.length > 0).toBe(target.hints?.failing?.includes(actionType) ?? false);
    expect(errors.filter(({ summary }) => summary === 'Internal Error')).toEqual([]);
    expect(events.map(({ completed }) => completed !== undefined)).toEqual(events.map((_, index) => index === events.length - 1));
  });

  it.each(each)('%s that was cancelled does nothing', async (type, definition) => {
    const request = { type, config: await exampleOf(definition), progress: () => {}, signal: AbortSignal.abort() };
    const { diagnostics } = await core.provider.invokeAction(request);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Cancelled']);
  });
}

const errorsIn = (events: readonly InvokeActionEvent[]) =>
  events.flatMap(({ completed }) => completed?.diagnostics ?? []).filter(({ severity }) => severity === 1);
