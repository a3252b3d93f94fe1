import { type MetadataStore } from '../../store/metadata';
import { Kind, type KindName, type Lag } from './kind';
import { type Follower, ObjectStore } from './object-store';
import { type KubeObject } from './objects';
import { type HelmRepo } from './v3/model';
import { type Application, type ApplicationVersion, type Repo, type RepoEvent } from './v4/model';

/** A workspace; here there is no difference to the template that it is made of. */
export type WorkspaceTemplate = KubeObject<WorkspaceSpec, object>;

/** How a workspace is made, with what else a client says of it. */
export interface WorkspaceSpec {
  readonly template?: { readonly spec?: { readonly manager?: string } };
  readonly placement?: object;
}

/** Everything that the server keeps as objects of Kubernetes. */
export class Cluster {
  readonly workspaces: Kind<WorkspaceTemplate>;
  /** The application repositories of version 3. */
  readonly helmRepos: Kind<HelmRepo>;
  /** The application repositories of version 4, and what comes of them. */
  readonly repos: Kind<Repo>;
  readonly apps: Kind<Application>;
  readonly versions: Kind<ApplicationVersion>;
  readonly events: Kind<RepoEvent>;
  readonly #store: ObjectStore;

  private constructor(
    metadata: MetadataStore,
    /** How late readers hear of changes. */
    readonly lag: Lag | undefined,
  ) {
    const followers = new Map<string, Follower>();
    this.#store = new ObjectStore(metadata, followers);
    const kind = <T extends KubeObject>(name: KindName): Kind<T> => {
      const made = new Kind<T>(name, this.#store, lag);
      followers.set(name.kind, made);
      return made;
    };
    const group = 'application.kubesphere.io';
    this.workspaces = kind({ group: `tenant.kubesphere.io`, kind: 'WorkspaceTemplate', plural: 'workspacetemplates' });
    this.helmRepos = kind({ group, kind: 'HelmRepo', plural: 'helmrepos' });
    this.repos = kind({ group, kind: 'Repo', plural: 'repos' });
    this.apps = kind({ group, kind: 'Application', plural: 'applications' });
    this.versions = kind({ group, kind: 'ApplicationVersion', plural: 'applicationversions' });
    this.events = kind({ group: '', kind: 'Event', plural: 'events' });
  }

  /** Opens the cluster that a store holds. */
  static async open(metadata: MetadataStore, lag: Lag | undefined): Promise<Cluster> {
    const cluster = new Cluster(metadata, lag);
    await cluster.#store.open();
    return cluster;
  }

  /** Brings what is known here up to date with what was committed before. */
  refresh(): Promise<void> {
    return this.#store.refresh();
  }

  /** Looks for changes of other processes also while nobody asks. */
  follow(): void {
    this.#store.poll();
  }

  /** Ends that. */
  close(): void {
    this.#store.close();
  }
}
