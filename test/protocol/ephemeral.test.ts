import { UNKNOWN } from '../../src/common/value';
import * as wire from '../../src/protocol/gen/messages';
import { unpack } from '../../src/protocol/msgpack';
import { inProcess } from '../../src/testing/in-process';
import { createMemoryProvider } from './fixture/memory-provider';

const client = inProcess(createMemoryProvider());
const typeName = 'shelf_ticket';
const value = (message: wire.DynamicValue | undefined) => message && unpack(message.msgpack);

test('ephemeral resources are in the schema and in the metadata', async () => {
  const { ephemeralResourceSchemas } = await client.call('GetProviderSchema', {});
  expect(Object.keys(ephemeralResourceSchemas)).toEqual([typeName]);
  expect(ephemeralResourceSchemas[typeName]?.block).toMatchObject({
    description: 'A ticket.',
    attributes: [{ name: 'code', computed: true, sensitive: true }],
  });
  expect((await client.call('GetMetadata', {})).ephemeralResources).toEqual([{ typeName }]);
});

test('opening gives the values, what is kept and when to renew', async () => {
  const { result, ...opened } = await client.call('OpenEphemeralResource', { typeName });
  expect(value(result)).toEqual({ code: 'c-1' });
  expect(opened).toEqual({
    diagnostics: [],
    private: Buffer.from('first'),
    renewAt: { seconds: 1_700_000_000, nanos: 250_000_000 },
    deferred: undefined,
  });
});

test('an opening that comes too early says so where core takes it', async () => {
  const { result, deferred } = await client.call('OpenEphemeralResource', { typeName, clientCapabilities: { deferralAllowed: true } });
  expect(value(result)).toEqual({ code: UNKNOWN });
  expect(deferred).toEqual({ reason: wire.DeferredReason.PROVIDER_CONFIG_UNKNOWN });
});

test('a core that sends its capabilities with the opening takes no unknown values', async () => {
  const { result } = await client.call('OpenEphemeralResource', { typeName, clientCapabilities: { writeOnlyAttributesAllowed: true } });
  expect(value(result)).toBeNull();
});

test('a renewal may replace what is kept, or leaves it, and may be the last one', async () => {
  const first = await client.call('RenewEphemeralResource', { typeName, private: Buffer.from('first') });
  expect(first).toEqual({ diagnostics: [], private: Buffer.from('second'), renewAt: { seconds: -1, nanos: 750_000_000 } });
  const second = await client.call('RenewEphemeralResource', { typeName, private: Buffer.from('second') });
  expect(second).toEqual({ diagnostics: [], private: Buffer.from('second'), renewAt: undefined });
});

test('closing is told what was kept, and may warn', async () => {
  const closed = await client.call('CloseEphemeralResource', { typeName, private: Buffer.from('second') });
  expect(closed.diagnostics).toEqual([expect.objectContaining({ severity: 2, summary: 'Left', detail: 'It was second.' })]);
  expect(await client.call('CloseEphemeralResource', { typeName })).toEqual({ diagnostics: [] });
});
