import type { TerraformProvider } from 'cdktf';
import type { RemoteHelmConfig } from '../../generated/artifactapi/remote-helm';
import type { AppRepositoryConfig } from '../app-repository';

/** Settings of the remotes. */
export type CatalogRemoteSettings = Partial<Omit<RemoteHelmConfig, 'name' | 'baseUrl' | 'provider'>>;

/** A chart repository of a `HelmCatalog`. */
export interface CatalogRepository {
  /** Its name in the catalogue; the remote is called by the catalogue's name, "-", and this. */
  readonly name: string;
  /** URL of the chart repository, without user name and password. */
  readonly url: string;
  /**
   * The workspaces of the catalogue that see its charts.
   *
   * @default all of them
   */
  readonly workspaces?: readonly string[];
  /**
   * Further settings of its remote, e.g. `username` and `passwordWo`, which KubeSphere never sees.
   *
   * @default those of the catalogue
   */
  readonly remote?: CatalogRemoteSettings;
}

/** Properties of a `HelmCatalog`. */
export interface HelmCatalogProps {
  /** Name of the virtual that clients use; the names of all other objects begin with it. */
  readonly name: string;
  /** The chart repositories. If several have the same version of a chart, the first one provides it. */
  readonly repositories: readonly CatalogRepository[];
  /**
   * The workspaces of KubeSphere that get the catalogue; they must exist.
   *
   * @default none; the catalogue is in `system-workspace`, which on KubeSphere 4 every workspace sees, and on 3 no other one
   */
  readonly workspaces?: readonly string[];
  /**
   * Base URL of ArtifactAPI, as KubeSphere reaches it.
   *
   * @default the endpoint of the provider
   */
  readonly endpoint?: string;
  /**
   * Further settings of all remotes, e.g. `mutableTtl`, the seconds after which an index is fetched again.
   *
   * @default none
   */
  readonly remote?: CatalogRemoteSettings;
  /**
   * Further settings of all app repositories.
   *
   * @default a sync every hour
   */
  readonly appRepository?: Partial<Omit<AppRepositoryConfig, 'name' | 'url' | 'type' | 'workspace' | 'provider'>>;
  /**
   * The provider of ArtifactAPI.
   *
   * @default the stack's provider
   */
  readonly artifactapi?: TerraformProvider;
  /**
   * The provider of KubeSphere.
   *
   * @default the stack's provider
   */
  readonly kubesphere?: TerraformProvider;
}
