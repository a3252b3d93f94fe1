import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord, type ValueRecord } from '../../src/common/value';
import { startRegistry } from '../../src/registry/server';
import { artifactapi } from '../../src/resources/artifactapi';
import type { ResourceDefinition } from '../../src/schema/define/definition';
import type { SentRequest } from '../../src/schema/derive/permissions';
import { complete, type Core, dynamic } from '../../src/testing/core';
import { query } from '../../src/testing/query';
import { resolvedExample } from '../../src/testing/referred';
import { done, Subject } from '../../src/testing/subject';
import { serverBackend, startTarget, type Target } from '../../src/testing/target';

/** A request, with the attributes in its path in braces. */
type Recorded = Map<string, Set<string>>;

/**
 * The requests that the provider for ArtifactAPI sends: it is made to do everything once, at an embedded registry that serves only what real
 * servers are known to serve.
 */
export async function requestsOfArtifactapi(): Promise<readonly SentRequest[]> {
  const data = mkdtempSync(join(tmpdir(), 'repoform-requests-'));
  const registry = await startRegistry({ data, backends: ['artifactapi'], port: 0, strict: true, closeGraceMs: 0 });
  const target = await startTarget(
    artifactapi,
    serverBackend(registry.url, () => registry.close()),
  );
  const recorded: Recorded = new Map();
  try {
    for (const definition of typesApart(artifactapi.resources)) await recordResource(target, definition, recorded);
    await recordOthers(target, recorded);
  } finally {
    await target.stop();
    rmSync(data, { recursive: true, force: true });
  }
  const rows = [...recorded].map(([request, operations]) => {
    const [method = '', path = ''] = request.split(' ');
    return { method, path, operations: [...operations] };
  });
  return rows.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.method < b.method ? -1 : 1));
}

/** One type of each kind: those of one kind send the same. */
function typesApart(resources: readonly ResourceDefinition[]): readonly ResourceDefinition[] {
  const seen = new Set<string>();
  return resources.filter(({ binding, clients, type }) => {
    const kind = clients ? `${clients.kind} ${binding.list?.origin ?? ''}` : type;
    return !seen.has(kind) && seen.add(kind);
  });
}

/** What sends a request, and the values that its path may have. */
interface Sender {
  readonly operation: string;
  readonly values: ValueRecord;
}

/** Notes what was sent. */
function note(calls: readonly string[], recorded: Recorded, { operation, values }: Sender): void {
  for (const call of calls) {
    const [method = '', url = ''] = call.split(' ');
    const request = `${method} ${templated(url.split('?', 1)[0] ?? '', values)}`;
    recorded.set(request, (recorded.get(request) ?? new Set()).add(operation));
  }
}

/** A path with the names of attributes for their values, the longest first. */
function templated(path: string, values: ValueRecord): string {
  const texts = Object.entries(values)
    .filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && ['name', 'repository', 'path', 'remote'].includes(entry[0]),
    )
    .sort(([, a], [, b]) => b.length - a.length);
  const plain = decodeURIComponent(path);
  return texts.reduce((text, [name, value]) => {
    return text.replace(
      new RegExp(`(?<=/)${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=/|$)`),
      `{${name === 'path' ? name : 'repository'}}`,
    );
  }, plain);
}

async function recordResource(target: Target, definition: ResourceDefinition, recorded: Recorded): Promise<void> {
  const { type } = definition;
  const subject = new Subject(definition, target);
  const config = await subject.example('full', '-sent');
  const core = (): Promise<Core> => target.core();
  target.server.calls();
  const made = done(await (await core()).ensure(type, config));
  const values = isRecord(made.state) ? made.state : config;
  note(target.server.calls(), recorded, { operation: 'create', values });
  const [changed] = subject.readable().filter(({ facts }) => !facts.forceNew);
  await (await core()).refresh(made);
  note(target.server.calls(), recorded, { operation: 'read', values });
  const updated = changed ? done(await (await core()).ensure(type, subject.pair(config, changed)[1], made)) : made;
  note(target.server.calls(), recorded, { operation: 'update', values });
  await (await core()).import(type, subject.id(config));
  note(target.server.calls(), recorded, { operation: 'read', values });
  await query(await core(), { type, config: type.endsWith('_file') ? { repository: values['repository'] ?? null } : {} });
  note(target.server.calls(), recorded, { operation: 'list', values });
  const last = await core();
  await last.apply(await last.plan(type, null, updated));
  note(target.server.calls(), recorded, { operation: 'delete', values });
}

/** Data sources and actions. */
async function recordOthers(target: Target, recorded: Recorded): Promise<void> {
  const { dataSources, actions = [] } = artifactapi;
  for (const definition of [...dataSources, ...actions]) {
    const { type } = definition;
    const example = await resolvedExample(target, { definition, example: definition.example });
    // What deletes by pattern finds nothing here, by path it does not look first.
    const others = 'paths' in definition.attributes ? [{ ...example, pattern: null, paths: ['{path}'] }] : [];
    for (const values of [example, ...others]) {
      const core = await target.core();
      const { dataSources: sources, actions: acts } = core.provider.schema();
      const config = dynamic(complete((sources[type] ?? acts[type])?.block.attributes ?? [], values));
      target.server.calls();
      if (type in sources) await core.client.call('ReadDataSource', { typeName: type, config });
      else await core.client.stream('InvokeAction', { actionType: type, config });
      note(target.server.calls(), recorded, { operation: type, values });
    }
  }
}
