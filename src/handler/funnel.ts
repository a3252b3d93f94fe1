import { ApiError, type ErrorCode, AttributeError, HookError, UnexpectedAnswer } from '../schema/define/errors';
import { type Diagnostic, error } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { UnknownType } from './compiled';

/** What the provider was doing when it failed, for the start of the message, e.g. `create artifactapi_remote_npm "npm"`. */
export type Doing = string;

const advice: Readonly<Record<ErrorCode, readonly [string, string]>> = {
  'not-found': ['Not Found', 'Check the name, and the endpoint including its path.'],
  unauthorized: ['Not Authenticated', 'Check the credentials.'],
  forbidden: ['Not Allowed', 'The server accepted the credentials, but they lack the permission; ask its administrator for it.'],
  conflict: ['Conflict', 'Something that already exists on the server conflicts with it.'],
  invalid: ['Refused by the Server', 'The server rejected the values; its message says why.'],
  busy: ['Server Busy', 'Retries did not help. Try again later, or lower max_concurrency in the provider block.'],
  'server-error': [
    'Server Error',
    'The server failed; see its log. Nothing was removed from the state; run again when the server has recovered.',
  ],
  unreachable: ['Server Not Reachable', 'Check the endpoint, and that the server is running.'],
  timeout: [
    'No Answer in Time',
    'Check the server, or raise request_timeout in the provider block, or the timeouts of the resource, if it has any.',
  ],
  tls: ['Certificate Not Accepted', 'Set ca_cert to the CA that signed it, or check whether the endpoint should use https.'],
  'unexpected-answer': ['Unexpected Answer', 'Check that the endpoint is the API itself. The state is unchanged.'],
  'read-only': ['Provider Only Reads', 'To change objects, run it without read_only.'],
  cancelled: ['Cancelled', 'It was interrupted before the server answered. Run again; the refresh shows what was done.'],
};

/** Converts anything thrown to a diagnostic; the only place that does. */
export function toDiagnostic(thrown: unknown, doing: Doing): Diagnostic {
  if (thrown instanceof ApiError) {
    const [summary, hint] = advice[thrown.code];
    return error(summary, `Cannot ${doing}: ${sentence(thrown.message)} ${thrown.advice ?? hint}`);
  }
  if (thrown instanceof UnexpectedAnswer) {
    const [summary, hint] = advice['unexpected-answer'];
    return error(summary, `Cannot ${doing}: ${sentence(thrown.message)} ${hint}`);
  }
  if (thrown instanceof AttributeError)
    return error('Invalid Attribute Value', `"${snakeCase(thrown.attribute)}": ${sentence(thrown.message)}`, [snakeCase(thrown.attribute)]);
  if (thrown instanceof UnknownType)
    return error('Unknown Type', `Cannot ${doing}: ${sentence(thrown.message)} It may need another version of the provider.`);
  if (thrown instanceof NotConfigured) return error('Provider Not Configured', `Cannot ${doing}: ${thrown.message}`);
  if (thrown instanceof HookError)
    return error('Internal Error', `Cannot ${doing}: ${sentence(thrown.message)} This is a bug in the provider; please report it.`);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return error(
    'Internal Error',
    `Cannot ${doing}: ${sentence(reason)} This is a bug in the provider; please report it with the configuration that shows it.`,
  );
}

/** Whether a diagnostic says that the server does not accept the login. */
export const refusesLogin = ({ summary }: Diagnostic): boolean => summary === advice.unauthorized[0];

/** Ends a text with a period, unless it has one; server messages vary. */
export const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/** The server is needed before the provider block was read, or while it contains unknown values. */
export class NotConfigured extends Error {}
