import { AsyncLocalStorage } from 'node:async_hooks';
import { type IncomingMessage } from 'node:http';
import {
  type Context,
  context as contexts,
  defaultTextMapGetter,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { reasonOf } from '../errors';
import { type RequestFacts } from './facts';
import { masked } from './masked';
import { type Encoding } from './operations';

const SERVICE = 'repoform-registry';

/** How a request ended. */
export interface Outcome {
  readonly status: number;
  readonly sent: number;
}

/** What is about to be sent to an upstream. */
export interface Sending {
  readonly method: string;
  readonly url: string;
  readonly remote: { readonly name: string };
}

/** Traces requests with OpenTelemetry, which this alone loads. What it does is set by OpenTelemetry's own variables. */
export class Tracing {
  readonly #current = new AsyncLocalStorage<Context>();
  readonly #propagator = new W3CTraceContextPropagator();
  readonly #provider: NodeTracerProvider;
  readonly #tracer: Tracer;

  /** `propagates` is whether upstreams are told of the trace. */
  constructor(
    private readonly propagates: boolean,
    encoding: Encoding,
  ) {
    const resource = defaultResource()
      .merge(resourceFromAttributes({ 'service.name': SERVICE }))
      .merge(detectResources({ detectors: [envDetector] }));
    const exporter = encoding === 'http/json' ? new JsonExporter() : new ProtobufExporter();
    this.#provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
    this.#tracer = this.#provider.getTracer('repoform');
  }

  /** Handles a request of a client within a span, as a part of the client's trace if it is in one; the answer ends the span. */
  serve(request: IncomingMessage, facts: RequestFacts, handle: () => void): (outcome: Outcome) => void {
    const { method = '', url = '', headers } = request;
    const [path] = masked(url).split('?', 1);
    const attributes = {
      'http.request.method': method,
      'url.path': path,
      'url.scheme': 'encrypted' in request.socket ? 'https' : 'http',
      ...(headers.host && { 'server.address': headers.host.replace(/:\d+$/, '') }),
      ...(headers['user-agent'] && { 'user_agent.original': headers['user-agent'] }),
      'repoform.backend': facts.backend,
      'repoform.request_id': facts.id.id,
    };
    const parent = this.#propagator.extract(contexts.active(), headers, defaultTextMapGetter);
    const span = this.#tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    this.#current.run(trace.setSpan(parent, span), handle);
    return ({ status, sent }) => {
      const { type, repository, source } = facts;
      if (type) span.updateName(`${method} ${type}`);
      span.setAttributes({
        'http.response.status_code': status,
        'http.response.size': sent,
        ...(type && { 'repoform.type': type, 'repoform.repository': repository }),
        ...(source && { 'repoform.source': source }),
      });
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  }

  /** Sends a request to an upstream within a span, which ends with the head of the answer. */
  async send<T extends { readonly status: number }>({ method, url, remote }: Sending, send: () => Promise<T>): Promise<T> {
    const { hostname, port, protocol } = new URL(url);
    const attributes = {
      'http.request.method': method,
      'url.full': masked(url),
      'server.address': hostname,
      'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
      'repoform.remote': remote.name,
    };
    return this.#within({ name: method, kind: SpanKind.CLIENT, attributes }, send, (span, { status }) => {
      span.setAttribute('http.response.status_code', status);
      if (status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
    });
  }

  /** Does something of the store within a span. */
  store<T>(name: string, step: () => Promise<T>): Promise<T> {
    return this.#within({ name, kind: SpanKind.INTERNAL, attributes: {} }, step, () => undefined);
  }

  /** Records a statement to the database that has just ended; its values are not shown. */
  statement({ sql, ms, failure }: { readonly sql: string; readonly ms: number; readonly failure?: unknown }): void {
    const current = this.#current.getStore();
    // What serves no request, such as cleaning up, is no trace.
    if (!current) return;
    const [operation = ''] = sql.trimStart().split(/\s/, 1);
    const attributes = { 'db.operation.name': operation.toUpperCase(), 'db.query.text': sql };
    const options = { kind: SpanKind.CLIENT, attributes, startTime: Date.now() - ms };
    const span = this.#tracer.startSpan(operation.toUpperCase(), options, current);
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(failure) });
    span.end();
  }

  /** The headers that tell an upstream of the trace. */
  headers(): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {};
    const current = this.propagates ? this.#current.getStore() : undefined;
    if (current) this.#propagator.inject(current, headers, { set: (carrier, name, value) => void (carrier[name] = value) });
    return headers;
  }

  /** Sends what has not been sent, for a moment at most. */
  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }

  async #within<T>(
    { name, ...options }: { readonly name: string; readonly kind: SpanKind; readonly attributes: Record<string, string | number> },
    step: () => Promise<T>,
    ended: (span: Span, result: T) => void,
  ): Promise<T> {
    const parent = this.#current.getStore();
    if (!parent) return step();
    const span = this.#tracer.startSpan(name, options, parent);
    try {
      const result = await this.#current.run(trace.setSpan(parent, span), step);
      ended(span, result);
      return result;
    } catch (cause) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reasonOf(cause) });
      throw cause;
    } finally {
      span.end();
    }
  }
}
