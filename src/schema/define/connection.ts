import * as z from 'zod';
import { attr, type Attributes } from './attribute';
import { nested } from './nested';
import { baseUrl, wholeNumber } from './types';

const whole = (): z.ZodInt => wholeNumber('a whole number');
const positive = (what: string): z.ZodInt =>
  whole().min(1, { error: (issue) => `${String(issue.input)} ${what} are too few; allowed is 1 or more` });
const notNegative = (): z.ZodInt => whole().min(0, { error: (issue) => `${String(issue.input)} is negative; allowed is 0 or more` });

const headerText = z
  .string()
  .min(1)
  .regex(/^[\x20-\x7e]*$/, {
    error: 'has a line end or a character that HTTP headers cannot carry; a file that holds it may end with a line end: use trimspace()',
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
 * The attributes that every provider block has: where the server is, the credentials, and how it is called. Each may come from the environment
 * instead (`PREFIX_NAME`), so all are optional here; what is missing is said when the provider is configured.
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
  caCert: attr(z.string().min(1).optional(), 'Certificate authorities to trust besides the usual ones: PEM text, or the path of a file.'),
  clientCert: attr(z.string().min(1).optional(), 'Client certificate: PEM text, or the path of a file.', { requires: ['clientKey'] }),
  clientKey: attr(z.string().min(1).optional(), 'Key of the client certificate: PEM text, or the path of a file.', {
    sensitive: true,
    requires: ['clientCert'],
  }),
  insecureSkipVerify: attr(
    z.boolean().optional(),
    'Accept any server certificate. For trying only: whoever is on the way can read and change everything. Default false.',
  ),
  requestTimeout: attr(
    positive('seconds').optional(),
    'Seconds that one request may take as a whole, but for the bodies of files, of which 1 kB a second is enough. Default 30.',
  ),
  maxRetries: attr(
    notNegative().optional(),
    'How often a request is tried again when the server is busy or the network fails. A server that had answered and then does not, as when it restarts, is waited for up to a minute; with 0 nothing is waited for. Default 4.',
  ),
  maxConcurrency: attr(positive('requests').optional(), 'How many requests may be under way at once. Default 20.'),
  listMaxAge: attr(
    notNegative().optional(),
    'Seconds for which one list of the server answers the reads of all objects in it; with 0 each object is read by itself. Default 30.',
  ),
});

/** The attributes that say who calls; a 401 names them. */
const credentialAttributes = <B extends Attributes>(block: B): B =>
  Object.fromEntries(
    Object.entries(block).map(([name, attribute]) => [name, { ...attribute, facts: { ...attribute.facts, credential: true } }]),
  ) as B;
