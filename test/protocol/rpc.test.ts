import { UNKNOWN } from '../../src/common/value';
import type { Provider } from '../../src/handler/provider';
import type { ServerStream } from '../../src/protocol/grpc/call';
import { createLazyDispatch } from '../../src/protocol/lazy';
import { createDispatch } from '../../src/protocol/dispatch';
import * as wire from '../../src/protocol/gen/messages';
import { createLogger } from '../../src/protocol/log';
import { pack, unpack } from '../../src/protocol/msgpack';
import { encodeProviderSchema } from '../../src/protocol/rpc/schemas';
import { decode, encode } from '../../src/protocol/wire/codec';
import { inProcess } from '../../src/testing/in-process';
import { createMemoryProvider } from './fixture/memory-provider';

const client = inProcess(createMemoryProvider());
const book = { id: null, title: 'Emma', pages: 3, tags: null, authors: null };
const dynamic = (value: Parameters<typeof pack>[0]) => ({ msgpack: pack(value) });
const read = (value: wire.DynamicValue | undefined) => value && unpack(value.msgpack);

test('the schema is told with capabilities, nested types, deprecations and Markdown', async () => {
  const { provider, resourceSchemas, actionSchemas, dataSourceSchemas, functions, serverCapabilities } = await client.call(
    'GetProviderSchema',
    {},
  );
  expect(serverCapabilities).toEqual({
    planDestroy: true,
    getProviderSchemaOptional: true,
    moveResourceState: true,
    generateResourceConfig: true,
  });
  expect(provider?.block?.attributes[0]?.name).toBe('prefix');
  const block = resourceSchemas.shelf_book?.block;
  expect(resourceSchemas.shelf_book?.version).toBe(1);
  expect(block?.descriptionKind).toBe(1);
  expect(block?.attributes.map(({ name, required, optional, computed }) => [name, required, optional, computed])).toEqual([
    ['id', false, false, true],
    ['title', true, false, false],
    ['pages', false, true, false],
    ['tags', false, true, false],
    ['authors', false, true, false],
  ]);
  expect(String(block?.attributes[3]?.type)).toBe('["set","string"]');
  expect(block?.attributes[3]).toMatchObject({ deprecated: true, deprecationMessage: 'Use authors.', descriptionKind: 1 });
  expect(block?.attributes[4]?.type).toHaveLength(0);
  expect(block?.attributes[4]?.nestedType).toMatchObject({ nesting: 2, attributes: [{ name: 'name', required: true }] });
  expect(Object.keys(dataSourceSchemas)).toEqual(['shelf_label']);
  expect(actionSchemas.shelf_dust?.schema?.block?.attributes).toMatchObject([{ name: 'shelf', required: true }]);
  expect(String(functions.same?.return?.type)).toBe('"dynamic"');
});

test('the schema that was made ahead of time is answered, and the process ended, without loading the provider', async () => {
  const schemaBytes = encodeProviderSchema(createMemoryProvider().schema());
  let ended = false;
  const { dispatch } = createLazyDispatch(
    { load: () => Promise.reject(new Error('the provider was asked for')), schemaBytes: () => schemaBytes },
    { log: createLogger({}, () => {}), exit: () => (ended = true) },
  );
  const reply = await dispatch('/tfplugin6.Provider/GetProviderSchema', Buffer.alloc(0));
  expect((reply as Buffer).subarray(5).equals(schemaBytes)).toBe(true);
  const shutdown = (await dispatch('/plugin.GRPCController/Shutdown', Buffer.alloc(0))) as ServerStream;
  shutdown({ write: () => Promise.resolve(), end: () => {}, onClose: (closed) => closed() });
  expect(ended).toBe(true);
});

test('metadata, functions and identities are told', async () => {
  expect(await client.call('GetMetadata', {})).toMatchObject({
    resources: [{ typeName: 'shelf_book' }],
    dataSources: [{ typeName: 'shelf_label' }],
    actions: [{ typeName: 'shelf_dust' }],
    functions: [{ name: 'shout' }, { name: 'same' }],
  });
  expect(Object.keys((await client.call('GetFunctions', {})).functions)).toEqual(['shout', 'same']);
  const { identitySchemas } = await client.call('GetResourceIdentitySchemas', {});
  expect(identitySchemas.shelf_book?.identityAttributes).toEqual([
    { name: 'id', type: Buffer.from('"string"'), requiredForImport: true, optionalForImport: false, description: 'Id.' },
  ]);
});

test('a resource is validated, planned, applied and read', async () => {
  const typeName = 'shelf_book';
  const invalid = await client.call('ValidateResourceConfig', { typeName, config: dynamic({ ...book, title: '' }) });
  expect(invalid.diagnostics).toEqual([
    { severity: 1, summary: 'Empty Title', detail: 'Give the book a title.', attribute: { steps: [{ attributeName: 'title' }] } },
  ]);
  const plan = await client.call('PlanResourceChange', {
    typeName,
    proposedNewState: dynamic(book),
    priorState: dynamic(null),
    config: dynamic(book),
  });
  expect(read(plan.plannedState)).toEqual({ ...book, id: UNKNOWN });
  expect(String(plan.plannedPrivate)).toBe('planned');
  expect(plan.legacyTypeSystem).toBe(false);
  const applied = await client.call('ApplyResourceChange', {
    typeName,
    priorState: dynamic(null),
    plannedState: plan.plannedState,
    plannedPrivate: plan.plannedPrivate,
  });
  expect(read(applied.newState)).toEqual({ ...book, id: 'book-Emma' });
  expect(String(applied.private)).toBe('planned');
  const current = await client.call('ReadResource', {
    typeName,
    currentState: applied.newState,
    private: Buffer.from('kept'),
    currentIdentity: { identityData: dynamic({ id: 'x' }) },
  });
  expect(read(current.newState)).toEqual({ ...book, id: 'book-Emma' });
  expect(String(current.private)).toBe('kept');
  expect(read(current.newIdentity?.identityData)).toEqual({ id: 'x' });
});

test('state is upgraded, imported, and refused when it is not JSON', async () => {
  const upgraded = await client.call('UpgradeResourceState', {
    typeName: 'shelf_book',
    version: 1,
    rawState: { json: Buffer.from(JSON.stringify(book)) },
  });
  expect(read(upgraded.upgradedState)).toEqual(book);
  const old = await client.call('UpgradeResourceState', { typeName: 'shelf_book', rawState: { flatmap: { id: 'x' } } });
  expect(old.diagnostics.map(({ summary }) => summary)).toEqual(['State Is Not JSON']);
  const { importedResources } = await client.call('ImportResourceState', { typeName: 'shelf_book', id: 'x' });
  expect(importedResources.map(({ typeName, state }) => [typeName, read(state)])).toEqual([
    ['shelf_book', { id: 'x', title: 'x', pages: null, tags: null, authors: null }],
  ]);
});

test('functions are called, with errors that name the argument and values of dynamic type', async () => {
  expect(read((await client.call('CallFunction', { name: 'shout', arguments: [dynamic('hi')] })).result)).toBe('HI');
  expect((await client.call('CallFunction', { name: 'shout', arguments: [dynamic('throw')] })).error).toEqual({
    text: 'too loud',
    functionArgument: 0,
  });
  const { result } = await client.call('CallFunction', { name: 'same', arguments: [dynamic(5)] });
  expect(Buffer.from(result?.msgpack ?? []).toString('hex')).toBe(`92c408${Buffer.from('"number"').toString('hex')}05`);
});

test('the other methods answer', async () => {
  expect(read((await client.call('ReadDataSource', { typeName: 'shelf_label' })).state)).toEqual({ text: 'fiction' });
  expect((await client.call('OpenEphemeralResource', { typeName: 'x' })).renewAt).toEqual({ seconds: 1_700_000_000, nanos: 250_000_000 });
  expect((await client.call('RenewEphemeralResource', { typeName: 'x', private: Buffer.from('p') })).private).toEqual(Buffer.from('p'));
  expect(await client.call('CloseEphemeralResource', { typeName: 'x' })).toEqual({ diagnostics: [] });
  expect(await client.call('ValidateProviderConfig', {})).toEqual({ diagnostics: [] });
  expect(await client.call('ConfigureProvider', { config: { json: Buffer.from('{"prefix":"b"}') } })).toEqual({ diagnostics: [] });
  expect(await client.call('ValidateDataResourceConfig', {})).toEqual({ diagnostics: [] });
  expect(await client.call('ValidateEphemeralResourceConfig', {})).toEqual({ diagnostics: [] });
  expect(
    read(
      (await client.call('UpgradeResourceIdentity', { rawIdentity: { json: Buffer.from('{"id":"a"}') } })).upgradedIdentity?.identityData,
    ),
  ).toEqual({ id: 'a' });
  expect(read((await client.call('MoveResourceState', { sourceState: { json: Buffer.from('{}') } })).targetState)).toBeNull();
});

test('a list streams what is found and what is told of, and a configuration is generated', async () => {
  const config = { msgpack: pack({ title: 'tale' }) };
  expect(await client.call('ValidateListResourceConfig', { typeName: 'shelf_book', config })).toEqual({ diagnostics: [] });
  const request = { typeName: 'shelf_book', config, limit: 2, includeResourceObject: true };
  const events = await inProcess(createMemoryProvider()).stream('ListResource', request);
  const told = { severity: 2, summary: 'Left Out', detail: 'One is torn.', attribute: undefined };
  expect(
    events.map((event) => [event.displayName, read(event.identity?.identityData), read(event.resourceObject), event.diagnostic]),
  ).toEqual([
    ['', undefined, undefined, [told]],
    ['tale-1', { id: 'tale-1' }, { id: 'tale-1', title: 'tale-1', pages: null, tags: null, authors: null }, []],
    ['tale-2', { id: 'tale-2' }, { id: 'tale-2', title: 'tale-2', pages: null, tags: null, authors: null }, []],
  ]);
  const [, bare] = await inProcess(createMemoryProvider()).stream('ListResource', { ...request, includeResourceObject: false });
  expect(bare?.resourceObject).toBeUndefined();
  const state = { msgpack: pack({ id: 'a', title: 'tale' }) };
  expect(read((await client.call('GenerateResourceConfig', { typeName: 'shelf_book', state })).config)).toEqual({
    id: null,
    title: 'tale',
  });
});

test('stop reaches the provider and is answered at once', async () => {
  const provider = createMemoryProvider();
  expect(await inProcess(provider).call('StopProvider', {})).toEqual({ error: '' });
  expect(provider.stopped).toBe(true);
});

describe('bad calls', () => {
  test.each(['ReadStateBytes', 'LockState', '__proto__'])('%s is UNIMPLEMENTED', async (name) => {
    const dispatch = createDispatch({ provider: createMemoryProvider(), log: createLogger({}, () => {}) });
    await expect(dispatch(`/tfplugin6.Provider/${name}`, Buffer.alloc(0))).rejects.toMatchObject({ code: 12 });
  });

  test('a message or value that cannot be read is INVALID_ARGUMENT', async () => {
    const dispatch = createDispatch({ provider: createMemoryProvider(), log: createLogger({}, () => {}) });
    await expect(dispatch('/tfplugin6.Provider/ReadResource', Buffer.from([10, 99]))).rejects.toMatchObject({
      code: 3,
      message: 'a field claims 99 bytes where 0 are left',
    });
    const value = encode(wire.ReadResourceRequest, { currentState: { msgpack: Buffer.from([0xc1]) } });
    await expect(dispatch('/tfplugin6.Provider/ReadResource', value)).rejects.toMatchObject({
      code: 3,
      message: 'the byte 0xc1 does not start a value',
    });
  });

  test('an empty message and an unknown type are answered', async () => {
    expect((await client.call('ValidateResourceConfig', {})).diagnostics[0]?.summary).toBe('Unknown Type');
    expect((await client.call('ValidateResourceConfig', { typeName: '__proto__' })).diagnostics[0]?.detail).toBe('__proto__ is not known');
  });

  test('an exception becomes a diagnostic without its text, keeps the prior state, and is logged', async () => {
    const lines: string[] = [];
    const provider: Provider = {
      ...createMemoryProvider(),
      apply: () => Promise.reject(new TypeError('secret')),
      callFunction: () => Promise.reject(new Error('secret')),
    };
    const dispatch = createDispatch({ provider, log: createLogger({ TF_LOG: 'error' }, (line) => lines.push(line)) });
    const reply = (await dispatch(
      '/tfplugin6.Provider/ApplyResourceChange',
      encode(wire.ApplyResourceChangeRequest, { priorState: dynamic(book) }),
    )) as Buffer;
    const answer = decode(wire.ApplyResourceChangeResponse, reply.subarray(5));
    expect(answer.diagnostics.map(({ summary, detail }) => [summary, /secret|\bat \//.test(detail)])).toEqual([['Internal Error', false]]);
    expect(read(answer.newState)).toEqual(book);
    expect(lines.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(['TypeError: secret']);
    expect((await inProcess(provider).call('CallFunction', { name: 'x' })).error?.text).toContain('Internal Error');
  });
});

test.each([
  [{}, []],
  [{ TF_LOG: 'off' }, []],
  [{ TF_LOG: 'warn' }, ['warn', 'error']],
  [{ TF_LOG: 'JSON' }, ['trace', 'debug', 'info', 'warn', 'error']],
  [{ TF_LOG: 'trace', TF_LOG_PROVIDER: 'ERROR' }, ['error']],
])('with %p the log has %p', (env, expected) => {
  const lines: { '@level': string; '@message': string }[] = [];
  const log = createLogger(env, (line) => lines.push(JSON.parse(line) as (typeof lines)[number]));
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log.log(level, 'm', { n: 1 });
  expect(lines.map((line) => line['@level'])).toEqual(expected);
});
