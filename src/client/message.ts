import { Readable } from 'node:stream';
import { writeJson } from '../common/exact-json';
import type { ApiAnswer, ApiRequest } from '../schema/define/client';
import type { DecodedAnswer } from '../schema/define/error-decoder';
import type { Pace } from './pace';
import type { TransportRequest, TransportResponse } from './transport';

/** The body of a request. */
export interface Body {
  readonly content?: NonNullable<TransportRequest['body']>;
  /** Its media type, unless the request sets another. */
  readonly type?: string;
  /** Its length in bytes, if it cannot be computed from the content. */
  readonly length?: number;
}

/** The body for one try: a stream can be read only once. */
export function bodyOf({ upload, form, text, body }: ApiRequest, pace: Pace): Body {
  if (upload) return { content: Readable.from(pace.file(upload.open())), type: 'application/octet-stream', length: upload.size };
  if (form) return { content: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
  if (text !== undefined) return { content: text, type: 'text/plain; charset=utf-8' };
  return body === undefined ? {} : { content: writeJson(body), type: 'application/json' };
}

/** Whether the method of a request only reads. */
export const isRead = ({ method }: ApiRequest): boolean => method === 'GET' || method === 'HEAD';

/** Whether a request with its method is safe to send twice. */
export const isRepeatable = ({ method }: ApiRequest): boolean => method !== 'POST' && method !== 'PATCH';

/** The headers of a response, with repeated ones joined. */
export const headersOf = ({ headers }: TransportResponse): ApiAnswer['headers'] =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

/** A response with a complete body. Its text is decoded only on access, because lists are large. */
export class Received {
  readonly status: number;
  readonly headers: ApiAnswer['headers'];
  private made: string | undefined;

  constructor(
    response: TransportResponse,
    readonly bytes: Buffer,
  ) {
    this.status = response.status;
    this.headers = headersOf(response);
  }

  get text(): string {
    return (this.made ??= this.bytes.toString('utf8'));
  }

  /** The response in the form that a decoder gets. */
  decoded({ method, path }: ApiRequest, json: unknown): DecodedAnswer {
    const { status, headers } = this;
    const text = (): string => this.text;
    return {
      method,
      path,
      status,
      headers,
      json,
      get text() {
        return text();
      },
    };
  }
}
