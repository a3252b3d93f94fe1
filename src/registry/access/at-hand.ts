import { silent } from '../logger';
import { type MetadataStore } from '../store/metadata';
import { Audit, type AuditEntry } from './audit';
import { tokenBody, type TokenJson, tokenJson, tokenPath } from './routes';
import { Tokens } from './tokens';

/** A token that is to be made, in the form of the registry's API. */
export interface TokenBody {
  readonly name: string;
  readonly scopes: readonly string[];
  /** ISO 8601; without it the token does not expire. */
  readonly expires_at?: string;
}

/** A page of the audit log, newest first, and where the next one begins. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly next?: string;
}

/** The logins and the audit log of a registry, wherever they are. */
export interface Logins {
  create(token: TokenBody): Promise<TokenJson & { readonly token: string }>;
  list(): Promise<readonly TokenJson[]>;
  revoke(name: string): Promise<void>;
  audit(limit: number, before?: string): Promise<AuditPage>;
}

/** What is asked of the logins of a running registry: a method, what it takes, and by whom. */
export interface LoginsTask {
  readonly who: string;
  readonly step: keyof Logins;
  readonly args: readonly unknown[];
}

/** The logins in metadata at hand, changed by someone whom the audit log is to name. Throws errors that say what to do. */
export function loginsIn(metadata: MetadataStore, who: string): Logins {
  const [tokens, audit] = [new Tokens(metadata), new Audit(metadata, silent)];
  // As what the API is asked for the same.
  const record = (method: string, name: string, status: number) => {
    const at = new Date().toISOString();
    audit.record({ at, backend: 'command', who, address: '', method, path: tokenPath(name), action: 'admin', repository: '*', status });
    return audit.flush();
  };
  return {
    async create(body) {
      const { name, scopes, expires_at: expiresAt } = tokenBody.parse(body);
      const made = await tokens.create({ name, scopes, by: who, ...(expiresAt !== undefined && { expiresAt }) });
      await record('POST', name, made ? 201 : 409);
      if (!made) throw new Error(`there is a token ${JSON.stringify(name)} already; revoke it or take another name`);
      return { ...tokenJson(made.token), token: made.secret };
    },
    list: async () => (await tokens.list()).map(tokenJson),
    async revoke(name) {
      const wasThere = await tokens.revoke(name);
      await record('DELETE', name, wasThere ? 204 : 404);
      if (!wasThere) throw new Error(`there is no token ${JSON.stringify(name)}; "repoform registry token list" shows them`);
    },
    audit: (limit, before) => audit.page(limit, before),
  };
}

/** Does a step for a command that reached this process; who may do so may do everything. */
export async function logins({ metadata }: { readonly metadata: MetadataStore }, { who, step, args }: LoginsTask): Promise<object> {
  const answer = await (loginsIn(metadata, who)[step] as (...given: readonly unknown[]) => Promise<object | undefined>)(...args);
  return answer ?? {};
}
