import { randomBytes } from 'node:crypto';
import { Collection } from '../../../store/documents';
import { type MetadataStore as Database } from '../../../store/metadata';
import { hashPassword, isPassword } from '../../../secrets';
import { OBJECTS } from '../object-store';
import { type Session } from './tokens';

/** What a rule of a role permits; `*` stands for all. A subresource is written `repos/events`. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What a user may do in a workspace: everything, everything with repositories but to synchronize them, read, or what rules say. */
export type WorkspaceRole = 'admin' | 'manager' | 'viewer' | readonly PolicyRule[];

/** A user. */
export interface KubeSphereUser {
  readonly name: string;
  readonly password: string;
  /** Whether the user may do everything everywhere. @default false */
  readonly isAdmin?: boolean;
  /** By workspace. @default - none */
  readonly roles?: Readonly<Record<string, WorkspaceRole>>;
  /** Whether the user may not log in. @default false */
  readonly isDisabled?: boolean;
}

/** The sender of a request. */
export type Principal = Omit<KubeSphereUser, 'password'>;

/** Who sends a request without credentials. */
export const ANONYMOUS: Principal = { name: 'system:anonymous' };

/** The users, and the key that their tokens are signed with. */
export class Accounts {
  readonly #users: Collection<KubeSphereUser>;
  readonly #keys: Collection<{ readonly key: string }>;
  /** The hashes of the tokens that count, by user, where each login ends the others. */
  readonly sessions: Collection<Session>;

  constructor(db: Database) {
    this.#users = new Collection(db, 'User', OBJECTS);
    this.#keys = new Collection(db, 'Key', OBJECTS);
    this.sessions = new Collection(db, 'Session', OBJECTS);
  }

  /** Adds a user unless the name is taken. */
  async add(user: KubeSphereUser): Promise<void> {
    if (await this.#users.get(user.name)) return;
    await this.#users.insert({ id: user.name }, { ...user, password: await hashPassword(user.password) });
  }

  /** Adds a user, or replaces the one that has the name. */
  async set(user: KubeSphereUser): Promise<void> {
    await this.#users.put({ id: user.name }, { ...user, password: await hashPassword(user.password) });
  }

  /** The hash of the password of a user; undefined if there is none. */
  async passwordHash(name: string): Promise<string | undefined> {
    return (await this.#users.get(name))?.password;
  }

  /** A user by name. */
  async find(name: string): Promise<Principal | undefined> {
    const user = await this.#users.get(name);
    if (!user) return undefined;
    const { password: _password, oid: _oid, ...principal } = user;
    return principal;
  }

  /** The user whose name and password these are. */
  async verify(name: string, password: string): Promise<Principal | undefined> {
    const user = await this.#users.get(name);
    return user && (await isPassword(password, user.password)) ? this.find(name) : undefined;
  }

  /** The key for signatures; made at the first start. */
  async signingKey(): Promise<string> {
    const known = await this.#keys.get('signing');
    if (known) return known.key;
    const key = randomBytes(32).toString('hex');
    return (await this.#keys.insert({ id: 'signing' }, { key }))?.key ?? this.signingKey();
  }
}
