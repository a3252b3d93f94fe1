import { type Selectable } from 'kysely';
import { type RemoteSettings, unsetRemoteSettings } from './remote-settings';
import { fromStored, revealed } from './secret';
import { type Metadata, type RemoteTable, type VirtualTable } from './tables';

/** A remote or a local repository as the registry works with it. */
export type Remote = Omit<Selectable<RemoteTable>, 'settings'> & RemoteSettings;

/** A virtual repository as the registry works with it. */
export type Virtual = Omit<Selectable<VirtualTable>, 'members'> & { members: readonly string[] };

/** The configuration: which remotes, locals and virtuals there are. */
export class Repositories {
  constructor(private readonly db: Metadata) {}

  /** Every remote and local, by name. */
  async remotes(): Promise<Remote[]> {
    return (await this.db.selectFrom('remotes').selectAll().orderBy('name').execute()).map(toRemote);
  }

  /** One remote or local. */
  async remote(name: string): Promise<Remote | undefined> {
    const row = await this.db.selectFrom('remotes').selectAll().where('name', '=', name).executeTakeFirst();
    return row && toRemote(row);
  }

  /** Every virtual, by name. */
  async virtuals(): Promise<Virtual[]> {
    return (await this.db.selectFrom('virtuals').selectAll().orderBy('name').execute()).map(toVirtual);
  }

  /** One virtual. */
  async virtual(name: string): Promise<Virtual | undefined> {
    const row = await this.db.selectFrom('virtuals').selectAll().where('name', '=', name).executeTakeFirst();
    return row && toVirtual(row);
  }

  /** Adds a remote unless a repository of any kind has its name; returns whether it was added. */
  createRemote(remote: Remote): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      if (await isTaken(trx, remote.name)) return false;
      await trx.insertInto('remotes').values(fromRemote(remote)).execute();
      return true;
    });
  }

  /** Adds a virtual unless a repository of any kind has its name; returns whether it was added. */
  createVirtual(virtual: Virtual): Promise<boolean> {
    return this.db.transaction().execute(async (trx) => {
      if (await isTaken(trx, virtual.name)) return false;
      await trx.insertInto('virtuals').values(fromVirtual(virtual)).execute();
      return true;
    });
  }

  /** Replaces a remote; if its upstream or type changed, its cache is cleared. */
  replaceRemote(old: Remote, remote: Remote): Promise<void> {
    const elsewhere = (['base_url', 'package_type', 'repo_type'] as const).some((key) => old[key] !== remote[key]);
    return this.db.transaction().execute(async (trx) => {
      await trx.updateTable('remotes').set(fromRemote(remote)).where('name', '=', remote.name).execute();
      if (elsewhere) await trx.deleteFrom('artifacts').where('remote', '=', remote.name).execute();
    });
  }

  /** Replaces a virtual. */
  async replaceVirtual(virtual: Virtual): Promise<void> {
    await this.db.updateTable('virtuals').set(fromVirtual(virtual)).where('name', '=', virtual.name).execute();
  }

  /** Removes a remote with its cached objects and files; returns whether it existed. */
  async deleteRemote(name: string): Promise<boolean> {
    const { numDeletedRows } = await this.db.deleteFrom('remotes').where('name', '=', name).executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Removes a virtual; returns whether it existed. */
  async deleteVirtual(name: string): Promise<boolean> {
    const { numDeletedRows } = await this.db.deleteFrom('virtuals').where('name', '=', name).executeTakeFirst();
    return numDeletedRows > 0n;
  }
}

async function isTaken(db: Metadata, name: string): Promise<boolean> {
  const remote = await db.selectFrom('remotes').select('name').where('name', '=', name).executeTakeFirst();
  const virtual = await db.selectFrom('virtuals').select('name').where('name', '=', name).executeTakeFirst();
  return Boolean(remote ?? virtual);
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
