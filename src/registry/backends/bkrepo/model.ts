/** Creation and modification, as recorded on every object. */
export interface Audit {
  readonly createdBy: string;
  readonly createdDate: string;
  readonly lastModifiedBy: string;
  readonly lastModifiedDate: string;
}

/** One entry of a project's metadata. */
export interface ProjectMetadata {
  readonly key: string;
  readonly value: unknown;
}

/** A project. */
export interface Project extends Audit {
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly metadata: readonly ProjectMetadata[];
  /** Not there at all before it was first set. */
  readonly credentialsKey?: string | null;
  readonly tenantId: string | null;
}

/** The class of a repository's configuration and the settings that all classes share. */
export interface Configuration {
  readonly type: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly [block: string]: unknown;
}

/** A repository; a deleted one keeps its name until it is cleaned up or created again. */
export interface Repository extends Audit {
  readonly projectId: string;
  readonly name: string;
  readonly type: string;
  readonly category: string;
  readonly public: boolean;
  readonly description: string | null;
  readonly configuration: Configuration;
  readonly storageCredentialsKey: string | null;
  readonly quota: number | null;
  readonly used: number | null;
  readonly display: boolean;
  readonly displayName: string | null;
  /** `null` in repositories that are older than the field: PROJECT. */
  readonly visibility: string | null;
  readonly owner: string | null;
  readonly deleted: string | null;
}

/** A user. */
export interface User {
  readonly userId: string;
  readonly name: string;
  /** The hash of the password. */
  readonly pwd: string;
  readonly admin: boolean;
  readonly locked: boolean;
  readonly group: boolean;
  readonly asstUsers: readonly string[];
  readonly email: string | null;
  readonly phone: string | null;
  readonly tenantId: string | null;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
  /** The identities of the roles the user has. */
  readonly roles: readonly string[];
}

/** A token that stands in for a user's password. */
export interface UserToken {
  readonly userId: string;
  readonly name: string;
  /** The hash of the secret. */
  readonly secret: string;
  readonly createdAt: string;
  readonly expiredAt: string | null;
}

/** A role of a project, a repository or a service. */
export interface Role {
  readonly roleId: string;
  readonly name: string;
  readonly type: 'PROJECT' | 'REPO' | 'SERVICE';
  readonly projectId: string | null;
  readonly repoName: string | null;
  readonly admin: boolean;
  readonly description: string | null;
  readonly source: string | null;
  readonly deptInfoList: readonly unknown[] | null;
}

/** What users and roles may do with a project, repositories or paths. */
export interface Permission {
  readonly resourceType: string;
  readonly projectId: string | null;
  readonly permName: string;
  readonly repos: readonly string[];
  readonly includePattern: readonly string[];
  readonly excludePattern: readonly string[];
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  readonly createBy: string;
  readonly createAt: string;
  readonly updatedBy: string;
  readonly updateAt: string;
}

/** Whether a repository's paths are guarded one by one. */
export interface AccessMode {
  readonly projectId: string;
  readonly repoName: string;
  readonly accessControlMode: 'STRICT' | 'DEFAULT' | 'DIR_CTRL';
  readonly officeDenyGroupSet: readonly string[];
  readonly bkiamv3Check: boolean;
}

/** A platform application that authenticates by access key and secret key. */
export interface Account {
  readonly appId: string;
  readonly accessKey: string;
  /** The hash of the secret key. */
  readonly secretKey: string;
}

/** A proxy channel of a composite repository. */
export interface ProxyChannel {
  readonly projectId: string;
  readonly repoName: string;
  readonly public: boolean;
  readonly name: string;
  readonly url: string;
  readonly repoType: string;
  readonly credentialKey: string | null;
  readonly username: string | null;
  readonly password: string | null;
}

/** Where blobs are kept; only the key and what validation needs. */
export interface StorageCredential {
  readonly key: string;
  readonly region: string | null;
  readonly credentials: Readonly<Record<string, unknown>>;
  /** Types of repositories that may not be kept there. */
  readonly notAllowRepoTypes: readonly string[];
}
