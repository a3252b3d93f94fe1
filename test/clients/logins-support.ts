import { bearer, guarded } from '../registry/access/support';
import { call } from '../registry/helpers';

/** A registry that requires logins, and its tokens. */
export interface Logins {
  readonly url: string;
  readonly host: string;
  readonly secrets: Record<'admin' | 'writer' | 'reader' | 'other', string>;
}

/** A registry that requires logins, with a local repository of each type; one token may read and write them, one may read, one neither. */
export async function withLogins(types: readonly string[]): Promise<Logins> {
  const { url, secrets } = await guarded(
    { writer: ['read,write:*'], reader: ['read:*'], other: ['read,write:other-*'] },
    { trustForwarded: true, loginLimit: 0 },
  );
  for (const type of types) {
    const made = await call('POST', `${url}/api/v2/remotes`, {
      headers: bearer(secrets.admin),
      body: { name: type, package_type: type, repo_type: 'local' },
    });
    expect(made.status).toBe(201);
  }
  return { url, host: new URL(url).host, secrets };
}

/** What a client says that is expected to fail, in one line. */
export const refusal = (run: Promise<string>) =>
  run.then(
    (text) => `did not fail: ${text}`,
    (cause: Error) => cause.message.replace(/\s+/g, ' '),
  );
