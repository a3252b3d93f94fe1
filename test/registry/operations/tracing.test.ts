import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { parse } from 'protobufjs';
import { BuiltCommand, type RunningCommand } from '../../cli/command';
import { addRemote, afterwards, call, cleanUp, registry, tempFolder, upstream } from '../helpers';

/** What an OTLP/HTTP exporter sends as JSON, as far as it is looked at here. */
interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number };
}

let command: BuiltCommand;
beforeAll(() => (command = new BuiltCommand()));
afterAll(() => command.remove());
afterEach(cleanUp);

/** Starts the command as it is shipped: OpenTelemetry reads the environment of its process. */
async function start(env: Record<string, string>, ...args: string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  const running: RunningCommand = command.start(['registry', '--port', '0', '--data', tempFolder(), ...args], env);
  const url = await running.line(/^The registry runs at (http:\S+)/m);
  const stop = async () => {
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  };
  return { url, stop };
}

/** Starts a collector, for the variables that name it. */
async function collector(): Promise<{ spans: Span[]; service: () => unknown; env: Record<string, string> }> {
  const spans: Span[] = [];
  let service: unknown;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      expect([request.method, request.url, request.headers['content-type']]).toEqual(['POST', '/v1/traces', 'application/json']);
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Exported;
      for (const { resource, scopeSpans } of resourceSpans) {
        service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => new Promise((resolve) => void server.close(() => resolve())));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { spans, service: () => service, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' } };
}

const attribute = ({ attributes }: Span, name: string) => {
  const value = attributes.find(({ key }) => key === name)?.value;
  return value?.stringValue ?? value?.intValue;
};

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${trace}-00f067aa0ba902b7-01`;

test("a request is a span of its client's trace; what it asks of an upstream and of the database are spans within it", async () => {
  const { spans, service, env } = await collector();
  const asked: IncomingHttpHeaders[] = [];
  const { url: base_url } = await upstream((request, response) => {
    asked.push(request.headers);
    response.end('x');
  });
  const running = await start({ ...env, OTEL_SERVICE_NAME: 'packages' });
  await addRemote(running.url, { name: 'files', base_url });
  const answer = await call('GET', `${running.url}/api/v1/remote/files/a?token=secret`, { headers: { traceparent } });
  expect(answer.header('x-request-id')).toBe(trace);
  await running.stop();
  expect(service()).toBe('packages');
  const own = spans.filter(({ traceId }) => traceId === trace);
  const server = own.find(({ kind }) => kind === 2);
  expect(server).toMatchObject({ name: 'GET generic', parentSpanId: '00f067aa0ba902b7' });
  const shown = ['http.request.method', 'url.path', 'http.response.status_code', 'repoform.repository', 'repoform.source'];
  expect(shown.map((name) => server && attribute(server, name))).toEqual(['GET', '/api/v1/remote/files/a', 200, 'files', 'miss']);
  const client = own.find((span) => attribute(span, 'url.full') !== undefined);
  expect(client).toMatchObject({ kind: 3, parentSpanId: server?.spanId });
  expect(client && attribute(client, 'url.full')).toBe(`${base_url}/a?token=***`);
  const statements = own.filter((span) => attribute(span, 'db.query.text') !== undefined).map(({ name }) => name);
  expect(statements).toEqual(expect.arrayContaining(['SELECT', 'INSERT']));
  expect(JSON.stringify(spans)).not.toContain('secret');
  // Nobody asked for upstreams to be told.
  expect(asked.map((headers) => headers['traceparent'])).toEqual([undefined]);
});

test('upstreams are told of the trace where that is wanted, with the span of the request to them as its parent', async () => {
  const { spans, env } = await collector();
  const asked: IncomingHttpHeaders[] = [];
  const { url: base_url } = await upstream((request, response) => {
    asked.push(request.headers);
    response.writeHead(503).end();
  });
  const running = await start(env, '--trace-upstreams');
  await addRemote(running.url, { name: 'files', base_url });
  expect((await call('GET', `${running.url}/api/v1/remote/files/a`, { headers: { traceparent } })).status).toBe(502);
  await running.stop();
  const client = spans.find((span) => attribute(span, 'url.full') !== undefined);
  expect(asked.map((headers) => headers['traceparent'])).toEqual([`00-${trace}-${client?.spanId}-01`]);
  expect(client?.status.code).toBe(2);
});

test("the sampler is OpenTelemetry's, and so is the switch; gRPC is refused", async () => {
  const { spans, env } = await collector();
  for (const more of [{ OTEL_TRACES_SAMPLER: 'always_off' }, { OTEL_SDK_DISABLED: 'true' }]) {
    const running = await start({ ...env, ...more });
    expect((await call('GET', `${running.url}/health`)).status).toBe(200);
    await running.stop();
  }
  expect(spans).toEqual([]);
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  const refusal =
    'OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"; the registry sends traces over HTTP, usually to port 4318: set "http/protobuf" or "http/json"';
  await expect(registry({ environment })).rejects.toThrow(refusal);
});

/** The part of OpenTelemetry's protocol that tells the trace of a span: opentelemetry/proto/collector/trace/v1/trace_service.proto. */
const PROTO = `syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { repeated ScopeSpans scope_spans = 2; }
message ScopeSpans { repeated Span spans = 2; }
message Span { bytes trace_id = 1; bytes span_id = 2; string name = 5; }`;

test('spans are sent as protobuf unless JSON is asked for', async () => {
  const names: string[] = [];
  const { url } = await upstream((request, response) => {
    expect([request.url, request.headers['content-type']]).toEqual(['/v1/traces', 'application/x-protobuf']);
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const read = parse(PROTO).root.lookupType('ExportTraceServiceRequest').decode(Buffer.concat(chunks)).toJSON() as DecodedRequest;
      const spans = read.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: all }) => all));
      names.push(...spans.filter(({ traceId }) => Buffer.from(traceId, 'base64').toString('hex') === trace).map(({ name }) => name));
      response.end();
    });
  });
  const running = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
  await call('GET', `${running.url}/health`, { headers: { traceparent } });
  await running.stop();
  expect(names).toContain('GET');
});

interface DecodedRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly traceId: string; readonly name: string }[] }[];
  }[];
}
