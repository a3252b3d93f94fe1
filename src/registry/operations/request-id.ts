import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders } from 'node:http';

/** The header with the id of a request. */
export const REQUEST_ID = 'x-request-id';
/** What may stand in a log and in a header. */
const ID = /^[\w.:/+=@-]{1,128}$/;
/** W3C Trace Context: version, trace, parent, flags. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(?:-.*)?$/;

/** How a request is identified. */
export interface RequestId {
  readonly id: string;
  /** The trace that the client is in, 32 hexadecimal digits; empty if it told none. */
  readonly trace: string;
}

/** How a request is identified: by `X-Request-ID`, else by the trace that the client is in, else by a new id. */
export function identify({ 'x-request-id': given, traceparent }: IncomingHttpHeaders): RequestId {
  const trace = typeof traceparent === 'string' ? traceOf(traceparent) : '';
  if (typeof given === 'string' && ID.test(given)) return { id: given, trace };
  return { id: trace || randomUUID(), trace };
}

function traceOf(traceparent: string): string {
  const [, trace = '', parent = ''] = TRACEPARENT.exec(traceparent) ?? [];
  return /[^0]/.test(trace) && /[^0]/.test(parent) ? trace : '';
}
