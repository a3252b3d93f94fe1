import { type ApiClient, ApiError, isJsonObject, type LoggedIn, type Login, numberOf, textOf, UnexpectedAnswer } from '../../schema/define';

/** Where every generation gives out tokens. */
export const tokenPath = '/oauth/token';

/** The OAuth client of every installation, and its secret. */
export const defaultClient = 'kubesphere';

/** What can stand in a header. */
const fitsHeader = /^[\x21-\x7e]+$/;

/** The problem with a given token; nothing if it has none. */
export const tokenProblem = (token: string): string | undefined =>
  fitsHeader.test(token)
    ? undefined
    : 'it is empty, or has a line end, a space or another character that no token has; trimspace() removes those around it';

/** Seconds after which no process needs a token; dates end. */
const longestLife = 1e9;

/** Who logs in, and as which client. */
export interface PasswordGrant {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Logs in by OAuth's password grant, and renews by the refresh token for as long as the server takes that. The client stands in the body:
 * the server takes basic authentication for that of a user.
 */
export function passwordGrant({ username, password, clientId, clientSecret }: PasswordGrant): Login {
  let refreshToken: string | undefined;
  const ask = async (client: ApiClient, grant: Readonly<Record<string, string>>): Promise<LoggedIn> => {
    const form = { ...grant, client_id: clientId, client_secret: clientSecret };
    // One more token does no harm, and the default secret of the client is none.
    const secrets = [password, ...(clientSecret === defaultClient ? [] : [clientSecret])];
    const { json } = await client.send({ method: 'POST', path: tokenPath, form, secrets, idempotent: true });
    const tokens = isJsonObject(json) ? json : {};
    const token = textOf(tokens.access_token);
    if (token === undefined || !fitsHeader.test(token))
      throw new UnexpectedAnswer(`the answer to POST ${tokenPath} has no access_token, or one that is none; is the endpoint KubeSphere?`);
    refreshToken = textOf(tokens.refresh_token);
    const seconds = numberOf(tokens.expires_in);
    return {
      headers: { authorization: `Bearer ${token}` },
      secrets: [token, ...(refreshToken === undefined ? [] : [refreshToken])],
      ...(seconds !== undefined && seconds < longestLife && { expiresAt: new Date(Date.now() + seconds * 1000) }),
    };
  };
  const byPassword = { grant_type: 'password', username, password };
  return async (client) => {
    if (refreshToken === undefined) return ask(client, byPassword);
    try {
      return await ask(client, { grant_type: 'refresh_token', refresh_token: refreshToken });
    } catch (thrown) {
      // It is as old as the login, or another login of the user revoked it.
      if (!(thrown instanceof ApiError) || !refusals.has(thrown.status)) throw thrown;
      refreshToken = undefined;
      return ask(client, byPassword);
    }
  };
}

const refusals: ReadonlySet<number | undefined> = new Set([400, 401, 403]);
