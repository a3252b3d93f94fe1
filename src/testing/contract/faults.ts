import type { ValueRecord } from '../../common/value';
import type { ProviderDefinition } from '../../schema/define/provider';
import type { Applied, Instance } from '../core';
import { type FaultKind, startServer, type TestServer, forwardTo } from '../http-server';
import { done, errors, freshPlan, Subject } from '../subject';
import type { Target } from '../target';
import { Ahead } from './ahead';

const faults: readonly (readonly [string, FaultKind])[] = [
  ['is late', 'hang'],
  ['is answered too late, after the work', 'late'],
  ['is a 500', { status: 500 }],
  ['is a 503 that asks for patience', { status: 503, headers: { 'retry-after': '0' } }],
  ['is a 502', { status: 502 }],
  [
    'is answered by the page of a gateway',
    { status: 200, text: '<!doctype html><title>Log in</title>', headers: { 'content-type': 'text/html' } },
  ],
  ['is reset', 'reset'],
  ['is cut in the middle of the answer', 'truncated'],
  ['is done but the answer is lost', 'lost'],
];
const operations = ['create', 'read', 'update', 'delete', 'import'] as const;
const cases = faults.flatMap(([what, kind]) => operations.map((operation) => ({ what, kind, operation })));

/** Tests that no fault between provider and server loses or doubles anything. */
export function faultTests(provider: ProviderDefinition, start: () => Promise<Target>): void {
  let target: Target;
  let count = 0;
  let subjects: readonly Subject[];
  beforeAll(async () => {
    target = await start();
    subjects = provider.resources.map((definition) => new Subject(definition, target));
    for (const subject of subjects) await subject.example('minimal');
  });
  const results = new Ahead(
    cases.map(
      ({ operation, kind }) =>
        () =>
          trials(operation, kind),
    ),
  );
  afterAll(async () => {
    await results.stop();
    await target.stop();
  });

  it.each(cases.map(({ operation, what }, index) => [operation, what, index] as const))(
    'when the %s %s, it loses nothing, doubles nothing, and the next apply converges, for every resource',
    async (_operation, _what, index) => expect(await results.result(index)).toEqual([]),
  );

  /** The resources that meet a fault: one of each form meets all of them, the others every third one (all with LONG). */
  function met(kind: FaultKind): readonly Subject[] {
    const turn = faults.findIndex(([, other]) => other === kind);
    const forms = new Map(subjects.map((subject) => [subject.fields.map(({ name }) => name).join(), subject.type]));
    return subjects.filter((subject, i) => process.env['LONG'] || [...forms.values()].includes(subject.type) || (i + turn) % 3 === 0);
  }

  async function trials(operation: (typeof operations)[number], kind: FaultKind): Promise<readonly string[]> {
    const wrong = await Promise.all(met(kind).map((subject) => trial(subject, operation, kind)));
    return wrong.filter((result) => result !== '');
  }

  /** Runs one operation with the first call of its kind failing; what is wrong after it, or nothing. */
  async function trial(subject: Subject, operation: (typeof operations)[number], kind: FaultKind): Promise<string> {
    count += 1;
    const config = await subject.example('minimal', `-fault-${count}`);
    // A port of its own for each resource, so that a fault meets the one it is meant for.
    const server = await startServer(forwardTo(target.server.endpoint));
    try {
      return await run({ subject, operation, kind, config, server });
    } catch (thrown) {
      return `${subject.type}: ${String(thrown)}`;
    } finally {
      await server.stop();
    }
  }

  async function run({ subject, operation, kind, config, server }: Run): Promise<string> {
    const faulty = await target.core({ endpoint: server.endpoint, request_timeout: 5, max_retries: 1 });
    // Reads and imports go through another port, and the port is part of a repository's URL.
    const sound = await target.core({ endpoint: server.endpoint });
    const before = operation === 'create' ? undefined : done(await sound.ensure(subject.type, config));
    const wanted = operation === 'update' ? change(subject, config) : config;
    if (!wanted) return '';
    server.fault({ kind, method: { create: '(POST|PUT)', read: 'GET', update: '(POST|PUT)', delete: 'DELETE', import: 'GET' }[operation] });
    let after: Instance | undefined;
    if (operation === 'read') after = kept(await faulty.refresh(before as Instance), before);
    else if (operation === 'import') after = (await faulty.import(subject.type, subject.id(config))).instance ?? before;
    else
      after = kept(
        await faulty.apply(await faulty.plan(subject.type, operation === 'delete' ? null : wanted, before)),
        operation === 'create' ? undefined : before,
      );
    server.heal();
    return converge({ subject, wanted, after, operation, server, config });
  }

  /** An apply or read with an error must leave something, where there was something. */
  function kept(outcome: Applied, before: Instance | undefined): Instance | undefined {
    if (errors(outcome.diagnostics).length > 0 && before && !outcome.instance)
      throw new Error(`the state was lost: ${JSON.stringify(outcome.diagnostics)}`);
    return outcome.instance;
  }

  async function converge({
    subject,
    wanted,
    after,
    operation,
    server,
    config,
  }: Omit<Run, 'kind'> & { wanted: ValueRecord; after: Instance | undefined }): Promise<string> {
    const next = await target.core({ endpoint: server.endpoint });
    const current = after && (await next.refresh(after)).instance;
    if (operation === 'delete') {
      const { diagnostics, instance } = current
        ? await next.apply(await next.plan(subject.type, null, current))
        : { diagnostics: [], instance: undefined };
      // What its parent always has is reset by a delete, and can be imported again.
      const stays = subject.definition.undeletable !== undefined || subject.definition.binding.alwaysExists !== undefined;
      const gone = stays ? {} : await next.import(subject.type, subject.id(config));
      return errors(diagnostics).length > 0 || instance || ('instance' in gone && gone.instance)
        ? `${subject.type} is not deleted: ${JSON.stringify(diagnostics)}`
        : '';
    }
    const plan = await next.plan(subject.type, wanted, current && { ...current, ...(after.tainted && { tainted: true }) });
    const settled = done(await next.apply(plan));
    const again = await freshPlan(await target.core({ endpoint: server.endpoint }), wanted, settled);
    const changes = again.changes.filter((name) => operation !== 'import' || !subject.untold().includes(name));
    return changes.length > 0 ? `${subject.type} does not converge: ${changes.join(', ')}` : '';
  }
}

interface Run {
  readonly subject: Subject;
  readonly operation: (typeof operations)[number];
  readonly kind: FaultKind;
  readonly config: ValueRecord;
  readonly server: TestServer;
}

/** The configuration with another description or whatever can be changed in place. */
function change(subject: Subject, config: ValueRecord): ValueRecord | undefined {
  const field = subject
    .readable()
    .find(({ name, facts, shape }) => !facts.forceNew && shape.kind === 'string' && !subject.unique().includes(name));
  return field && { ...config, ...Object.fromEntries([[field.name, subject.pair(config, field)[1][field.name] ?? null]]) };
}
