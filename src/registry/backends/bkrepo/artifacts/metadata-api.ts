import { type FastifyInstance } from 'fastify';
import * as z from 'zod';
import { readJson } from '../body';
import { type BkContext } from '../context';
import { ok } from '../envelope';
import { problem } from '../problem';
import { timestamp } from '../tables';
import { Changes } from './changes';
import { entriesOf, FORBID_KEYS, merge, metadataBody, type NodeMetadata, toMap } from './metadata';
import { type Node, type NodeKey } from './node';
import { Nodes } from './nodes';
import { nodeNotFound, target } from './target';

const URL = '/repository/api/metadata/:project/:repo/*';
const FORBID_URL = '/repository/api/metadata/forbid/:project/:repo/*';
/** The number of slashes before the path of `/repository/api/metadata/{project}/{repository}/{path}`. */
const SLASHES = 6;

/** `/repository/api/metadata`: metadata of nodes. */
export function metadataApi(app: FastifyInstance, context: BkContext): void {
  app.get(URL, async (request) => {
    const { place } = await target(context, request, { slashes: SLASHES, action: 'READ' });
    const node = await new Nodes(context.store.metadata).find(place);
    return ok(toMap(node?.metadata ?? []));
  });

  app.post(URL, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'WRITE' });
    const entries = entriesOf(await readJson(request, metadataBody));
    if (entries.length > 0) await save(context, { place, by: principal.userId, missing: 400 }, (old) => merge(old, entries));
    return ok();
  });

  app.delete(URL, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES, action: 'DELETE' });
    const { keyList } = await readJson(request, z.object({ keyList: z.array(z.string()) }));
    const kept = (old: readonly NodeMetadata[]) => {
      const system = old.find((entry) => entry.system && keyList.includes(entry.key));
      if (system) throw problem('ACCESS_DENIED', `No permission to update system metadata[${system.key}]`);
      return old.filter(({ key }) => !keyList.includes(key));
    };
    if (keyList.length > 0) await save(context, { place, by: principal.userId, missing: 404 }, kept);
    return ok();
  });

  app.post(FORBID_URL, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES + 1, action: 'UPDATE' });
    const { nodeMetadata } = await readJson(request, metadataBody);
    const value = (key: string) => nodeMetadata?.find((entry) => entry.key === key)?.value;
    const status = value('forbidStatus');
    if (typeof status !== 'boolean') return ok();
    const facts = { forbidStatus: status, forbidReason: value('forbidReason') ?? '', forbidUser: principal.userId, forbidType: 'MANUAL' };
    const entries = Object.entries(facts).map(([key, fact]) => ({ key, value: fact, system: true, description: null }));
    await save(context, { place, by: principal.userId, missing: 400 }, (old) => merge(old, entries));
    return ok();
  });

  app.delete(FORBID_URL, async (request) => {
    const { place, principal } = await target(context, request, { slashes: SLASHES + 1, action: 'UPDATE' });
    await save(context, { place, by: principal.userId, missing: 404 }, (old) => old.filter(({ key }) => !FORBID_KEYS.includes(key)));
    return ok();
  });
}

interface Saving {
  readonly place: NodeKey;
  readonly by: string;
  /** The status with which a missing node is refused. */
  readonly missing: 400 | 404;
}

function save(
  context: BkContext,
  { place, by, missing }: Saving,
  change: (old: Node['metadata']) => readonly NodeMetadata[],
): Promise<void> {
  return Changes.run(context, by, async ({ nodes }) => {
    const node = await nodes.find(place);
    if (!node || node.id === '') throw nodeNotFound(place.path, missing);
    const metadata = JSON.stringify(change(node.metadata));
    await nodes.update(node, { metadata, modified_by: by, modified_at: timestamp() });
  });
}
