import { type Credential } from '../index/load';
import { type KubeObject } from '../objects';

/** An application repository. */
export type Repo = KubeObject<
  { readonly url: string; readonly credential: Credential; readonly description?: string; readonly syncPeriod?: number },
  { readonly lastUpdateTime: string | null; readonly state?: string }
>;

/** What a chart becomes. */
export type Application = KubeObject<
  { readonly appHome?: string; readonly appType: string; readonly icon?: string; readonly abstraction?: string },
  { readonly state?: string; readonly updateTime: string | null }
>;

/** What a version of a chart becomes. */
export type ApplicationVersion = KubeObject<
  {
    readonly versionName: string;
    readonly appHome?: string;
    readonly icon?: string;
    readonly created: string;
    readonly digest?: string;
    readonly appType: string;
    readonly maintainer?: readonly Record<string, string>[];
    readonly pullUrl: string;
  },
  { readonly state: string; readonly updated: string }
>;

/** That a repository was synchronized: one event for each repository, which counts. */
export type RepoEvent = KubeObject<
  { readonly repo: string; readonly uid: string; readonly repoVersion: string },
  { readonly count: number; readonly first: string; readonly last: string }
>;

/** The API that these objects belong to. */
export const API_VERSION = 'application.kubesphere.io/v2';
