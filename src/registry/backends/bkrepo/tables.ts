import { Collection } from '../../store/documents';
import { type Metadata } from '../../store/tables';
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

  constructor(private readonly db: Metadata) {
    this.projects = new Collection(db, 'project');
    this.repositories = new Collection(db, 'repository');
    this.users = new Collection(db, 'user');
    this.tokens = new Collection(db, 'token');
    this.roles = new Collection(db, 'role');
    this.permissions = new Collection(db, 'permission');
    this.modes = new Collection(db, 'mode');
    this.accounts = new Collection(db, 'account');
    this.channels = new Collection(db, 'channel');
    this.storageCredentials = new Collection(db, 'storage');
  }

  /** Runs steps that see and do all or nothing; inside, only the tables that are handed in may be used. */
  atomically<T>(steps: (tables: BkTables) => Promise<T>): Promise<T> {
    return this.db.transaction().execute((trx) => steps(new BkTables(trx)));
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
