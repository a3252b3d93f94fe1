import { type IncomingMessage } from 'node:http';
import { visible } from '../../common/visible';
import { type RequestFacts } from './facts';
import { masked } from './masked';

/** The forms of a line of the access log. */
export const ACCESS_LOG_FORMATS = ['combined', 'common', 'json'] as const;
/** The form of a line of the access log. */
export type AccessLogFormat = (typeof ACCESS_LOG_FORMATS)[number];

/** A request that is over. */
export interface Ended {
  readonly request: IncomingMessage;
  readonly facts: RequestFacts;
  /** 499 when the client gave up before the end of the answer. */
  readonly status: number;
  /** Whether the registry ended it before its end. */
  readonly isBroken: boolean;
  /** The bytes of the body that were sent. */
  readonly bytes: number;
  readonly seconds: number;
  /** The address of the client. */
  readonly client: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** One line about a request, without its end. Secrets in URLs are masked; nothing that a client sends can begin another line. */
export function accessLine(format: AccessLogFormat, ended: Ended): string {
  if (format === 'json') return jsonLine(ended);
  const { request, status, bytes, client } = ended;
  const { method = '', url = '', httpVersion, headers } = request;
  const common = `${client} - ${userOf(request)} [${clfTime(new Date())}] "${escaped(`${method} ${masked(url)} HTTP/${httpVersion}`)}" ${status} ${bytes || '-'}`;
  if (format === 'common') return common;
  return `${common} "${escaped(masked(headers.referer ?? '-'))}" "${escaped(headers['user-agent'] ?? '-')}"`;
}

function jsonLine({ request, facts, status, isBroken, bytes, seconds, client }: Ended): string {
  const { method, url = '', httpVersion, headers } = request;
  const user = userOf(request);
  const line = JSON.stringify({
    time: new Date().toISOString(),
    request_id: facts.id.id,
    ...(facts.id.trace && { trace_id: facts.id.trace }),
    client,
    ...(user !== '-' && { user }),
    method,
    url: masked(url),
    http_version: httpVersion,
    status,
    ...(isBroken && { broken_off: true }),
    bytes,
    duration: Number(seconds.toFixed(6)),
    ...(headers.referer && { referer: masked(headers.referer) }),
    ...(headers['user-agent'] && { user_agent: headers['user-agent'] }),
    backend: facts.backend,
    ...(facts.type && { type: facts.type }),
    ...(facts.repository && { repository: facts.repository }),
    ...(facts.source && { source: facts.source }),
  });
  return visible(line);
}

/** The user name that a client gives for Basic authentication, which nobody may have verified; `-` if it gives none. */
function userOf({ headers: { authorization = '' } }: IncomingMessage): string {
  const [, encoded = ''] = /^basic\s+([\w+/=-]+)$/i.exec(authorization) ?? [];
  const [name = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':', 1);
  return name === '' ? '-' : escaped(name).replaceAll(' ', '\\x20');
}

/** As Apache and nginx escape what clients send. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/gu, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : [...Buffer.from(char)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function clfTime(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${day}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`;
}
