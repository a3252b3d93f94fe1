import { X509Certificate } from 'node:crypto';
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';
import type { Certificate } from '../certificate';
import type { Dispatch, ServerStream } from './call';
import { FrameReader } from './framing';
import { GrpcError, Status, toGrpcMessage } from './status';

const WINDOW = 16 * 1024 * 1024;
const SESSION = { settings: { initialWindowSize: WINDOW, maxConcurrentStreams: 4096, enablePush: false }, maxSessionMemory: 1024 };
const TYPE = 'application/grpc';
const HEADERS = { ':status': 200, 'content-type': TYPE };

/** The certificates of a server and of its only client. */
export interface Tls {
  readonly own: Certificate;
  /** The only certificate that a client may show. */
  readonly clientCertificate: string;
}

/** Makes a server of gRPC over HTTP/2; with `tls` it serves only the client whose certificate it names. */
export function createGrpcServer(dispatch: Dispatch, tls?: Tls): Http2Server {
  const server = tls ? createGuardedServer(tls) : createServer(SESSION);
  server.on('stream', (stream, headers) => accept(stream, headers, dispatch));
  server.on('session', (session) => {
    session.on('error', ignore);
    if (!session.destroyed) session.setLocalWindowSize(WINDOW);
  });
  for (const event of ['sessionError', 'tlsClientError', 'clientError', 'error']) server.on(event, ignore);
  return server as Http2Server;
}

/**
 * Serves the one client, which is known by its certificate, whose key the handshake proves; nobody is trusted for who signed theirs. With a list
 * of authorities, even of one, Node 20 would parse all those that it comes with, which takes 20 ms of each start.
 */
function createGuardedServer({ own, clientCertificate }: Tls): Http2SecureServer {
  const known = new X509Certificate(clientCertificate).raw;
  const certificates = { key: own.key, cert: own.pem, ca: [], requestCert: true, rejectUnauthorized: false };
  const server = createSecureServer({ ...SESSION, ...certificates, minVersion: 'TLSv1.2' });
  const listeners = server.listeners('secureConnection');
  server.removeAllListeners('secureConnection').on('secureConnection', (socket) => {
    if (socket.getPeerX509Certificate()?.raw.equals(known)) for (const listener of listeners) listener.call(server, socket);
    else socket.destroy();
  });
  return server;
}

/** Broken connections are ignored here; their calls end with their streams. */
function ignore(): void {}

function accept(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, dispatch: Dispatch): void {
  stream.on('error', ignore);
  const refused = refusal(headers);
  if (refused) {
    respond(stream, { ':status': refused }, { endStream: true });
    stream.resume();
    return;
  }
  const frames = new FrameReader();
  let message: Buffer | undefined;
  let failure: GrpcError | undefined;
  stream.on('data', (chunk: Buffer) => {
    if (failure) return;
    try {
      for (const next of frames.push(chunk)) {
        if (message) throw new GrpcError(Status.INVALID_ARGUMENT, 'the call carries more than one message');
        message = next;
      }
    } catch (error) {
      failure = error as GrpcError;
      fail(stream, failure);
    }
  });
  stream.on('end', () => {
    if (failure || isGone(stream)) return;
    const broken = frames.partial || !message;
    if (broken) return fail(stream, new GrpcError(Status.INVALID_ARGUMENT, 'the call carries no whole message'));
    answer(stream, dispatch, { path: headers[':path'] ?? '', message: message as Buffer });
  });
}

function refusal(headers: IncomingHttpHeaders): number | undefined {
  if (headers[':method'] !== 'POST') return 405;
  const type = headers['content-type'] ?? '';
  return type === TYPE || type.startsWith(`${TYPE}+`) || type.startsWith(`${TYPE};`) ? undefined : 415;
}

function answer(stream: ServerHttp2Stream, dispatch: Dispatch, call: { readonly path: string; readonly message: Buffer }): void {
  dispatch(call.path, call.message).then(
    (reply) => (typeof reply === 'function' ? openStream(stream, reply) : finish(stream, reply)),
    (error: unknown) => fail(stream, error),
  );
}

function finish(stream: ServerHttp2Stream, reply: Buffer): void {
  if (begin(stream, () => OK)) stream.end(reply);
}

/** A method runs even if its peer has gone: its effect, such as ending the process, is still needed. */
function openStream(stream: ServerHttp2Stream, run: ServerStream): void {
  let trailers: OutgoingHttpHeaders = OK;
  begin(stream, () => trailers);
  run({
    write: (bytes) => (isGone(stream) || stream.write(bytes) ? Promise.resolve() : drained(stream)),
    end(failure) {
      if (failure) trailers = statusOf(failure);
      if (!isGone(stream)) stream.end();
    },
    onClose: (closed) => void (stream.destroyed ? setImmediate(closed) : stream.on('close', closed)),
  });
}

const drained = (stream: ServerHttp2Stream): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });

const OK: OutgoingHttpHeaders = { 'grpc-status': '0' };

const statusOf = ({ code, message }: GrpcError): OutgoingHttpHeaders => ({
  'grpc-status': String(code),
  'grpc-message': toGrpcMessage(message),
});

/** Begins an answer that is followed by its status. */
function begin(stream: ServerHttp2Stream, trailers: () => OutgoingHttpHeaders): boolean {
  stream.on('wantTrailers', () => isGone(stream) || stream.sendTrailers(trailers()));
  return respond(stream, HEADERS, { waitForTrailers: true });
}

/** Answers with headers alone, which is how gRPC tells a call that has no message to give. */
function fail(stream: ServerHttp2Stream, error: unknown): void {
  const failure = error instanceof GrpcError ? error : new GrpcError(Status.INTERNAL, 'internal error');
  respond(stream, { ...HEADERS, ...statusOf(failure) }, { endStream: true });
}

/** Begins the answer, once, unless the peer is gone; says whether it did. The one place that does, since Node throws for a stream that is over. */
function respond(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders, options: ServerStreamResponseOptions): boolean {
  if (isGone(stream) || stream.headersSent) return false;
  stream.respond(headers, options);
  return true;
}

/** A stream that its peer has reset is `closed` at once, but `destroyed` only when its own side has ended too. */
const isGone = (stream: ServerHttp2Stream): boolean => stream.closed || stream.destroyed;
