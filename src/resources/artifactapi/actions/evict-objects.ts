import {
  type ApiClient,
  attr,
  AttributeError,
  type Config,
  defineAction,
  type Diagnostic,
  error,
  known,
  notFoundIsNothing,
  pattern,
  repositoryName,
  textOf,
  warning,
  z,
} from '../../../schema/define';
import { patternMatches } from '../../../common/re2';
import { filesAt, objectsPath } from '../objects';
import { anyRepository } from '../paths';
import { ofRemote } from '../shared';

/** The server lists at most this many objects for one eviction. */
const most = 1_000_000;
/** How many evictions are under way at once; the client has its own limit. */
const atOnce = 16;

const attributes = {
  remote: attr(repositoryName, 'Name of the remote.', ofRemote),
  paths: attr(z.array(z.string().min(1)).min(1).optional(), 'Paths of the objects, as the server lists them.', {
    conflicts: ['pattern'],
  }),
  pattern: attr(pattern.optional(), 'All objects whose path matches this RE2 pattern anywhere; `.` matches every path.'),
};

const local = (name: string): Diagnostic =>
  error(
    'Not a Remote',
    `"remote": "${name}" is a local: its files are the only copy, and evicting them would delete them. Name a remote; to delete a file of a local, remove it from the configuration that manages it, or delete it on the server.`,
    ['remote'],
  );

function oneOf({ paths, pattern: matching }: Config<typeof attributes>): Diagnostic[] {
  if (paths !== undefined || matching !== undefined) return [];
  return [error('Nothing to Evict', 'Set "paths", or "pattern" to evict all objects that match it; the pattern . matches every path.')];
}

export const evictObjects = defineAction({
  type: 'artifactapi_evict_objects',
  description:
    'Evicts cached objects of a remote, so that the next request fetches them from the upstream again. Files of a local are never evicted, because that would delete them.',
  attributes,
  checks: [oneOf],
  planChecks: [
    async ({ config: { remote }, find }) => {
      const name = known(remote);
      const found = name === undefined ? undefined : await find(/^artifactapi_(remote|local)_/, { name });
      const isLocal = found && ('planned' in found ? /_local_/.test(found.planned) : found.object.repo_type === 'local');
      return name !== undefined && isLocal ? [local(name)] : [];
    },
  ],
  async invoke({ client, config: { remote, paths, pattern: matching }, find, progress, tell }) {
    const repository = await find(anyRepository, { name: remote });
    if (!repository) throw new AttributeError(`the server has no remote "${remote}"; check the name`, 'remote');
    if (textOf(repository.repo_type) === 'local') return tell(local(remote));
    const at = objectsPath('remote', remote);
    const wanted = paths ?? (await matches(client, at, matching ?? ''));
    const queue = [...wanted];
    let evicted = 0;
    const work = async (): Promise<void> => {
      for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
        const request = { method: 'DELETE', path: `${at}/${path.split('/').map(encodeURIComponent).join('/')}` } as const;
        if (!(await notFoundIsNothing(client.send(request)))) continue;
        evicted += 1;
        if (evicted % 100 === 0) progress(`evicted ${evicted} of ${wanted.length} objects of "${remote}"`);
      }
    };
    const failing = (thrown: unknown): never => {
      queue.length = 0;
      throw thrown;
    };
    // Nothing may go on once the action has ended, so what is under way is awaited.
    const ended = await Promise.allSettled(Array.from({ length: Math.min(atOnce, wanted.length) }, () => work().catch(failing)));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') {
      progress(`evicted ${evicted} of ${wanted.length} objects of "${remote}"`);
      throw failed.reason;
    }
    if (evicted > 0) return progress(`evicted ${evicted === 1 ? 'one object' : `${evicted} objects`} of "${remote}"`);
    const which = paths
      ? `None of the paths is a cached object of "${remote}"`
      : `No cached object of "${remote}" matches ${JSON.stringify(matching)}`;
    tell(warning('Nothing Evicted', `${which}.`));
  },
  example: { remote: { ref: 'artifactapi_remote_npm.example.name' }, pattern: '^left-pad' },
});

const matches = async (client: ApiClient, at: string, matching: string): Promise<string[]> =>
  (await filesAt(client, at, most)).map(({ path }) => path).filter((path) => patternMatches(matching, path));
