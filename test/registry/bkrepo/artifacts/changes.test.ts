import { isDeepStrictEqual } from 'node:util';
import { asyncProperty, assert, array, constantFrom, boolean, integer, oneof, record, constant } from 'fast-check';
import { Changes } from '../../../../src/registry/backends/bkrepo/artifacts/changes';
import { Nodes } from '../../../../src/registry/backends/bkrepo/artifacts/nodes';
import { normalizePath, ROOT } from '../../../../src/registry/backends/bkrepo/artifacts/paths';
import { restore, STRATEGIES } from '../../../../src/registry/backends/bkrepo/artifacts/restore';
import { rename, transfer } from '../../../../src/registry/backends/bkrepo/artifacts/transfer';
import { type BkContext } from '../../../../src/registry/backends/bkrepo/context';
import { BkProblem } from '../../../../src/registry/backends/bkrepo/problem';
import { seedProject } from '../../../../src/registry/backends/bkrepo/seed';
import { setUpBkRepo } from '../../../../src/registry/backends/bkrepo/setup';
import { keyOf, liveRepository } from '../../../../src/registry/backends/bkrepo/tables';
import { Access } from '../../../../src/registry/access/access';
import { ownSigner } from '../../../../src/registry/signing';
import { type Context } from '../../../../src/registry/context';
import { Events } from '../../../../src/registry/events';
import { silent } from '../../../../src/registry/logger';
import { Quotas } from '../../../../src/registry/store/quotas';
import { Operations } from '../../../../src/registry/operations/operations';
import { Engine } from '../../../../src/registry/proxy/engine';
import { IndexCache } from '../../../../src/registry/proxy/index-cache';
import { Reach } from '../../../../src/registry/proxy/reach';
import { Upstream } from '../../../../src/registry/proxy/upstream';
import { type Tables } from '../../../../src/registry/store/tables';
import { cleanUp, openTestStore, tempFolder } from '../../helpers';

afterEach(cleanUp);

const project = 'blueking';
const repo = 'generic-local';
const segment = constantFrom('a', 'b');
const path = array(segment, { maxLength: 3 }).map((parts) => normalizePath(parts.join('/')));
const step = oneof(
  record({ kind: constant('put' as const), path, size: integer({ min: 1, max: 9 }), overwrite: boolean() }),
  record({ kind: constant('mkdir' as const), path }),
  record({ kind: constant('remove' as const), path }),
  record({ kind: constant('rename' as const), path, to: path }),
  record({ kind: constantFrom('move' as const, 'copy' as const), path, to: path, overwrite: boolean() }),
  record({ kind: constant('restore' as const), path, strategy: constantFrom(...STRATEGIES) }),
);
type Step = typeof step extends { generate: (...args: never[]) => { value: infer S } } ? S : never;

async function contextOf(): Promise<{ context: BkContext; close: () => Promise<void> }> {
  const store = await openTestStore(tempFolder());
  const upstream = new Upstream();
  const access = new Access(store, { isRequired: false, isLimited: false }, silent);
  const engine = new Engine({ store, upstream, logger: silent, onCached: () => undefined });
  const base: Context = {
    store,
    access,
    engine,
    indexes: new IndexCache(),
    reach: new Reach(),
    isExposed: false,
    events: new Events(),
    logger: silent,
    quotas: new Quotas(),
    operations: await Operations.open({ options: {}, logger: silent, strict: false, trustForwarded: false, environment: {} }),
    given: {},
    signer: ownSigner(store.signingKeys),
    strict: false,
    publicUrl: undefined,
    pages: () => ({}),
  };
  const { context } = await setUpBkRepo(base, {});
  await seedProject(context);
  await store.metadata.tables<Tables>().insertInto('blobs').values({ hash: 'h', size: 1, created_at: '' }).execute();
  return {
    context,
    close: async () => {
      await upstream.close();
      await store.close();
    },
  };
}

function take(changes: Changes, wish: Step, moment: number): Promise<unknown> {
  const place = { project, repo, path: wish.path };
  const content = { hash: 'h', md5: '', crc64ecma: '', metadata: [], expires: 0 };
  if (wish.kind === 'put') return changes.putFile(place, { ...content, size: wish.size, overwrite: wish.overwrite });
  if (wish.kind === 'mkdir') return changes.mkdir(place);
  if (wish.kind === 'remove') return changes.remove([place]);
  if (wish.kind === 'rename') return rename(changes, place, wish.to);
  if (wish.kind === 'restore') return restore(changes, place, { moment, strategy: wish.strategy });
  return transfer(changes, { from: place, to: { ...place, path: wish.to }, overwrite: wish.overwrite, move: wish.kind === 'move' });
}

test('whatever is done to nodes, each lies in a folder, what is used adds up, each change is counted, and a refusal changes nothing', async () => {
  const { context, close } = await contextOf();
  const nodes = new Nodes(context.store.metadata);
  const all = () => nodes.list({ project, repo, path: ROOT }, { deep: true, includeFolder: true });
  const quota = 25;
  let moment = 0;
  await assert(
    asyncProperty(array(step, { minLength: 8, maxLength: 30 }), async (steps) => {
      await nodes.forget(project, repo);
      const repository = await liveRepository(context.bk, project, repo);
      if (!repository) throw new Error('no repository');
      await context.bk.repositories.replace(keyOf(project, repo), { ...repository, quota, used: 0 });
      for (const wish of steps) {
        const [before, revision] = [await all(), await nodes.revision({ project, repo })];
        const refused = await Changes.run(context, 'x', (changes) => take(changes, wish, moment)).then(
          (result) => {
            const time = (result as { deletedTime?: string } | undefined)?.deletedTime;
            if (time !== undefined) moment = Date.parse(`${time}Z`);
            return false;
          },
          (cause: unknown) => {
            if (cause instanceof BkProblem && cause.status === 400) return true;
            throw cause;
          },
        );
        const now = await all();
        const revised = await nodes.revision({ project, repo });
        if (refused) expect([now, revised]).toEqual([before, revision]);
        if (!isDeepStrictEqual(now, before)) expect(revised).not.toEqual(revision);
        const folders = new Set([ROOT, ...now.filter(({ folder }) => folder).map(({ full_path }) => `${full_path}/`)]);
        for (const node of now) expect(folders).toContain(node.parent);
        const used = now.reduce((sum, { size }) => sum + size, 0);
        expect((await liveRepository(context.bk, project, repo))?.used).toBe(used);
        expect(used).toBeLessThanOrEqual(quota);
      }
    }),
    { numRuns: 80 },
  );
  await close();
}, 180_000);
