import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import * as z from 'zod';
import { isUrl } from '../../common/urls';
import { Audit, type AuditEntry } from '../../registry/access/audit';
import { tokenBody, type TokenJson, tokenJson } from '../../registry/access/routes';
import { Tokens } from '../../registry/access/tokens';
import { silent } from '../../registry/logger';
import { refuseUnfinished } from '../../registry/maintenance/migrate';
import { TABLES } from '../../registry/server';
import { readDatabase } from '../../registry/store/postgres/target';
import { openMetadata } from '../../registry/store/store';
import { Failure, lineOf, Misuse } from '../failure';
import type { PlaceOptions } from './token/command';

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

/** The logins and the audit log of a registry: in its data folder, or behind its API. */
export interface Place {
  create(token: TokenBody): Promise<TokenJson & { readonly token: string }>;
  list(): Promise<readonly TokenJson[]>;
  revoke(name: string): Promise<void>;
  audit(limit: number, before?: string): Promise<AuditPage>;
}

/** Runs steps at the place that the options name. */
export async function atPlace<T>(options: PlaceOptions & { readonly creates?: boolean }, steps: (place: Place) => Promise<T>): Promise<T> {
  if (options.url !== undefined) return steps(behind(options.url, process.env['REPOFORM_TOKEN'] ?? ''));
  const { data, creates = false } = options;
  const database = readDatabase(options.databaseUrl, process.env);
  if (!creates && !database && !existsSync(data))
    throw new Failure(`there is no data folder ${data}; name the one of the registry with --data`);
  const { metadata, release } = await openMetadata(data, TABLES, { database }).catch((thrown: unknown) => {
    if (/in use by/.test(lineOf(thrown)))
      throw new Failure(`${lineOf(thrown)}. For a registry that is running, give its --url, and a token with "admin:*" in REPOFORM_TOKEN`);
    throw new Failure(`the data folder ${data} cannot be used: ${lineOf(thrown)}`);
  });
  try {
    await refuseUnfinished(metadata).catch((thrown: unknown) => {
      throw new Failure(lineOf(thrown));
    });
    return await steps(within(new Tokens(metadata), new Audit(metadata, silent)));
  } finally {
    await metadata.close();
    release();
  }
}

function within(tokens: Tokens, audit: Audit): Place {
  const who = `local:${userInfo().username}`;
  const record = (path: string) => {
    audit.record({
      ...{ at: new Date().toISOString(), backend: 'command', who, address: '', method: '', path, action: 'admin', repository: '*' },
      status: 200,
    });
    return audit.flush();
  };
  return {
    async create(body) {
      const { data, error } = tokenBody.safeParse(body);
      if (!data) throw new Misuse(error.issues.map(({ message }) => message).join('; '));
      const { name, scopes, expires_at: expiresAt } = data;
      const made = await tokens.create({ name, scopes, by: who, ...(expiresAt !== undefined && { expiresAt }) });
      if (!made) throw new Failure(`there is a token "${name}" already; revoke it or take another name`);
      await record(`registry token create ${name}`);
      return { ...tokenJson(made.token), token: made.secret };
    },
    list: async () => (await tokens.list()).map(tokenJson),
    async revoke(name) {
      if (!(await tokens.revoke(name))) throw new Failure(`there is no token "${name}"; "repoform registry token list" shows them`);
      await record(`registry token revoke ${name}`);
    },
    audit: (limit, before) => audit.page(limit, before),
  };
}

const text = z.string();
const shownToken = z.object({
  name: text,
  scopes: z.array(text),
  created_at: text,
  created_by: text,
  expires_at: text.nullable(),
  used_at: text.nullable(),
});
const shownEntry = z.object({
  ...{ at: text, backend: text, who: text, address: text, method: text, path: text, action: text, repository: text, status: z.number() },
});
const shownPage = z.object({ entries: z.array(shownEntry), next: text.exactOptional() });

function behind(url: string, token: string): Place {
  if (!isUrl(url) || !/^https?:/i.test(url))
    throw new Misuse(`"${url}" is not an http or https URL; write one like https://packages.example.com`);
  if (token === '') throw new Misuse('REPOFORM_TOKEN is not set; it must hold a token with the scope "admin:*"');
  const base = `${url.replace(/\/+$/, '')}/api/registry`;
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(base + path, { method, headers, redirect: 'error', ...(body && { body: JSON.stringify(body) }) }).catch(
      (thrown: unknown) => {
        throw new Failure(`${url} cannot be reached: ${lineOf((thrown as Error).cause ?? thrown)}`);
      },
    );
    const said = await answer.text();
    if (!answer.ok) throw new Failure(`${url} answered ${answer.status}: ${said.trim() || answer.statusText}`);
    return said === '' ? undefined : (JSON.parse(said) as unknown);
  };
  return {
    create: async (body) => shownToken.extend({ token: text }).parse(await send('POST', '/tokens', body)),
    list: async () => z.array(shownToken).parse(await send('GET', '/tokens')),
    revoke: async (name) => void (await send('DELETE', `/tokens/${encodeURIComponent(name)}`)),
    audit: async (limit, before = '') => shownPage.parse(await send('GET', `/audit?limit=${limit}&before=${before}`)),
  };
}
