import { type FastifyInstance, type FastifyReply } from 'fastify';
import { clientAddress } from '../../../access/address';
import { CHANGES_NOTHING } from '../../../access/need';
import { readBytes } from '../../../body';
import { sendJson, sendPlain } from '../answers';
import { type KsContext } from '../context';

/** The client that both consoles use; the only one. */
const CLIENT = { id: 'kubesphere', secret: 'kubesphere' };
const LIMIT = 1 << 20;

/** What a version says of each refusal. */
const REFUSALS = {
  openpitrix: {
    client: [401, 'invalid_client', 'the OAuth client was not found'],
    secret: [401, 'invalid_client', 'invalid client credential'],
    password: [400, 'invalid_grant', 'incorrect password'],
    disabled: [400, 'invalid_grant', 'account is not active'],
    refresh: [400, 'invalid_grant', undefined],
    grant: [400, 'unsupported_grant_type', ''],
  },
  application: {
    client: [400, 'invalid_client', 'The provided client_id is invalid or does not exist.'],
    secret: [401, 'unauthorized_client', 'Invalid client credential.'],
    password: [400, 'invalid_grant', 'Invalid username or password.'],
    disabled: [400, 'invalid_grant', 'Account suspended.'],
    refresh: [400, 'invalid_grant', 'The refresh token is invalid or expired.'],
    grant: [400, 'unsupported_grant_type', 'The provided grant_type is not supported.'],
  },
} as const;

/** `/oauth/token`: a token for a password, or for a token that renews. */
export function oauth(app: FastifyInstance, { generation, accounts, tokens, access, trustForwarded }: KsContext): void {
  const refuse = (reply: FastifyReply, why: keyof (typeof REFUSALS)['application'], said = '') => {
    const [status, error, description = said] = REFUSALS[generation.api][why];
    return sendJson(reply, { error, ...(description !== '' && { error_description: description }) }, status);
  };

  app.post('/oauth/token', CHANGES_NOTHING, async (request, reply) => {
    const type = request.headers['content-type'] ?? '';
    if (!type.includes('application/x-www-form-urlencoded')) return sendPlain(reply, 415, '415: Unsupported Media Type');
    const form = new URLSearchParams((await readBytes(request, LIMIT)).toString('utf8'));
    const field = (name: string): string => form.get(name) ?? '';
    if (generation.api === 'application') reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    if (field('client_id') !== CLIENT.id) return refuse(reply, 'client');
    if (field('client_secret') !== CLIENT.secret) return refuse(reply, 'secret');
    if (field('grant_type') === 'refresh_token') {
      const read = await tokens.read(field('refresh_token'));
      if ('problem' in read) return refuse(reply, 'refresh', read.problem);
      if (read.type !== 'refresh_token') return refuse(reply, 'refresh', `ivalid token type ${read.type} want refresh_token`);
      return sendJson(reply, await tokens.issue(read.user));
    }
    if (field('grant_type') !== 'password') return refuse(reply, 'grant');
    if (generation.api === 'application' && field('provider') !== '') {
      const error_description = 'An internal server error occurred while processing the request.';
      return sendJson(reply, { error: 'server_error', error_description }, 500);
    }
    const [credentials, address] = [`${field('username')}:${field('password')}`, clientAddress(request, trustForwarded)];
    access.refuseGuesses(address, credentials);
    const user = await accounts.verify(field('username'), field('password'));
    if (!user) {
      access.noteFailure(address);
      return refuse(reply, 'password');
    }
    access.noteSuccess(credentials);
    if (user.isDisabled) return refuse(reply, 'disabled');
    const issued = await tokens.issue(user.name);
    access.noteSuccess(`Bearer ${issued.access_token}`);
    return sendJson(reply, issued);
  });
}
