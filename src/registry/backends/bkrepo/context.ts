import { type Context } from '../../context';
import { type Repository } from './model';
import { type ServedRepositories } from './served';
import { type BkTables } from './tables';

/** What the data plane tells the management side about the files of repositories. */
export interface Contents {
  /** Whether a repository holds anything that keeps it from being deleted without force. */
  hasArtifacts(repository: Repository): Promise<boolean>;
  /** Forgets everything in a repository. */
  clear(repository: Repository, by: string): Promise<void>;
}

/** How the embedded BK-Repo is set up. */
export interface BkRepoSettings {
  /** What stands before every path, such as `/bkrepo`; empty for nothing. */
  readonly prefix: string;
  /** The keys that a repository gets when its request names none, and the project neither. */
  readonly storage: {
    readonly byName?: Readonly<Record<string, string>>;
    readonly byType?: Readonly<Record<string, string>>;
    readonly default?: string | null;
  };
  /** How long, in milliseconds, the creator of a project or repository waits for the right to manage it. */
  readonly creatorGrantDelay: number;
  /** How long, in milliseconds, services go by what they last saw of a repository. */
  readonly repositoryCache: number;
  /** Whether `POST` creates demand the header `X-Bk-Tenant-Id`. */
  readonly multiTenant: boolean;
}

/** What every route of the BK-Repo backend works with. */
export interface BkContext extends Context {
  readonly bk: BkTables;
  readonly settings: BkRepoSettings;
  /** What the services remember of repositories. */
  readonly served: ServedRepositories;
  /** Who knows the files of repositories; whoever does adds itself. */
  readonly contents: Contents[];
}
