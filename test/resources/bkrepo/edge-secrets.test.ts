import type { ValueRecord } from '../../../src/common/value';
import type { Core, Instance, Planned, Told } from '../../../src/testing/core';
import { done } from '../../../src/testing/subject';
import { readData } from '../../../src/testing/read-subject';
import { type Info, refusal, Stand } from './stand';

type Box = Readonly<Record<string, unknown>>;
const inside = (info: Info, ...path: string[]): unknown => path.reduce<unknown>((at, step) => (at as Box)[step], info.configuration);

interface Secret {
  readonly type: string;
  /** The attribute of the password; with `_wo` the write-only one. */
  readonly name: string;
  readonly config: ValueRecord;
  /** A password as the attribute takes it. */
  readonly value: (password: string) => ValueRecord | string;
  readonly stored: (info: Info) => unknown;
}

const network = { network_proxy: { host: 'proxy.example.com', port: 3128, username: 'walker' } };
const remote = { type: 'NPM', upstream_url: 'https://npm.example.com', username: 'reader', ...network };
const channels = [
  { name: 'open', url: 'https://open.example.com/maven' },
  { name: 'partner', url: 'https://partner.example.com/maven', public: false, username: 'reader' },
];
const composite = { type: 'MAVEN', channels, ...network };
const plain = (password: string): string => password;

const secrets: readonly (readonly [string, Secret])[] = [
  [
    'the password of a remote repository',
    {
      type: 'bkrepo_remote_repository',
      name: 'password',
      config: remote,
      value: plain,
      stored: (info) => inside(info, 'credentials', 'password'),
    },
  ],
  [
    'the network proxy password of a remote repository',
    {
      type: 'bkrepo_remote_repository',
      name: 'network_proxy_password',
      config: remote,
      value: plain,
      stored: (info) => inside(info, 'network', 'proxy', 'password'),
    },
  ],
  [
    'the password of a channel',
    {
      type: 'bkrepo_composite_repository',
      name: 'channel_passwords',
      config: composite,
      value: (password) => ({ partner: password }),
      stored: (info) => inside(info, 'proxy', 'channelList', '1', 'password'),
    },
  ],
  [
    'the network proxy password of a composite repository',
    {
      type: 'bkrepo_composite_repository',
      name: 'network_proxy_password',
      config: composite,
      value: plain,
      stored: (info) => inside(info, 'proxy', 'network', 'proxy', 'password'),
    },
  ],
  [
    'the password of a proxy repository',
    {
      type: 'bkrepo_proxy_repository',
      name: 'password',
      config: { type: 'GIT', upstream_url: 'https://git.example.com/a/b.git', username: 'reader' },
      value: plain,
      stored: (info) => inside(info, 'proxy', 'password'),
    },
  ],
];

let stand: Stand;
let count = 0;
beforeAll(async () => {
  stand = await Stand.start();
  await stand.bk.project('payments');
});
afterAll(() => stand.stop());
afterEach(() => stand.server.heal());

/** Everything of a run but the attribute itself: states, plans, private bytes, diagnostics. */
class Trace {
  readonly told: string[] = [];

  constructor(private readonly attribute: string) {}

  add({ state, planned, config: _, ...rest }: Partial<Instance & Planned> & { readonly diagnostics?: readonly Told[] }): void {
    const without = (values: unknown): unknown => ({ ...(values as object), [this.attribute]: null });
    const bytes = rest.private ? Buffer.from(rest.private).toString('utf8') : '';
    const prior = rest.prior ? without(rest.prior.state) : null;
    this.told.push(JSON.stringify([without(state), without(planned), prior, bytes, rest.diagnostics ?? []]));
  }
}

async function step(
  core: Core,
  trace: Trace,
  [type, config, before]: readonly [string, ValueRecord, Instance | undefined],
): Promise<Instance> {
  const plan = await core.plan(type, config, before);
  trace.add(plan);
  const applied = await core.apply(plan);
  trace.add({ ...applied.instance, diagnostics: applied.diagnostics });
  const after = done(applied);
  const read = await (await stand.core()).refresh(after);
  trace.add({ ...read.instance, diagnostics: read.diagnostics });
  expect([read.drift, read.diagnostics]).toEqual([[], []]);
  return after;
}

describe.each(secrets)('#12 %s', (_, { type, name, config: fields, value, stored }) => {
  const own = (): ValueRecord => ({ ...fields, project: 'payments', name: `secret-${(count += 1)}` });
  const onServer = async (config: ValueRecord): Promise<unknown> => stored(await stand.info('payments', String(config['name'])));

  it.each([name, `${name}_wo`])('#12 as %s is sent, kept, changed and removed, and shows nowhere', async (attribute) => {
    const trace = new Trace(name);
    const [first, second] = ['S3cret/one&"of<many', 'S3cret/two&"of<many'];
    const config = own();
    let instance = await step(await stand.core(), trace, [type, { ...config, [attribute]: value(first) }, undefined]);
    expect(await onServer(config)).toBe(first);
    instance = await step(await stand.core(), trace, [type, { ...config, [attribute]: value(first), description: 'two' }, instance]);
    expect(await onServer(config)).toBe(first);
    instance = await step(await stand.core(), trace, [type, { ...config, [attribute]: value(second), description: 'two' }, instance]);
    expect(await onServer(config)).toBe(second);
    if (attribute !== name) expect((instance.state as ValueRecord)[name]).toBeNull();
    else expect((instance.state as ValueRecord)[name]).toEqual(value(second));
    instance = await step(await stand.core(), trace, [type, { ...config, description: 'three' }, instance]);
    expect(await onServer(config)).toBe(attribute === name ? null : second);
    const empty = typeof value('') === 'string' ? '' : {};
    await step(await stand.core(), trace, [type, { ...config, description: 'three', [attribute]: empty }, instance]);
    expect((await onServer(config)) ?? '').toBe('');
    expect(trace.told.filter((text) => text.includes('S3cret'))).toEqual([]);
  });

  it.each([
    [name, `${name}_wo`],
    [`${name}_wo`, name],
  ])('#12 that was given as %s and now as %s is the new one', async (before, after) => {
    const config = own();
    const made = await stand.made(type, { ...config, [before]: value('S3cret-old') });
    await stand.made(type, { ...config, [after]: value('S3cret-new') }, made);
    expect(await onServer(config)).toBe('S3cret-new');
  });

  it('#12 stays on the server after an import, when something else is updated', async () => {
    const config = own();
    await stand.made(type, { ...config, [`${name}_wo`]: value('S3cret-kept') });
    const trace = new Trace('');
    const imported = done(await (await stand.core()).import(type, `payments/${String(config['name'])}`));
    trace.add(imported);
    const changed = { ...config, description: 'after the import' };
    await step(await stand.core(), trace, [type, changed, imported]);
    expect(await stand.info('payments', String(config['name']))).toMatchObject({ description: 'after the import' });
    expect(await onServer(config)).toBe('S3cret-kept');
    expect(trace.told.filter((text) => text.includes('S3cret'))).toEqual([]);
  });

  it('#12 that the server has is in no message when it refuses an update and says what it was sent', async () => {
    const config = own();
    await stand.made(type, { ...config, [`${name}_wo`]: value('S3cret-echoed') });
    const imported = done(await (await stand.core()).import(type, `payments/${String(config['name'])}`));
    const core = await stand.core();
    const plan = await core.plan(type, { ...config, description: 'refused' }, imported);
    stand.server.fault({ kind: refusal(400, 250105, 'invalid: S3cret-echoed'), method: 'POST', path: /update/ });
    const { diagnostics } = await core.apply(plan);
    expect(diagnostics.map(({ detail }) => /with code 250105: invalid: \(sensitive\)/.test(detail))).toEqual([true]);
    expect(JSON.stringify(diagnostics)).not.toContain('S3cret');
  });

  it('#12 is in no message when the server refuses a create and says what it was sent', async () => {
    stand.server.fault({ kind: refusal(400, 250105, 'invalid: S3cret-refused'), method: 'POST', path: /create/ });
    const { diagnostics } = await (await stand.core()).ensure(type, { ...own(), [`${name}_wo`]: value('S3cret-refused') });
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['Refused by the Server']);
    expect(JSON.stringify(diagnostics)).not.toContain('S3cret');
  });
});

it('#12 lists, which tell all passwords in clear, leave none of them in states, data sources and logs', async () => {
  const made = await Promise.all(
    secrets.map(async ([, { type, name, config, value }], index) => {
      const own = { ...config, project: 'payments', name: `listed-${index}` };
      return stand.made(type, { ...own, [`${name}_wo`]: value('S3cret-listed') });
    }),
  );
  expect(await stand.bk.done('GET', '/repository/api/repo/list/payments').then(JSON.stringify)).toContain('S3cret-listed');
  const core = await stand.core();
  stand.server.calls();
  const read = [];
  for (const instance of made) read.push(await core.refresh(instance));
  expect(stand.server.calls()).toEqual(['GET /repository/api/repo/info/payments/listed-0', 'GET /repository/api/repo/list/payments']);
  expect(read.map(({ instance, drift }) => [instance, drift])).toEqual(made.map((instance) => [instance, []]));
  const data = [
    await readData(core, 'bkrepo_repositories', { project: 'payments' }),
    await readData(core, 'bkrepo_repository', { project: 'payments', name: 'listed-0' }),
  ];
  expect(data.map(({ errors }) => errors)).toEqual([[], []]);
  expect(JSON.stringify([read, data])).not.toContain('S3cret');
});

it('#12 no line of the log had a secret in it', () => {
  const lines = stand.logs.flat();
  expect(lines.filter((line) => line.includes('/repository/api/repo/create')).length).toBeGreaterThan(20);
  expect(lines.filter((line) => /S3cret/.test(line))).toEqual([]);
});
