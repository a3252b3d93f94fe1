import { type Selectable } from 'kysely';
import { tellGone } from './gone';
import { KeptRows } from './kept-rows';
import { type MetadataStore } from './metadata';
import { forgetOwned } from './owners';
import { type RemoteSettings, unsetRemoteSettings } from './remote-settings';
import { fromStored, revealed } from './secret';
import { type Metadata, type RemoteTable, type VirtualTable } from './tables';

/** A remote or a local repository as the registry works with it. */
export type Remote = Omit<Selectable<RemoteTable>, 'settings'> & RemoteSettings & { readonly owner?: RemoteOwner };

/** What a backend says of a remote that is in its own tables. Its name must be none that other remotes can have. */
export interface RemoteOwner {
  /** Whether, by the tables inside a transaction, what the remote's upstream sends may be kept: it is there and leads where it led before. */
  keeps(inside: MetadataStore): Promise<boolean>;
  /** Why the sender of the request may not have a path, in addition to the access lists. */
  deny?(path: string): string | undefined;
}

/** A virtual repository as the registry works with it. */
export type Virtual = Omit<Selectable<VirtualTable>, 'members'> & { members: readonly string[] };

/** Stands for all remotes, locals and virtuals: they change rarely, and a remote takes its cached objects with it. */
export const REPOSITORIES = 'repositories';
/** How many of each are kept in memory. */
const KEPT = 1000;

/** The configuration: which remotes, locals and virtuals there are. */
export class Repositories {
  readonly #db: Metadata;
  readonly #remotes: KeptRows<Remote>;
  readonly #virtuals: KeptRows<Virtual>;

  constructor(private readonly metadata: MetadataStore) {
    this.#db = metadata.tables();
    this.#remotes = new KeptRows(metadata, REPOSITORIES, KEPT);
    this.#virtuals = new KeptRows(metadata, REPOSITORIES, KEPT);
  }

  /** Every remote and local, by name. */
  async remotes(): Promise<Remote[]> {
    return (await this.#db.selectFrom('remotes').selectAll().orderBy('name').execute()).map(toRemote);
  }

  /** One remote or local. */
  remote(name: string): Promise<Remote | undefined> {
    return this.#remotes.get(name, [], async () => {
      const row = await this.#db.selectFrom('remotes').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toRemote(row);
    });
  }

  /** Whether a remote is still there and has the same upstream. */
  async leadsAsBefore(before: Remote): Promise<boolean> {
    if (before.owner) return before.owner.keeps(this.metadata);
    const remote = await this.remote(before.name);
    return remote?.base_url === before.base_url && remote.package_type === before.package_type;
  }

  /** Every virtual, by name. */
  async virtuals(): Promise<Virtual[]> {
    return (await this.#db.selectFrom('virtuals').selectAll().orderBy('name').execute()).map(toVirtual);
  }

  /** One virtual. */
  virtual(name: string): Promise<Virtual | undefined> {
    return this.#virtuals.get(name, [], async () => {
      const row = await this.#db.selectFrom('virtuals').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toVirtual(row);
    });
  }

  /** Adds a remote unless a repository of any kind has its name; returns whether it was added. */
  createRemote(remote: Remote): Promise<boolean> {
    return this.#create(remote.name, async (trx) => void (await trx.insertInto('remotes').values(fromRemote(remote)).execute()));
  }

  /** Adds a virtual unless a repository of any kind has its name; returns whether it was added. */
  createVirtual(virtual: Virtual): Promise<boolean> {
    return this.#create(virtual.name, async (trx) => void (await trx.insertInto('virtuals').values(fromVirtual(virtual)).execute()));
  }

  /** Changes a remote; if its upstream or type changed, its cache is cleared. Undefined if there is none. */
  changeRemote(name: string, change: (old: Remote) => Remote): Promise<Remote | undefined> {
    return this.#changing(async (inside) => {
      const old = await new Repositories(inside).remote(name);
      if (!old) return undefined;
      const remote = change(old);
      const elsewhere = (['base_url', 'package_type', 'repo_type'] as const).some((key) => old[key] !== remote[key]);
      const trx: Metadata = inside.tables();
      await trx.updateTable('remotes').set(fromRemote(remote)).where('name', '=', name).execute();
      if (elsewhere) await trx.deleteFrom('artifacts').where('remote', '=', name).execute();
      return remote;
    });
  }

  /** Replaces a virtual; returns whether it existed. */
  replaceVirtual(virtual: Virtual): Promise<boolean> {
    return this.#changing(async (inside) => {
      const trx: Metadata = inside.tables();
      const query = trx.updateTable('virtuals').set(fromVirtual(virtual)).where('name', '=', virtual.name);
      return (await query.executeTakeFirst()).numUpdatedRows > 0n;
    });
  }

  /** Removes a remote with its cached objects and files; returns whether it existed. */
  deleteRemote(name: string): Promise<boolean> {
    return this.#delete('remotes', name);
  }

  /** Removes a virtual; returns whether it existed. */
  deleteVirtual(name: string): Promise<boolean> {
    return this.#delete('virtuals', name);
  }

  /** Who takes the name first has it; remotes and virtuals share theirs. */
  #create(name: string, insert: (trx: Metadata) => Promise<void>): Promise<boolean> {
    return this.#changing(async (inside) => {
      const trx: Metadata = inside.tables();
      const taking = trx.insertInto('repository_names').values({ name });
      const { numInsertedOrUpdatedRows } = await taking.onConflict((c) => c.column('name').doNothing()).executeTakeFirst();
      if (numInsertedOrUpdatedRows === 0n) return false;
      await insert(trx);
      return true;
    });
  }

  #delete(table: 'remotes' | 'virtuals', name: string): Promise<boolean> {
    return this.#changing(async (inside) => {
      const trx: Metadata = inside.tables();
      const { numDeletedRows } = await trx.deleteFrom(table).where('name', '=', name).executeTakeFirst();
      if (numDeletedRows === 0n) return false;
      await trx.deleteFrom('repository_names').where('name', '=', name).execute();
      await trx.deleteFrom('artifacts').where('remote', '=', name).execute();
      for (const kind of ['artifactapi', 'virtual']) await forgetOwned(inside, [kind, name]);
      await tellGone(inside, name);
      return true;
    });
  }

  #changing<T>(steps: (inside: MetadataStore) => Promise<T>): Promise<T> {
    return this.metadata.transaction(async (inside) => {
      await inside.touch(REPOSITORIES);
      return steps(inside);
    });
  }
}

/** What an earlier version of the registry stored lacks the settings that came later. */
function toRemote({ name, repo_type, package_type, settings, created_at, updated_at }: Selectable<RemoteTable>): Remote {
  const stored = JSON.parse(settings) as Record<string, unknown>;
  return { name, repo_type, package_type, ...fromStored(unsetRemoteSettings, stored), created_at, updated_at };
}

function fromRemote({ name, repo_type, package_type, created_at, updated_at, ...settings }: Remote): Selectable<RemoteTable> {
  return { name, repo_type, package_type, settings: JSON.stringify(revealed(settings)), created_at, updated_at };
}

function toVirtual({ name, package_type, description, members, created_at, updated_at }: Selectable<VirtualTable>): Virtual {
  return { name, package_type, description, members: JSON.parse(members) as string[], created_at, updated_at };
}

function fromVirtual(virtual: Virtual): Selectable<VirtualTable> {
  return { ...virtual, members: JSON.stringify(virtual.members) };
}
