import { type FastifyReply } from 'fastify';
import { sendText } from '../../reply';

/** A refusal in the form of Kubernetes, as the filters before the routes give it. */
export class StatusError extends Error {
  constructor(
    readonly code: 401 | 403,
    message: string,
    readonly details?: Readonly<Record<string, string>>,
  ) {
    super(message);
  }
}

const REASONS = { 401: 'Unauthorized', 403: 'Forbidden' } as const;

/** What a change answers that has nothing to tell. */
export const SUCCESS = { message: 'success' };

/** Answers with JSON as the server writes it: indented by one space, and what HTML knows escaped. */
export function sendJson(reply: FastifyReply, body: unknown, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send(Buffer.from(escapeJson(JSON.stringify(body, null, 1))));
}

/** The text of a JSON document with the characters escaped that Go escapes. */
export function escapeJson(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Answers as the framework does for what no route takes: a text without a line end. */
export function sendPlain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').send(text);
}

/** Answers with the text of an error. */
export function sendError(reply: FastifyReply, status: number, message: string): FastifyReply {
  return sendText(reply, status, message.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
}

/** Answers with a refusal in the form of Kubernetes. */
export function sendStatus(reply: FastifyReply, { code, message, details }: StatusError): FastifyReply {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: REASONS[code] };
  const body = JSON.stringify({ ...status, ...(details && { details }), code });
  return reply
    .code(code)
    .header('content-type', 'application/json')
    .send(Buffer.from(`${escapeJson(body)}\n`));
}
