import { type KsContext } from '../context';
import { timestamp, workspaceOf } from '../objects';
import { alone, type Outcome, WorkQueue } from '../work-queue';
import { Applications } from './applications';
import { type Repo } from './model';

/** Synchronizes the repositories of version 4, as the controller `helmrepo-controller` does. */
export class RepoController {
  readonly #queue: WorkQueue;
  readonly #applications: Applications;
  /** When a status was written, to the millisecond. */
  readonly #written = new Map<string, number>();

  constructor(private readonly context: KsContext) {
    const { cluster, generation, pace } = context;
    this.#applications = new Applications(cluster, generation.apps);
    this.#queue = new WorkQueue({ ...pace, reconcile: (name) => alone(context, name, () => this.#reconcile(name)) });
    cluster.repos.watch((name) => this.#queue.add(name));
    // Of repositories that went while nobody looked.
    for (const repo of this.#applications.repositories()) this.#queue.add(repo);
    if (generation.tendsWorkspaces) cluster.workspaces.watch((name) => this.#workspaceChanged(name));
  }

  /** Ends all work. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  #workspaceChanged(workspace: string): void {
    for (const repo of this.context.cluster.repos.list()) if (workspaceOf(repo) === workspace) this.#queue.add(repo.metadata.name);
  }

  async #reconcile(name: string): Promise<Outcome> {
    const { cluster, generation, loader } = this.context;
    const repo = cluster.repos.get(name);
    await this.#applications.collect(name, repo?.metadata.uid);
    if (!repo) return void this.#written.delete(name);
    if (generation.tendsWorkspaces) {
      if (repo.status.state === undefined) await this.#setState(name, 'created');
      const workspace = workspaceOf(repo);
      if (workspace !== '' && !cluster.workspaces.get(workspace)) return void (await cluster.repos.remove(name));
    }
    const { syncPeriod = 0 } = repo.spec;
    const again = syncPeriod > 0 ? { after: syncPeriod } : undefined;
    if (await this.#isIdle(repo, syncPeriod)) return again;

    await this.#setState(name, 'syncing');
    const index = await loader.load(repo.spec.url, repo.spec.credential);
    await this.#applications.apply(repo, index);
    await this.#setState(name, 'successful');
    await this.#tell(repo);
    return again;
  }

  async #isIdle({ metadata, status }: Repo, syncPeriod: number): Promise<boolean> {
    const { generation, pace } = this.context;
    if (generation.hasAction && ['manualTrigger', 'syncing'].includes(status.state ?? '')) return false;
    if (syncPeriod === 0) {
      if (generation.idleState === 'nosync' && status.state !== 'nosync') await this.#setState(metadata.name, 'nosync');
      return true;
    }
    // What another process has written is known to the second.
    const written = Math.max(this.#written.get(metadata.name) ?? 0, Date.parse(status.lastUpdateTime ?? '') || 0);
    return status.state === 'successful' && (Date.now() - written) / pace.secondMs < syncPeriod;
  }

  async #setState(name: string, state: string): Promise<void> {
    this.#written.set(name, Date.now());
    await this.context.cluster.repos.setStatus(name, { lastUpdateTime: timestamp(), state });
  }

  /** One event a repository, which counts how often it happened. */
  async #tell({ metadata }: Repo): Promise<void> {
    const { events } = this.context.cluster;
    const now = timestamp();
    const known = events.list().find(({ spec }) => spec.uid === metadata.uid);
    if (known) return void (await events.setStatus(known.metadata.name, { ...known.status, count: known.status.count + 1, last: now }));
    const suffix = (BigInt(Date.now()) * 1_000_000n).toString(16);
    await events.create({
      metadata: { name: `${metadata.name}.${suffix}` },
      spec: { repo: metadata.name, uid: metadata.uid, repoVersion: metadata.resourceVersion },
      status: { count: 1, first: now, last: now },
    });
  }
}
