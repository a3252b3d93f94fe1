import { type Kysely } from 'kysely';
import { type TableSet } from '../store/metadata';

/** A token: what is needed to recognize it, but not the token. Times are ISO 8601 in UTC. */
export interface TokenTable {
  id: string;
  name: string;
  /** The SHA-256 of the token, in hexadecimal. */
  hash: string;
  /** Its scopes as they are written, as a JSON list. */
  scopes: string;
  created_at: string;
  created_by: string;
  /** Empty for never. */
  expires_at: string;
  /** Empty for never. */
  used_at: string;
}

/** A change that was made or refused. Its id grows with time. */
export interface AuditTable {
  id: string;
  at: string;
  backend: string;
  who: string;
  address: string;
  method: string;
  path: string;
  action: string;
  repository: string;
  status: number;
}

/** The tables of logins and of what was done with them. */
export interface AccessTables {
  access_tokens: TokenTable;
  access_audit: AuditTable;
}

/** The tables of logins, which exist whether they are required or not. */
export const accessTables: TableSet = {
  name: 'access',
  migrations: [createAccess],
  secrets: { access_tokens: { isSecret: () => true } },
};

async function createAccess(db: Kysely<never>): Promise<void> {
  let tokens = db.schema.createTable('access_tokens').addColumn('id', 'text', (c) => c.primaryKey());
  tokens = tokens.addColumn('name', 'text', (c) => c.notNull().unique());
  for (const name of ['hash', 'scopes', 'created_at', 'created_by', 'expires_at', 'used_at'])
    tokens = tokens.addColumn(name, 'text', (c) => c.notNull());
  await tokens.execute();

  let audit = db.schema.createTable('access_audit').addColumn('id', 'text', (c) => c.primaryKey());
  for (const name of ['at', 'backend', 'who', 'address', 'method', 'path', 'action', 'repository'])
    audit = audit.addColumn(name, 'text', (c) => c.notNull());
  await audit.addColumn('status', 'integer', (c) => c.notNull()).execute();
}
