import { Collection } from '../../store/documents';
import { type MetadataStore as Database } from '../../store/metadata';
import { Kind, type KindName, type Lag, type Sequence } from './kind';
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

  private constructor(db: Database, sequence: Sequence) {
    const kind = <T extends KubeObject>(name: KindName) =>
      new Kind<T>(name, new Collection<T>(db, name.kind, 'kubesphere_documents'), sequence);
    const group = 'application.kubesphere.io';
    this.workspaces = kind({ group: `tenant.kubesphere.io`, kind: 'WorkspaceTemplate', plural: 'workspacetemplates' });
    this.helmRepos = kind({ group, kind: 'HelmRepo', plural: 'helmrepos' });
    this.repos = kind({ group, kind: 'Repo', plural: 'repos' });
    this.apps = kind({ group, kind: 'Application', plural: 'applications' });
    this.versions = kind({ group, kind: 'ApplicationVersion', plural: 'applicationversions' });
    this.events = kind({ group: '', kind: 'Event', plural: 'events' });
    this.lag = sequence.lag;
  }

  /** How late readers hear of changes. */
  readonly lag: Lag | undefined;

  /** Opens the cluster that a store holds. */
  static async open(db: Database, lag: Lag | undefined): Promise<Cluster> {
    const cluster = new Cluster(db, { revision: 0, lag });
    const { workspaces, helmRepos, repos, apps, versions, events } = cluster;
    for (const kind of [workspaces, helmRepos, repos, apps, versions, events]) await kind.load();
    return cluster;
  }
}
