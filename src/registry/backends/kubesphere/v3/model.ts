import { type Credential } from '../index/load';
import { type ChartVersion } from '../index/index-file';
import { type KubeObject } from '../objects';

/** An application repository. */
export type HelmRepo = KubeObject<
  {
    readonly name: string;
    readonly url: string;
    readonly credential: Credential;
    readonly description?: string;
    /** In seconds; 0 for never. */
    readonly syncPeriod?: number;
    /** Counts the changes that ask for a synchronization. */
    readonly version?: number;
  },
  HelmRepoStatus
>;

/** What the controller tells of a repository. */
export interface HelmRepoStatus {
  readonly state?: string;
  /** The version of the last synchronization that went well. */
  readonly version?: number;
  readonly lastUpdateTime?: string;
  /** The last synchronizations, newest first. */
  readonly syncState?: readonly SyncState[];
  /** What the index brought; never shown as such. */
  readonly apps?: readonly HelmApp[];
}

/** How a synchronization went. */
export interface SyncState {
  readonly state: 'successful' | 'failed';
  readonly message?: string;
  readonly syncTime: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A chart of a repository. */
export interface HelmApp {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly icon: string;
  readonly created: string;
  readonly versions: readonly (ChartVersion & { readonly id: string })[];
}
