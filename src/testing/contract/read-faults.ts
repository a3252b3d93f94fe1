import type { ValueRecord } from '../../common/value';
import { pack, unpack } from '../../protocol/msgpack';
import type { DataSourceDefinition } from '../../schema/define/definition';
import type { ProviderDefinition } from '../../schema/define/provider';
import { type Fault, type FaultKind, forwardTo, startServer } from '../http-server';
import { exampleArguments, readData } from '../read-subject';
import { configured, type Target } from '../target';
import { Ahead } from './ahead';

/** What goes wrong, what is said when it stays wrong, and whether it has to pass unseen when it happens once. */
const faults: readonly (readonly [what: string, kind: FaultKind, expected: Omit<Expected, 'kind'>])[] = [
  ['is late', 'hang', { said: 'No Answer in Time', retried: true }],
  ['is answered too late, after the work', 'late', { said: 'No Answer in Time', retried: true }],
  ['is a 500', { status: 500 }, { said: 'Server Error', retried: false }],
  ['is a 503 that asks for patience', { status: 503, headers: { 'retry-after': '0' } }, { said: 'Server Busy', retried: true }],
  ['is a 502', { status: 502 }, { said: 'Server Error', retried: true }],
  ['is reset', 'reset', { said: 'Server Not Reachable', retried: true }],
  ['is cut in the middle of the answer', 'truncated', { said: 'Server Not Reachable', retried: true }],
  ['is done but the answer is lost', 'lost', { said: 'Server Not Reachable', retried: true }],
];

/** How to get a server that has what the examples of data sources ask for, and what they ask. */
export interface Reading {
  start(): Promise<Target>;
  configOf(definition: DataSourceDefinition, target: Target): ValueRecord | Promise<ValueRecord>;
}

/** Tests that data sources read the right thing or nothing, whatever goes wrong, and that functions ask nobody. */
export function readFaultTests(provider: ProviderDefinition, { start, configOf }: Reading): void {
  const targets: Target[] = [];
  let readers: readonly Reader[];
  beforeAll(async () => {
    readers = await Promise.all(
      provider.dataSources.map(async (definition) => {
        // A server of its own for each, because reading may change what a server counts.
        const target = await start();
        targets.push(target);
        return { definition, target, config: await configOf(definition, target) };
      }),
    );
  });
  const results = new Ahead(
    faults.map(
      ([, kind, expected]) =>
        () =>
          trials(readers, { kind, ...expected }),
    ),
  );
  afterAll(async () => {
    await results.stop();
    await Promise.all(targets.map((target) => target.stop()));
  });

  it.each(faults.map(([what], index) => [what, index] as const))(
    'when a request of a data source %s, the result is right or there is none',
    async (_what, index) => expect(await results.result(index)).toEqual([]),
  );

  it.each(faults)('when a request %s, functions know nothing of it', async (_what, kind) => {
    const server = await startServer(() => ({ status: 500 }));
    server.fault({ kind, times: Infinity });
    const core = await configured(provider, { endpoint: server.endpoint, request_timeout: 1, max_retries: 0 });
    for (const definition of provider.functions) {
      const values = exampleArguments(definition).map((value) => ({ msgpack: pack(value) }));
      const { result, error } = await core.client.call('CallFunction', { name: definition.name, arguments: values });
      expect([definition.name, error, result && String(unpack(result.msgpack))]).toEqual([
        definition.name,
        undefined,
        definition.example.gives,
      ]);
    }
    expect(server.calls()).toEqual([]);
    await server.stop();
  });
}

interface Reader {
  readonly definition: DataSourceDefinition;
  readonly target: Target;
  readonly config: ValueRecord;
}
interface Expected {
  readonly kind: FaultKind;
  readonly said: string;
  readonly retried: boolean;
}

async function trials(readers: readonly Reader[], expected: Expected): Promise<readonly string[]> {
  return (await Promise.all(readers.map((reader) => trial(reader, expected)))).flat();
}

/** Lets each request of a read fail, once and for good; what is wrong then. */
async function trial(reader: Reader, expected: Expected): Promise<string[]> {
  const sound = await read(reader);
  if (sound.errors.length > 0) return [`${reader.definition.type} reads nothing: ${sound.errors.join()}`];
  const trials = [...new Set(sound.calls)].map((call) => failing(reader, expected, { sound, call }));
  return (await Promise.all(trials)).flat();
}

async function failing(
  reader: Reader,
  expected: Expected,
  { sound, call }: { readonly sound: Answered; readonly call: string },
): Promise<string[]> {
  const { kind, said } = expected;
  // A call that is made once fails by being late once.
  const isOnly = (kind === 'hang' || kind === 'late') && reader.target.hints.patient?.test(call) === true;
  const retried = expected.retried && !isOnly;
  const [method = '', path = ''] = call.split(' ');
  const fault = { kind, method, path: new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) };
  const [once, always] = await Promise.all([read(reader, { ...fault, times: 1 }), read(reader, { ...fault, times: Infinity })]);
  const about = `${reader.definition.type}, ${call}`;
  const right = !isOnly && once.errors.length === 0 && once.state === sound.state;
  return [
    ...(right || (!retried && isRefusal(once, said)) ? [] : [`${about}, once: ${JSON.stringify(once)}`]),
    ...(isRefusal(always, said) ? [] : [`${about}, always: ${JSON.stringify(always)}`]),
  ];
}

/** What a read gave. */
interface Answered {
  /** The result as JSON, or nothing. */
  readonly state: string | undefined;
  readonly errors: readonly string[];
  readonly calls: readonly string[];
}

/** Whether there is no result and one message that says what went wrong, and at what. */
const isRefusal = ({ state, errors: [first = '', ...others] }: Answered, said: string): boolean =>
  state === undefined && others.length === 0 && first.startsWith(`${said}: Cannot read data source `);

/** How long the server says that something took, which differs from read to read. */
const timing = /(?<=duration_ms\W+)\d+/g;

/** Reads in a provider process of its own, which knows no earlier answer, through a port of its own, which is part of URLs. */
async function read({ definition, target, config }: Reader, fault?: Fault): Promise<Answered> {
  const server = await startServer(forwardTo(target.server.endpoint));
  if (fault) server.fault(fault);
  try {
    const core = await target.core({ endpoint: server.endpoint, request_timeout: 5, max_retries: 1, read_only: true });
    const { state, errors } = await readData(core, definition.type, config);
    const text = JSON.stringify(state).replaceAll(server.endpoint, 'http://endpoint').replaceAll(timing, '0');
    return { state: state === null ? undefined : text, errors, calls: server.calls() };
  } finally {
    await server.stop();
  }
}
