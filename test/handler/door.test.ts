import { UNKNOWN, type Value, type ValueRecord } from '../../src/common/value';
import { ProviderHandler } from '../../src/handler/provider-handler';
import type * as wire from '../../src/protocol/gen/messages';
import { pack, unpack } from '../../src/protocol/msgpack';
import { artifactapi } from '../../src/resources/artifactapi';
import { bkrepo } from '../../src/resources/bkrepo';
import { inProcess, type PluginClient } from '../../src/testing/in-process';

/** Values that no client may send, each by a call of the protocol, and what the provider says of them. */

const clients = { a: artifactapi, b: bkrepo } as const;
const clientOf = (name: keyof typeof clients): PluginClient => inProcess(new ProviderHandler(clients[name], { env: {}, log: () => {} }));
const [a, b] = [clientOf('a'), clientOf('b')];

const npm = 'artifactapi_remote_npm';
const local = 'bkrepo_local_repository';
const composite = 'bkrepo_composite_repository';
const base: Record<string, ValueRecord> = {
  [npm]: { name: 'npm', base_url: 'https://npm.example.com' },
  artifactapi_virtual: { name: 'all', package_type: 'npm', members: ['a'] },
  [local]: { project: 'payments', name: 'files', type: 'GENERIC' },
  [composite]: {
    project: 'payments',
    name: 'files',
    type: 'NPM',
    channels: [{ name: 'one', url: 'https://npm.example.com', public: true }],
  },
};
const clientFor = (type: string): PluginClient => (type.startsWith('bkrepo') ? b : a);

/** Bytes of MessagePack that `pack` would not write. */
class Raw {
  constructor(readonly hex: string) {}
}
type Sent = Value | Raw | readonly Sent[] | { readonly [name: string]: Sent };

function bytesOf(value: Sent): Buffer {
  if (value instanceof Raw) return Buffer.from(value.hex, 'hex');
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0xdd, ...size(value.length)]), ...(value as Sent[]).map(bytesOf)]);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return pack(value as Value);
  const entries = Object.entries(value as Record<string, Sent>);
  return Buffer.concat([Buffer.from([0xdf, ...size(entries.length)]), ...entries.flatMap(([key, item]) => [pack(key), bytesOf(item)])]);
}
const size = (count: number): number[] => [24, 16, 8, 0].map((shift) => (count >>> shift) & 255);
const dynamic = (value: Sent): { msgpack: Buffer } => ({ msgpack: bytesOf(value) });

type Told = readonly [summary: string, path: string, detail: string];
const told = (diagnostics: readonly wire.Diagnostic[]): Told[] =>
  diagnostics.map(({ summary, detail, attribute }) => [
    summary,
    (attribute?.steps ?? [])
      .map((step) => step.attributeName ?? `[${step.elementKeyInt ?? JSON.stringify(step.elementKeyString)}]`)
      .join(''),
    detail,
  ]);

const invalid = 'Invalid Attribute Value';
const number = (hex: string): Raw => new Raw(hex);
const notUtf8 = new Raw('a2c328');
const nan = number('cb7ff8000000000000');
const infinite = number('cb7ff0000000000000');

/** A value for one attribute, or the whole configuration in place of one. */
type Row = readonly [type: string, changed: Record<string, Sent>, ...Told];

const wrongTypes: readonly Row[] = [
  ...([5, true, ['x'], { x: 'y' }, 2n ** 60n, 0.5] as const).map((value): Row => [
    npm,
    { name: value as Sent },
    invalid,
    'name',
    '"name" should be a string, but ',
  ]),
  ...([5, true, [], {}] as const).map((value): Row => [npm, { base_url: value as Sent }, invalid, 'base_url', 'should be a string, but ']),
  ...(['abc', '', '0x10', '1_0', ' 5', '5s', 'NaN', 'Infinity', '1e99999', '.5', '5.', '--5', '9'.repeat(2000)] as const).map(
    (value): Row => [npm, { mutable_ttl: value }, invalid, 'mutable_ttl', '"mutable_ttl" should be a number, but the string '],
  ),
  ...([true, [5], { n: 5 }, infinite] as const).map((value): Row => [
    npm,
    { mutable_ttl: value as Sent },
    invalid,
    'mutable_ttl',
    '"mutable_ttl" should be a number, but ',
  ]),
  ...(['a', { 0: 'a' }, 5, false] as const).map((value): Row => [
    npm,
    { patterns: value as Sent },
    invalid,
    'patterns',
    '"patterns" should be a list, but ',
  ]),
  ...([5, true, ['a'], {}] as const).map((value): Row => [
    npm,
    { patterns: ['^ok$', value as Sent] },
    invalid,
    'patterns[1]',
    '"patterns[1]" should be a string, but ',
  ]),
  ...(['yes', 'true', 1, 0, []] as const).map((value): Row => [
    local,
    { public: value as Sent },
    invalid,
    'public',
    '"public" should be a bool, but ',
  ]),
  ...(['a', ['a'], 5, true] as const).map((value): Row => [
    local,
    { settings: value as Sent },
    invalid,
    'settings',
    '"settings" should be a object, but ',
  ]),
  [local, { settings: { system: 'yes' } }, invalid, 'settings', '"settings.system" should be a bool, but the string "yes" was given.'],
  [local, { settings: { auto_index: [true] } }, invalid, 'settings', '"settings.auto_index" should be a object, but a list was given.'],
  [local, { settings: { auto_index: { enabled: 1 } } }, invalid, 'settings', '"settings.auto_index.enabled" should be a bool, but '],
  [
    local,
    { settings: { interceptors: [{ type: 'WEB', rules: { ip_segment: ['10.0.0.0/8', 5] } }] } },
    invalid,
    'settings',
    '"settings.interceptors[0].rules.ip_segment[1]" should be a string, but the number 5 was given.',
  ],
  [local, { extra_settings: ['a'] }, invalid, 'extra_settings', '"extra_settings" should be a map, but a list was given.'],
  [
    local,
    { extra_settings: { 'a b': 5 } },
    invalid,
    'extra_settings["a b"]',
    '"extra_settings["a b"]" should be a string, but the number 5',
  ],
  [composite, { channels: { name: 'x' } }, invalid, 'channels', '"channels" should be a list, but an object was given.'],
  [composite, { channels: ['x'] }, invalid, 'channels[0]', '"channels[0]" should be a object, but the string "x" was given.'],
  [
    composite,
    { channels: [{ name: 'one', url: 5 }] },
    invalid,
    'channels[0]',
    '"channels[0].url" should be a string, but the number 5 was given.',
  ],
];

const notInTheSchema: readonly Row[] = [
  ...(['nope', 'Name', 'name ', '', 'constructor', 'hasOwnProperty', 'toString', 'baseUrl', '\u00e9'] as const).map((name): Row => [
    npm,
    { [name]: 'x' },
    'Unsupported Attribute',
    name,
    `"${name}" is not a known attribute`,
  ]),
  [npm, { nope: null }, 'Unsupported Attribute', 'nope', '"nope" is not a known attribute'],
  [local, { settings: { system: true, nope: 1 } }, 'Unsupported Attribute', 'settings', '"settings.nope" is not a known attribute'],
  [
    composite,
    { channels: [{ name: 'one', url: 'https://x.example.com', password: 'hunter2' }] },
    'Unsupported Attribute',
    'channels[0]',
    '"channels[0].password" is not a known attribute',
  ],
];

const wrongFacts: readonly Row[] = [
  [npm, { url: 'https://x.example.com' }, 'Read-Only Attribute', 'url', '"url" can be set only by the provider; leave it out.'],
  [npm, { password_wo_revision: 3 }, 'Read-Only Attribute', 'password_wo_revision', 'can be set only by the provider'],
  [npm, { name: null }, 'Missing Attribute', 'name', '"name" is required but is not set; set it.'],
  [npm, { base_url: null }, 'Missing Attribute', 'base_url', '"base_url" is required but is not set; set it.'],
  [
    local,
    { settings: { cleanup_strategy: { enable: true, cleanup_type: null, cleanup_value: '1' } } },
    'Missing Attribute',
    'settings',
    '"settings.cleanup_strategy.cleanup_type" is required but is not set; set it.',
  ],
  [composite, { channels: [{ name: 'one' }] }, 'Missing Attribute', 'channels[0]', '"channels[0].url" is required but is not set; set it.'],
];

const inexact: readonly Row[] = [
  ...(
    [2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n, 2n ** 64n - 1n, '9007199254740993', '123456789012345678901234567890'] as const
  ).map((value): Row => [npm, { mutable_ttl: value }, invalid, 'mutable_ttl', `"mutable_ttl": ${String(value)} is `]),
  [npm, { mutable_ttl: '9007199254740993' }, invalid, 'mutable_ttl', '9007199254740993 is too much; at most 9007199254740991 is allowed.'],
  [npm, { mutable_ttl: '0.1' }, invalid, 'mutable_ttl', '"mutable_ttl": 0.1 is not a whole number of seconds.'],
  [npm, { mutable_ttl: '1e400' }, invalid, 'mutable_ttl', '"mutable_ttl": 1e400 is'],
  [local, { quota: 2n ** 53n + 1n }, invalid, 'quota', '"quota": 9007199254740993 is too much; at most 9007199254740991 is allowed.'],
];

const badTexts: readonly Row[] = [
  [npm, { name: notUtf8 }, invalid, 'name', '"name": the text is not UTF-8.'],
  [npm, { name: new Raw('a3eda080') }, invalid, 'name', '"name": the text is not UTF-8.'],
  [npm, { name: new Raw('a2c080') }, invalid, 'name', '"name": the text is not UTF-8.'],
  [npm, { name: new Raw('a4f4908080') }, invalid, 'name', '"name": the text is not UTF-8.'],
  [npm, { name: new Raw('a1ff') }, invalid, 'name', '"name": the text is not UTF-8.'],
  [npm, { patterns: ['a', notUtf8] }, invalid, 'patterns[1]', '"patterns[1]": the text is not UTF-8.'],
  [composite, { channels: [{ url: notUtf8 }] }, invalid, 'channels[0]', '"channels[0].url": the text is not UTF-8.'],
  [local, { settings: { auto_index: notUtf8 } }, invalid, 'settings', '"settings.auto_index": the text is not UTF-8.'],
  [local, { extra_settings: { 'a b': notUtf8 } }, invalid, 'extra_settings["a b"]', '"extra_settings["a b"]": the text is not UTF-8.'],
  [npm, { mutable_ttl: nan }, invalid, 'mutable_ttl', '"mutable_ttl": the number is NaN.'],
  [npm, { mutable_ttl: number('ca7fc00000') }, invalid, 'mutable_ttl', '"mutable_ttl": the number is NaN.'],
];

const config = (type: string, changed: Record<string, Sent>): { msgpack: Buffer } => dynamic({ ...base[type], ...changed } as Sent);
const named = ([type, changed]: Row): string => `${type} with ${bytesOf(changed).toString('hex').slice(0, 120)}`;
const everywhere = [...wrongTypes, ...notInTheSchema, ...badTexts];

describe('a configuration to be validated', () => {
  test.each([...everywhere, ...wrongFacts, ...inexact].map((row) => [named(row), row] as const))('%s', async (_, row) => {
    const [typeName, changed, summary, path, detail] = row;
    const { diagnostics } = await clientFor(typeName).call('ValidateResourceConfig', { typeName, config: config(typeName, changed) });
    expect(told(diagnostics)[0]).toEqual([summary, path, expect.stringContaining(detail)]);
    expect(JSON.stringify(told(diagnostics))).not.toContain('hunter2');
  });

  test.each([npm, 'artifactapi_virtual', local, composite])('%s is taken when it fits', async (typeName) => {
    expect(await clientFor(typeName).call('ValidateResourceConfig', { typeName, config: config(typeName, {}) })).toEqual({
      diagnostics: [],
    });
  });

  test.each<[string, Sent]>([
    ['nothing', null],
    ['a text', 'x'],
    ['a list', []],
    ['a number', 5],
    ['an unknown value', UNKNOWN],
  ])('that is %s is refused', async (_, value) => {
    const { diagnostics } = await a.call('ValidateResourceConfig', { typeName: npm, config: dynamic(value) });
    expect(told(diagnostics)).toEqual([['Invalid Value', '', expect.stringContaining('an object is required')]]);
  });

  test('whole numbers come exactly, also as texts', async () => {
    for (const value of ['300', 2 ** 53 - 1, '9007199254740991', '3e2', '300.0'] as const)
      expect(await a.call('ValidateResourceConfig', { typeName: npm, config: config(npm, { mutable_ttl: value }) })).toEqual({
        diagnostics: [],
      });
  });

  test('a secret of the wrong type is not shown', async () => {
    const { diagnostics } = await a.call('ValidateResourceConfig', {
      typeName: npm,
      config: config(npm, { username: 'u', password: 12345678 }),
    });
    expect(told(diagnostics)).toEqual([[invalid, 'password', '"password" should be a string, but a number was given.']]);
  });
});

describe('a plan', () => {
  const none = { priorState: dynamic(null) };
  test.each(everywhere.map((row) => [named(row), row] as const))('%s is refused', async (_, row) => {
    const [typeName, changed, summary, path, detail] = row;
    const given = config(typeName, changed);
    const answer = await clientFor(typeName).call('PlanResourceChange', { ...none, typeName, proposedNewState: given, config: given });
    expect(told(answer.diagnostics)[0]).toEqual([summary, path, expect.stringContaining(detail)]);
  });

  test('takes what the provider alone sets, which core puts into the configuration where changes are ignored', async () => {
    const state = { url: 'https://x.example.com/api/v1/remote/npm', password_wo_revision: 2 };
    const given = config(npm, state);
    const answer = await a.call('PlanResourceChange', { ...none, typeName: npm, proposedNewState: given, config: given });
    expect(told(answer.diagnostics)).toEqual([]);
  });

  test.each<[string, Sent, Sent, Sent]>([
    ['a prior state that is a text', 'x', base[npm] as Sent, base[npm] as Sent],
    ['a prior state with unknown parts', { ...base[npm], name: UNKNOWN } as Sent, base[npm] as Sent, base[npm] as Sent],
    ['a prior state with a secret', { ...base[npm], password_wo: 'hunter2' } as Sent, base[npm] as Sent, base[npm] as Sent],
    ['a proposed state that is a list', null, [], base[npm] as Sent],
    ['a configuration that is nothing', null, base[npm] as Sent, null],
    ['a configuration that is a text', null, base[npm] as Sent, 'x'],
  ])('with %s is refused', async (...[, prior, proposed, given]) => {
    const answer = await a.call('PlanResourceChange', {
      typeName: npm,
      priorState: dynamic(prior),
      proposedNewState: dynamic(proposed),
      config: dynamic(given),
    });
    expect(answer.diagnostics.map(({ severity }) => severity)).toEqual([1]);
    expect(JSON.stringify(told(answer.diagnostics))).not.toContain('hunter2');
  });
});

describe('an apply', () => {
  const whole = base[npm] as Sent;
  test.each<[string, Sent, Sent, Sent]>([
    ['a planned state that is a text, which must not delete', whole, 'x', whole],
    ['a planned state that is a list, which must not delete', whole, [], whole],
    ['a planned state with a secret', null, { ...base[npm], password_wo: 'hunter2' } as Sent, whole],
    ['a planned number that is a text', null, { ...base[npm], mutable_ttl: 'x' } as Sent, whole],
    ['a configuration that is nothing', null, whole, null],
    ['a configuration with unknown parts', null, whole, { ...base[npm], base_url: UNKNOWN } as Sent],
    ['a prior state that is a number', 5, null, null],
    ['a prior state with an attribute too many', { ...base[npm], nope: 1 } as Sent, null, null],
  ])('with %s is refused, and the prior state stays', async (...[, prior, planned, given]) => {
    const answer = await a.call('ApplyResourceChange', {
      typeName: npm,
      priorState: dynamic(prior),
      plannedState: dynamic(planned),
      config: dynamic(given),
    });
    expect(answer.diagnostics.map(({ summary }) => summary)).not.toContain('Provider Not Configured');
    expect(answer.diagnostics.map(({ severity }) => severity)).toEqual([1]);
    expect(unpack(answer.newState?.msgpack ?? Buffer.from([0xc0]))).toEqual(unpack(bytesOf(prior)));
  });
});

describe('other calls', () => {
  const first = async (answer: Promise<{ diagnostics: readonly wire.Diagnostic[] }>): Promise<Told | undefined> =>
    told((await answer).diagnostics)[0];

  test.each<[string, Sent]>([
    ['a text', 'x'],
    ['unknown parts', { ...base[npm], name: UNKNOWN } as Sent],
    ['a wrong type', { ...base[npm], mutable_ttl: true } as Sent],
    ['an attribute too many', { ...base[npm], nope: true } as Sent],
  ])('a state with %s is not read, and stays', async (_, state) => {
    const answer = await a.call('ReadResource', { typeName: npm, currentState: dynamic(state) });
    expect(answer.diagnostics).toHaveLength(1);
    expect(unpack(answer.newState?.msgpack ?? Buffer.from([0xc0]))).toEqual(unpack(bytesOf(state)));
  });

  test.each<[string, string, string]>([
    ['a number for a text', '{"name":5,"base_url":"https://x"}', '"name" should be a string, but the number 5 was given.'],
    ['a text for a number', '{"name":"n","mutable_ttl":"x"}', '"mutable_ttl" should be a number, but the string "x" was given.'],
    ['a half character', '{"name":"\\ud800"}', 'surrogate'],
  ])('a stored state with %s is refused', async (_, json, detail) => {
    const rawState = { json: Buffer.from(json) };
    expect((await first(a.call('UpgradeResourceState', { typeName: npm, version: 0, rawState })))?.[2]).toContain(detail);
  });

  test('a stored state keeps whole numbers, and loses what is write-only', async () => {
    const json = Buffer.from('{"name":"n","base_url":"https://x","mutable_ttl":9007199254740993,"password_wo":"hunter2"}');
    const answer = await a.call('UpgradeResourceState', { typeName: npm, version: 0, rawState: { json } });
    expect(unpack(answer.upgradedState?.msgpack ?? Buffer.alloc(0))).toMatchObject({ mutable_ttl: 9007199254740993n, password_wo: null });
  });

  test.each<[string, Record<string, Sent>, string]>([
    ['a number for a text', { endpoint: 5 }, '"endpoint" should be a string'],
    ['a text for a number', { max_retries: 'many' }, '"max_retries" should be a number'],
    ['a text for a list', { headers: 'x' }, '"headers" should be a list'],
    ['a wrong member', { headers: [{ name: 'a', value: 5 }] }, '"headers[0].value" should be a string, but a number was given.'],
    ['an attribute too many', { nope: 1 }, '"nope" is not a known attribute'],
    ['what is not UTF-8', { endpoint: notUtf8 }, '"endpoint": the text is not UTF-8.'],
  ])('a provider block with %s is refused', async (_, block, detail) => {
    expect((await first(a.call('ValidateProviderConfig', { config: dynamic(block) })))?.[2]).toContain(detail);
    expect((await first(a.call('ConfigureProvider', { config: dynamic(block) })))?.[2]).toContain(detail);
  });

  test.each<[string, Record<string, Sent>, string]>([
    ['a number for a text', { name: 5 }, '"name" should be a string'],
    ['an attribute too many', { name: 'x', nope: 1 }, '"nope" is not a known attribute'],
  ])('a data source with %s is refused', async (_, given, detail) => {
    const request = { typeName: npm.replace('_npm', ''), config: dynamic(given) };
    expect((await first(a.call('ValidateDataResourceConfig', request)))?.[2]).toContain(detail);
    expect((await first(a.call('ReadDataSource', request)))?.[2]).toContain(detail);
  });

  test.each<[string, readonly Sent[], number | undefined]>([
    ['no arguments', [], undefined],
    ['too many arguments', [['^a'], 'x', 'y'], undefined],
    ['a number for a list', [5, 'x'], 0],
    ['a number in a list', [['a', 5], 'x'], 0],
    ['a list for a text', [['a'], ['x']], 1],
    ['nothing for a text', [['a'], null], 1],
    ['an unknown value', [['a'], UNKNOWN], 1],
    ['what is not UTF-8', [['a'], notUtf8], 1],
  ])('a function with %s is refused', async (_, values, argument) => {
    const { error, result } = await a.call('CallFunction', { name: 'match_path', arguments: values.map(dynamic) });
    expect([error?.functionArgument, result]).toEqual([argument, undefined]);
    expect(error?.text).toEqual(expect.any(String));
  });
});
