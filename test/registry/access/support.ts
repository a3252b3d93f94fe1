import { Access } from '../../../src/registry/access/access';
import { parseScope, type Scope } from '../../../src/registry/access/scopes';
import { silent } from '../../../src/registry/logger';
import { type Registry, type RegistryOptions } from '../../../src/registry/server';
import { openTestStore, registry, tempFolder } from '../helpers';

/** Scopes as they are written; fails the test when one is none. */
export function scopesOf(...texts: readonly string[]): Scope[] {
  return texts.map((text) => {
    const scope = parseScope(text);
    if (typeof scope === 'string') throw new Error(scope);
    return scope;
  });
}

/** Creates tokens in a data folder whose registry is not running, by name and scopes; the answer has the secrets. */
export async function makeTokens<T extends string>(
  data: string,
  wanted: Readonly<Record<T, readonly string[]>>,
): Promise<Record<T, string>> {
  const store = await openTestStore(data);
  const { tokens } = new Access(store, { isRequired: true, isLimited: false }, silent);
  const made: [string, string][] = [];
  for (const [name, scopes] of Object.entries<readonly string[]>(wanted)) {
    const created = await tokens.create({ name, scopes: scopesOf(...scopes), by: 'test' });
    made.push([name, created?.secret ?? '']);
  }
  await store.close();
  return Object.fromEntries(made) as Record<T, string>;
}

/** A registry that requires logins, with tokens. `admin` may do everything. */
export async function guarded<T extends string>(
  wanted: Readonly<Record<T, readonly string[]>>,
  options: Partial<RegistryOptions> = {},
): Promise<Registry & { readonly data: string; readonly secrets: Record<T | 'admin', string> }> {
  const data = tempFolder();
  const secrets = await makeTokens<T | 'admin'>(data, { admin: ['admin:*'], ...wanted } as Record<T | 'admin', readonly string[]>);
  return { ...(await registry({ data, auth: true, ...options })), data, secrets };
}

/** The header of a token. */
export const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
/** The header of a token as a password. */
export const basic = (secret: string, user = 'anyone') => ({
  authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
});
