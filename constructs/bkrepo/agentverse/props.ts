import type { TerraformProvider } from 'cdktf';
import type { LocalRepositoryConfig, ProjectConfig, UserConfig } from '../../generated/bkrepo';

/** What the service can be allowed to do with files. */
export type AgentVerseAction = 'WRITE' | 'DOWNLOAD' | 'DELETE' | 'READ' | 'VIEW' | 'UPDATE';

/** A token that the service logs in with. */
export interface AgentVerseToken {
  /** Name of the token, unique for the user. */
  readonly name: string;
  /**
   * When it expires, in UTC, e.g. `2030-01-31T12:00:00Z`.
   *
   * @default never
   */
  readonly expiresAt?: string;
  /** Confirms that you accept this: the server returns a token only once, so a token that is passed on is stored in the state, where everybody with access to the state can read it. */
  readonly storeSecretInState: true;
}

/** An existing project: a `Project`, a `DataBkrepoProject`, or its id. */
export interface ExistingProject {
  /** The name by which other objects refer to it. */
  readonly projectId: string;
}

/** Properties of an `AgentVerseStorage`. */
export interface AgentVerseStorageProps {
  /** The project that holds the repository: the name of a new one, or an existing one (a `Project`, a `DataBkrepoProject`, `{ projectId }`). */
  readonly project: string | ExistingProject;
  /** Password of the service user, from a `secretVariable`; it is sent to the server and stored nowhere. */
  readonly passwordWo: string;
  /**
   * Name of the repository.
   *
   * @default "agentverse-packages"
   */
  readonly repository?: string;
  /**
   * Id of the service user.
   *
   * @default "agentverse-service"
   */
  readonly username?: string;
  /**
   * Whether AgentVerse overwrites a file that it uploads again.
   *
   * @default true
   */
  readonly overwrite?: boolean;
  /**
   * What the service may do with files. Uploads, including those that overwrite a file, need WRITE, downloads DOWNLOAD, deletes DELETE.
   *
   * @default ["WRITE", "DOWNLOAD", "DELETE"]
   */
  readonly actions?: readonly AgentVerseAction[];
  /**
   * A token that the service uses instead of the password: `{ name, expiresAt, storeSecretInState: true }`. The server returns it only
   * once, so a token that is passed on is stored in the state; a password is not.
   *
   * @default none
   */
  readonly token?: AgentVerseToken;
  /**
   * Base URL of the server, as AgentVerse reaches it.
   *
   * @default the endpoint of the provider
   */
  readonly endpoint?: string;
  /**
   * Further settings of a new project.
   *
   * @default a display name and a description
   */
  readonly projectSettings?: Partial<Omit<ProjectConfig, 'name' | 'provider'>>;
  /**
   * Further settings of the repository, e.g. a quota.
   *
   * @default a description
   */
  readonly repositorySettings?: Partial<Omit<LocalRepositoryConfig, 'project' | 'name' | 'type' | 'public' | 'provider'>>;
  /**
   * Further settings of the service user, e.g. an email address.
   *
   * @default the name "AgentVerse"
   */
  readonly userSettings?: Partial<Omit<UserConfig, 'userId' | 'password' | 'passwordWo' | 'admin' | 'group' | 'provider'>>;
  /**
   * The provider of all of them.
   *
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
}
