import { type MetadataStore } from './metadata';
import { Secret } from './secret';
import { type Tables } from './tables';

/** The private keys that the registry made for itself. */
export class SigningKeys {
  constructor(private readonly metadata: MetadataStore) {}

  /** The key of a name, made when it is first asked for. Of several made at once, also by several processes, all get the one that was kept. */
  async getOrMake(name: string, make: () => Promise<string>): Promise<Secret> {
    const found = await this.#find(name);
    if (found) return found;
    const row = { name, private_key: await make(), created_at: new Date().toISOString() };
    const insert = this.metadata.tables<Tables>().insertInto('signing_keys').values(row);
    await insert.onConflict((c) => c.column('name').doNothing()).execute();
    return (await this.#find(name)) ?? new Secret(row.private_key);
  }

  async #find(name: string): Promise<Secret | undefined> {
    const query = this.metadata.tables<Tables>().selectFrom('signing_keys').select('private_key').where('name', '=', name);
    const row = await query.executeTakeFirst();
    return row && new Secret(row.private_key);
  }
}
