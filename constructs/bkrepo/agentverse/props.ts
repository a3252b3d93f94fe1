import type { TerraformProvider } from 'cdktf';
import type { LocalRepositoryConfig, ProjectConfig, UserConfig } from '../../generated/bkrepo';

/** What a service can be allowed to do with files. */
export type AgentVerseAction = 'WRITE' | 'DOWNLOAD' | 'DELETE' | 'READ' | 'VIEW' | 'UPDATE';

/** A token that the service logs in with. */
export interface AgentVerseToken {
  /** Name of the token, unique for the user. */
  readonly name: string;
  /**
   * When it ends, in UTC, e.g. `2030-01-31T12:00:00Z`.
   *
   * @default never
   */
  readonly expiresAt?: string;
  /** Says that you know: the server tells a token once, so one that is handed on is kept in the state, readable to all who read that. */
  readonly storeSecretInState: true;
}

/** A project that is there: a `Project`, a `DataBkrepoProject`, or its id. */
export interface ExistingProject {
  /** The name by which other objects refer to it. */
  readonly projectId: string;
}

/** What an `AgentVerseStorage` is told. */
export interface AgentVerseStorageProps {
  /** The project that holds the repository: the name of a new one, or one that is there (a `Project`, a `DataBkrepoProject`, `{ projectId }`). */
  readonly project: string | ExistingProject;
  /** Password of the service user, from a `secretVariable`; it is sent to the server and kept nowhere. */
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
   * Whether AgentVerse replaces a file when it uploads one again.
   *
   * @default true
   */
  readonly overwrite?: boolean;
  /**
   * What the service may do with files. Uploads, replacing ones too, need WRITE; downloads DOWNLOAD; deletes DELETE.
   *
   * @default ["WRITE", "DOWNLOAD", "DELETE"]
   */
  readonly actions?: readonly AgentVerseAction[];
  /**
   * A token that the service uses instead of the password: `{ name, expiresAt, storeSecretInState: true }`. The server tells it once, so
   * one that is handed on is kept in the state; a password is not.
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
   * More settings of a new project.
   *
   * @default a display name and a description
   */
  readonly projectSettings?: Partial<Omit<ProjectConfig, 'name' | 'provider'>>;
  /**
   * More settings of the repository, e.g. a quota.
   *
   * @default a description
   */
  readonly repositorySettings?: Partial<Omit<LocalRepositoryConfig, 'project' | 'name' | 'type' | 'public' | 'provider'>>;
  /**
   * More settings of the service user, e.g. an address for messages.
   *
   * @default the name "AgentVerse"
   */
  readonly userSettings?: Partial<Omit<UserConfig, 'userId' | 'password' | 'passwordWo' | 'admin' | 'group' | 'provider'>>;
  /**
   * The provider of all of them.
   *
   * @default that of the stack
   */
  readonly provider?: TerraformProvider;
}
