import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { isUrl } from '../../common/urls';
import { type AuditPage, type Logins, loginsIn, type LoginsTask } from '../../registry/access/at-hand';
import { tokenBody } from '../../registry/access/routes';
import { remoteTask } from '../../registry/maintenance/admin';
import { refuseUnfinished } from '../../registry/maintenance/migrate';
import { TABLES } from '../../registry/server';
import { nameOf, readDatabase } from '../../registry/store/postgres/target';
import { openMetadata } from '../../registry/store/store';
import { Failure, lineOf, Misuse } from '../failure';
import type { PlaceOptions } from './token/command';

/** Runs steps on the logins of the registry that the options name: behind its URL, in the process that holds its folder, or in its data. */
export async function atPlace<T>(options: PlaceOptions & { readonly creates?: boolean }, steps: (place: Logins) => Promise<T>): Promise<T> {
  if (options.url !== undefined) return steps(behind(options.url, process.env['REPOFORM_TOKEN']));
  const { data, creates = false } = options;
  const who = `local:${userInfo().username}`;
  try {
    const database = readDatabase(options.databaseUrl, process.env);
    const running = database ? undefined : await inProcess(data, who);
    if (running) return await steps(checked(running));
    if (!creates && !database && !existsSync(join(data, 'registry.db')))
      throw new Failure(`there is no registry in ${data}; name its data folder with --data, or its database with --database-url`);
    const { metadata, release } = await openMetadata(data, TABLES, { database, mustExist: !creates }).catch((thrown: unknown) => {
      throw new Failure(database ? lineOf(thrown) : `the data folder ${data} cannot be used: ${lineOf(thrown)}`);
    });
    try {
      await refuseUnfinished(metadata);
      return await steps(checked(loginsIn(metadata, who)));
    } finally {
      await metadata.close();
      await release();
    }
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown : new Failure(lineOf(thrown));
  }
}

/** Where the registry is that the options name, as people are told. */
export function placeName({ data, databaseUrl, url }: PlaceOptions): string {
  if (url !== undefined) return `at ${url}`;
  const database = readDatabase(databaseUrl, process.env);
  return database ? `in the database ${nameOf(database)}` : `in the data folder ${data}`;
}

/** The logins in the process that holds a folder; undefined if none does. */
async function inProcess(folder: string, who: string): Promise<Logins | undefined> {
  const report = { line: () => undefined, progress: () => undefined };
  const ask = (step: keyof Logins, ...args: readonly unknown[]) =>
    remoteTask(folder, 'logins', { options: { who, step, args } satisfies LoginsTask, report });
  if (!(await ask('list'))) return undefined;
  return {
    create: async (body) => (await ask('create', body)) as Awaited<ReturnType<Logins['create']>>,
    list: async () => (await ask('list')) as Awaited<ReturnType<Logins['list']>>,
    revoke: async (name) => void (await ask('revoke', name)),
    audit: async (limit, before) => (await ask('audit', limit, ...(before === undefined ? [] : [before]))) as AuditPage,
  };
}

/** Refuses a token that cannot be one before anything is asked. */
function checked(logins: Logins): Logins {
  return {
    ...logins,
    create(body) {
      const { error } = tokenBody.safeParse(body);
      if (error) throw new Misuse(error.issues.map(({ message }) => message).join('; '));
      return logins.create(body);
    },
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

function behind(url: string, token = ''): Logins {
  if (!isUrl(url) || !/^https?:/i.test(url))
    throw new Misuse(`"${url}" is not an http or https URL; write one like https://packages.example.com`);
  const base = `${url.replace(/\/+$/, '')}/api/registry`;
  const send = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { ...(token !== '' && { authorization: `Bearer ${token}` }), 'content-type': 'application/json' };
    const answer = await fetch(base + path, { method, headers, redirect: 'error', ...(body && { body: JSON.stringify(body) }) }).catch(
      (thrown: unknown) => {
        throw new Failure(`${url} cannot be reached: ${reasonFor((thrown as Error).cause ?? thrown)}`);
      },
    );
    const said = await answer.text();
    if (answer.status === 401 && token === '')
      throw new Failure(`${url} requires a login; set REPOFORM_TOKEN to a token with the scope "admin:*"`);
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

/** Codes of certificates that are fine but for their issuer, which this machine does not know. */
const UNKNOWN_ISSUER = /SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER)/;

/** The code of an answer that is not TLS; OpenSSL's text for it tells nothing to people. */
const PLAIN_HTTP = 'ERR_SSL_WRONG_VERSION_NUMBER';

function reasonFor(cause: unknown): string {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === PLAIN_HTTP) return 'this port does not speak HTTPS: begin the URL with http:// instead of https://';
  const advice = UNKNOWN_ISSUER.test(code ?? '') ? '; set NODE_EXTRA_CA_CERTS to the file with the CA that signed the certificate' : '';
  return `${lineOf(cause)}${advice}`;
}
