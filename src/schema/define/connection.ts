import * as z from 'zod';
import { attr, type Attributes } from './attribute';
import { nested } from './nested';
import { baseUrl, wholeNumber } from './types';

const whole = (): z.ZodInt => wholeNumber('a whole number');
const positive = (what: string): z.ZodInt =>
  whole().min(1, { error: (issue) => `${String(issue.input)} ${what} are too few; at least 1 is required` });
const notNegative = (): z.ZodInt => whole().min(0, { error: (issue) => `${String(issue.input)} is negative; it must be 0 or more` });

const headerText = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]*$/, {
    error:
      'contains a line break or a character that HTTP headers do not allow; if it is read from a file that ends with a line break, use trimspace()',
  });

/** A bearer token, or a user name and password for basic authentication. */
export const credentials = {
  token: attr(headerText.optional(), 'Bearer token.', { sensitive: true, conflicts: ['username', 'password'] }),
  username: attr(z.string().min(1).optional(), 'User name for basic authentication.', { requires: ['password'] }),
  password: attr(z.string().min(1).optional(), 'Password for basic authentication.', { sensitive: true, requires: ['username'] }),
} satisfies Attributes;

/** The header for `credentials`, from the provider block. */
export function bearerOrBasic({ token, username, password }: Readonly<Record<string, unknown>>): Record<string, string> {
  if (typeof token === 'string') return { authorization: `Bearer ${token}` };
  return typeof username === 'string' ? { authorization: basic(username, typeof password === 'string' ? password : '') } : {};
}

/** The value of an `authorization` header for two texts, under a scheme that joins them as Basic does. */
export const basic = (user: string, secret: string, scheme = 'Basic'): string =>
  `${scheme} ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

/**
 * The attributes that every provider block has: endpoint, credentials and client settings. Each may come from the environment
 * instead (`PREFIX_NAME`), so all are optional here; a missing one is reported when the provider is configured.
 */
export const connection = <const B extends Attributes = typeof credentials>(title: string, credentialsBlock?: B) => ({
  endpoint: attr(baseUrl.optional(), `Base URL of the ${title} server, with the path it is served under, if any.`),
  ...credentialAttributes((credentialsBlock ?? credentials) as B),
  headers: attr(
    z
      .array(
        nested({
          name: attr(
            z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, { error: 'is not the name of an HTTP header' }),
            'Name of the header.',
          ),
          value: attr(headerText, 'Value of the header.', { sensitive: true }),
        }),
      )
      .optional(),
    'Headers sent with every request, e.g. for a gateway.',
  ),
  caCert: attr(z.string().min(1).optional(), 'CA certificates to trust in addition to the default ones: PEM text, or the path of a file.'),
  clientCert: attr(z.string().min(1).optional(), 'Client certificate: PEM text, or the path of a file.', { requires: ['clientKey'] }),
  clientKey: attr(z.string().min(1).optional(), 'Key of the client certificate: PEM text, or the path of a file.', {
    sensitive: true,
    requires: ['clientCert'],
  }),
  insecureSkipVerify: attr(
    z.boolean().optional(),
    'Accept any server certificate. Use this for testing only: anyone on the network path can read and change all traffic. Default false.',
  ),
  requestTimeout: attr(
    positive('seconds').optional(),
    'Timeout of a request in seconds. File transfers may take longer, as long as they move at least 1 kB per second. Default 30.',
  ),
  maxRetries: attr(
    notNegative().optional(),
    'How often a request is retried when the server is busy or the network fails. If a server that has answered before stops responding, for example during a restart, requests wait for it for up to a minute; with 0 they do not wait. Default 4.',
  ),
  maxConcurrency: attr(positive('requests').optional(), 'Maximum number of concurrent requests. Default 20.'),
  readOnly: attr(
    z.boolean().optional(),
    'Send no request that changes anything on the server; whatever would, fails before it is sent. Plans work as usual, unless they create tokens or other ephemeral objects. Default false.',
  ),
  listMaxAge: attr(
    notNegative().optional(),
    'Seconds for which a list from the server is reused to read all objects in it; with 0 each object is read individually. Default 30.',
  ),
});

/** The credential attributes; the error for a 401 names them. */
const credentialAttributes = <B extends Attributes>(block: B): B =>
  Object.fromEntries(
    Object.entries(block).map(([name, attribute]) => [name, { ...attribute, facts: { ...attribute.facts, credential: true } }]),
  ) as B;
