import { type KsContext } from '../context';
import { type IndexFile } from '../index/index-file';
import { shorten, timestamp, workspaceOf } from '../objects';
import { alone, type Outcome, WorkQueue } from '../work-queue';
import { newId } from './ids';
import { type HelmApp, type HelmRepo, type HelmRepoStatus, type SyncState } from './model';

/** What keeps a repository until the controller has let go of it. */
export const FINALIZER = 'helmrepo.application.kubesphere.io';

/** In seconds: the pause after a synchronization before a change is followed by the next, also the step of the back-off; and its limit. */
const [PAUSE, LONGEST_PAUSE] = [60, 600];
const MIN_PERIOD = 180;
const SOON = 10;
const KEPT_STATES = 10;
const MAX_MESSAGE = 512;

/** Synchronizes the repositories of version 3, as its controller does. */
export class HelmRepoController {
  readonly #queue: WorkQueue;

  constructor(private readonly context: KsContext) {
    const { cluster, pace } = context;
    this.#queue = new WorkQueue({ ...pace, reconcile: (name) => alone(context, name, () => this.#reconcile(name)) });
    cluster.helmRepos.watch((name) => this.#queue.add(name));
    cluster.workspaces.watch((name) => void this.#workspaceChanged(name).catch(() => undefined));
  }

  /** Ends all work. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** A workspace takes its repositories along. */
  async #workspaceChanged(workspace: string): Promise<void> {
    const { helmRepos, workspaces } = this.context.cluster;
    if (workspaces.get(workspace)) return;
    for (const repo of helmRepos.list()) if (workspaceOf(repo) === workspace) await helmRepos.remove(repo.metadata.name);
  }

  async #reconcile(name: string): Promise<Outcome> {
    const { helmRepos } = this.context.cluster;
    const repo = helmRepos.get(name);
    if (!repo) return undefined;
    const { metadata, spec, status } = repo;
    if (metadata.deletionTimestamp !== undefined) return void (await helmRepos.remove(name));
    if (status.state === undefined) return void (await helmRepos.setStatus(name, { ...status, state: 'syncing' }));
    const { finalizers = [] } = metadata;
    if (!finalizers.includes(FINALIZER)) {
      return void (await helmRepos.update({ ...repo, metadata: { ...metadata, finalizers: [...finalizers, FINALIZER] } }));
    }
    const { syncPeriod = 0 } = spec;
    const period = syncPeriod === 0 ? 0 : Math.max(syncPeriod, MIN_PERIOD);
    const wait = this.#wait(repo, period);
    if (wait > 0) return wait === Infinity ? undefined : { after: Math.max(SOON, wait) };
    const isGood = await this.#synchronize(repo);
    const after = isGood ? period : MIN_PERIOD;
    return after > 0 ? { after } : undefined;
  }

  /** The seconds until a repository is to be synchronized: none for at once, infinite for never. */
  #wait({ spec, status }: HelmRepo, period: number): number {
    const [latest] = status.syncState ?? [];
    if (!latest) return 0;
    const passed = (Date.now() - latest.at) / this.context.pace.secondMs;
    const failures = (status.syncState ?? []).findIndex(({ state }) => state === 'successful');
    const failed = failures < 0 ? (status.syncState ?? []).length : failures;
    if (failed > 0) return Math.min(PAUSE * failed, LONGEST_PAUSE) - passed;
    if ((spec.version ?? 0) !== (status.version ?? 0)) return passed < PAUSE && passed >= 1 ? PAUSE - passed : 0;
    return period === 0 ? Infinity : period - passed;
  }

  async #synchronize(repo: HelmRepo): Promise<boolean> {
    const { cluster, loader } = this.context;
    const { name } = repo.metadata;
    const outcome = await loader.load(repo.spec.url, repo.spec.credential).then(
      (index) => ({ apps: appsOf(index, repo.status.apps ?? []) }),
      (cause: Error) => ({ problem: cause.message }),
    );
    const now = { syncTime: timestamp(), at: Date.now() };
    const state: SyncState =
      'apps' in outcome ? { state: 'successful', ...now } : { state: 'failed', message: shorten(outcome.problem, MAX_MESSAGE), ...now };
    const { syncState = [] } = repo.status;
    const status: HelmRepoStatus = {
      ...repo.status,
      ...('apps' in outcome && { apps: outcome.apps, version: repo.spec.version ?? 0 }),
      state: state.state,
      lastUpdateTime: now.syncTime,
      syncState: [state, ...syncState].slice(0, KEPT_STATES),
    };
    await cluster.helmRepos.setStatus(name, status);
    return 'apps' in outcome;
  }
}

/** The applications of an index; what was known keeps its ids. */
function appsOf({ entries }: IndexFile, known: readonly HelmApp[]): HelmApp[] {
  return [...entries].flatMap(([name, versions]) => {
    const [first] = versions;
    if (!first) return [];
    const before = known.find((app) => app.name === name);
    const ids = new Map(before?.versions.map(({ version, id }) => [version, id]));
    const created = before?.created ?? versions.map((version) => version.created).sort()[0] ?? '';
    const { description, icon } = before ?? first;
    const withIds = versions.map((version) => ({ ...version, id: ids.get(version.version) ?? newId('appv-') }));
    return [{ id: before?.id ?? newId('app-'), name, description, icon, created, versions: withIds }];
  });
}
