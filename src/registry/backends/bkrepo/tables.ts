import { Artifacts } from '../../store/artifacts';
import { Collection, documentsTable } from '../../store/documents';
import { type MetadataStore, type TableSet } from '../../store/metadata';
import { countNodeChanges, createBkArtifacts, indexLists, KEEPERS } from './artifacts/tables';
import {
  type AccessMode,
  type Account,
  type Permission,
  type Project,
  type ProxyChannel,
  type Repository,
  type Role,
  type StorageCredential,
  type User,
  type UserToken,
} from './model';

const DOCUMENTS = 'bkrepo_documents';

/** The tables of the BK-Repo backend. */
export const bkRepoTables: TableSet = {
  name: 'bkrepo',
  migrations: [createBkArtifacts, documentsTable(DOCUMENTS), countNodeChanges, indexLists],
  counted: [3, 4],
  keepers: KEEPERS,
  secrets: {
    [DOCUMENTS]: { isSecret: ({ kind }) => ['user', 'token', 'account'].includes(String(kind)), members: ['password', 'credentials'] },
  },
};

/** Everything that the BK-Repo backend keeps of its management side, but for nodes and packages. */
export class BkTables {
  /** By name. */
  readonly projects: Collection<Project>;
  /** By `project/name`, listed by project; the deleted ones are among them. */
  readonly repositories: Collection<Repository>;
  /** By user id. */
  readonly users: Collection<User>;
  /** By `user/name`, listed by user. */
  readonly tokens: Collection<UserToken>;
  /** By what makes a role the same, listed by project. */
  readonly roles: Collection<Role>;
  /** By resource type, project and name, listed by project. */
  readonly permissions: Collection<Permission>;
  /** By `project/repository`. */
  readonly modes: Collection<AccessMode>;
  /** By access key. */
  readonly accounts: Collection<Account>;
  /** By `project/repository/name`, listed by `project/repository`. */
  readonly channels: Collection<ProxyChannel>;
  /** By key. */
  readonly storageCredentials: Collection<StorageCredential>;

  constructor(private readonly metadata: MetadataStore) {
    const collection = <T extends object>(kind: string) => new Collection<T>(metadata, kind, DOCUMENTS);
    this.projects = collection('project');
    this.repositories = collection('repository');
    this.users = collection('user');
    this.tokens = collection('token');
    this.roles = collection('role');
    this.permissions = collection('permission');
    this.modes = collection('mode');
    this.accounts = collection('account');
    this.channels = collection('channel');
    this.storageCredentials = collection('storage');
  }

  /** Forgets what is cached under the name of an upstream. */
  forgetCached(name: string): Promise<void> {
    return new Artifacts(this.metadata).forget(name);
  }

  /** Runs steps that see and do all or nothing; inside, only the tables that are handed in may be used. */
  atomically<T>(steps: (tables: BkTables) => Promise<T>): Promise<T> {
    return this.metadata.transaction((inside) => steps(new BkTables(inside)));
  }
}

/** The key of a repository, and of what belongs to one. */
export function keyOf(project: string, ...names: readonly string[]): string {
  return [project, ...names].join('/');
}

/** A repository that is not deleted. */
export async function liveRepository(tables: BkTables, project: string, name: string) {
  const repository = await tables.repositories.get(keyOf(project, name));
  return repository?.deleted === null ? repository : undefined;
}

/** The time as the server writes it: local (its zone is UTC), without an offset. */
export function timestamp(at = new Date()): string {
  return at.toISOString().slice(0, -1);
}
