import { ApiError, type ErrorCode, AttributeError, HookError, UnexpectedAnswer } from '../schema/define/errors';
import { type Diagnostic, error } from '../common/diagnostic';
import { snakeCase } from '../common/names';
import { UnknownType } from './compiled';

/** What the provider was doing when something failed, for the first words of the message, e.g. `create artifactapi_remote_npm "npm"`. */
export type Doing = string;

const advice: Readonly<Record<ErrorCode, readonly [string, string]>> = {
  'not-found': ['Not Found', 'Check the name and the endpoint, with its path.'],
  unauthorized: ['Not Authenticated', 'Check the credentials in the provider block or in the environment variables of the provider.'],
  forbidden: ['Not Allowed', 'The server knows who asks but does not allow it; ask its administrator for the permission.'],
  conflict: ['Conflict', 'The server has something that stands against it.'],
  invalid: ['Refused by the Server', 'The server does not accept the values; its words say which.'],
  busy: ['Server Busy', 'It was tried several times. Try again later, or lower max_concurrency in the provider block.'],
  'server-error': [
    'Server Error',
    'The server failed; its log says why. Nothing was removed from the state; run it again when the server is well.',
  ],
  unreachable: ['Server Not Reachable', 'Check the endpoint and that the server runs.'],
  timeout: [
    'No Answer in Time',
    'Check the server, or raise request_timeout in the provider block, or the timeouts of the resource where it has some.',
  ],
  tls: ['Certificate Not Accepted', 'Name the authority that signed it in ca_cert, or check that the endpoint should be https.'],
  'unexpected-answer': ['Unexpected Answer', 'Check that the endpoint is the API itself. The state is kept as it was.'],
  cancelled: ['Cancelled', 'It was stopped before the server answered. Run it again; what was done is seen then.'],
};

/** Makes a diagnostic of whatever was thrown: the one place that does. */
export function toDiagnostic(thrown: unknown, doing: Doing): Diagnostic {
  if (thrown instanceof ApiError) {
    const [summary, hint] = advice[thrown.code];
    return error(summary, `Cannot ${doing}: ${sentence(thrown.message)} ${hint}`);
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
    return error('Internal Error', `Cannot ${doing}: ${sentence(thrown.message)} This is a fault of the provider; please report it.`);
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return error(
    'Internal Error',
    `Cannot ${doing}: ${sentence(reason)} This is a fault of the provider; please report it with the configuration that shows it.`,
  );
}

/** A text with a stop at its end, unless it has one: servers end theirs as they like. */
const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/** Something needs the server before the provider block was read, or while it holds values that are not known yet. */
export class NotConfigured extends Error {}
