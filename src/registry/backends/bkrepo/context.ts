import { type Context } from '../../context';
import { type ImageTokens } from './image-token';
import { type Repository } from './model';
import { type PasswordKeys } from './rsa';
import { type ServedRepositories } from './served';
import { type BkTables } from './tables';

/** What the data plane reports to the management side about files of repositories. */
export interface Contents {
  /** Whether a repository holds anything that keeps it from being deleted without force. */
  hasArtifacts(repository: Repository): Promise<boolean>;
  /** Forgets everything in a repository. */
  clear(repository: Repository, by: string): Promise<void>;
}

/** How the embedded BK-Repo is set up. */
export interface BkRepoSettings {
  /** The prefix of every path, such as `/bkrepo`; empty for none. */
  readonly prefix: string;
  /** The keys that a repository gets when its request names none, and the project neither. */
  readonly storage: {
    readonly byName?: Readonly<Record<string, string>>;
    readonly byType?: Readonly<Record<string, string>>;
    readonly default?: string | null;
  };
  /** How long, in milliseconds, the creator of a project or repository waits for the right to manage it. */
  readonly creatorGrantDelay: number;
  /** How long, in milliseconds, services cache what they last read about a repository. */
  readonly repositoryCache: number;
  /** Whether `POST` creates demand the header `X-Bk-Tenant-Id`. */
  readonly multiTenant: boolean;
}

/** What every route of the BK-Repo backend works with. */
export interface BkContext extends Context {
  readonly bk: BkTables;
  readonly settings: BkRepoSettings;
  readonly passwordKeys: PasswordKeys;
  /** What clients of images log in with. */
  readonly imageTokens: ImageTokens;
  /** What the services remember of repositories. */
  readonly served: ServedRepositories;
  /** The data planes that know the files of repositories; each registers itself. */
  readonly contents: Contents[];
}
