import { spawn, type ChildProcess } from 'node:child_process';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { createCertificate, toPem, type Certificate } from '../../src/protocol/certificate';
import { frame, FrameReader } from '../../src/protocol/grpc/framing';
import { GrpcError } from '../../src/protocol/grpc/status';
import { type PluginClient, type SendStream, typedCall, typedStream } from '../../src/testing/in-process';

const COOKIE = 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2';

/** A provider process with an open connection to it. */
export interface RemoteClient extends PluginClient {
  readonly process: ChildProcess;
  readonly line: string;
  readonly session: ClientHttp2Session;
}

/** Where a provider process listens, as its handshake line says. */
export interface Started {
  readonly process: ChildProcess;
  readonly line: string;
  readonly port: number;
  /** Absent when the provider serves without TLS. */
  readonly serverPem?: string;
}

/** Starts a provider executable and reads its handshake line. */
export async function startPlugin(executable: string, certificate?: Certificate, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const handshake = {
    TF_PLUGIN_MAGIC_COOKIE: COOKIE,
    PLUGIN_PROTOCOL_VERSIONS: '5,6',
    ...(certificate && { PLUGIN_CLIENT_CERT: certificate.pem }),
  };
  const child = spawn(executable, [], { env: { ...process.env, ...handshake, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => (stderr += String(text)));
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the provider ended with ${code}: ${stderr}`)));
  });
  const [, , , address = '', , der = ''] = line.split('|');
  return { process: child, line, port: Number(address.split(':')[1]), ...(der && { serverPem: toPem(Buffer.from(der, 'base64')) }) };
}

/** Opens a connection to a started provider, with the given certificate if it serves TLS. */
export function connectPlugin(
  { port, serverPem }: Pick<Started, 'port' | 'serverPem'>,
  certificate?: Certificate,
): Promise<ClientHttp2Session> {
  const own = certificate && { key: certificate.key, cert: certificate.pem };
  const session = serverPem
    ? connect(`https://127.0.0.1:${port}`, { ca: serverPem, servername: 'localhost', ...own })
    : connect(`http://127.0.0.1:${port}`);
  return new Promise((resolve, reject) => {
    const refused = (error: Error): void => {
      reject(error);
      session.destroy();
    };
    session.once('remoteSettings', () => resolve(session));
    // In TLS 1.3 a server refuses a certificate after the client is connected, and Node tells only the socket.
    session.once('connect', (_, socket) => socket.once('error', refused));
    session.on('error', refused);
    session.once('close', () => reject(new Error('the connection was closed')));
  });
}

/** Sends one message and gives the one that comes back; a status other than OK becomes a `GrpcError`. */
export function callRaw(session: ClientHttp2Session, path: string, message: Uint8Array): Promise<Buffer> {
  return sendChunks(session, path, [frame(message)]);
}

/** Sends the bytes of a call chunk by chunk, whatever they are. */
export function sendChunks(session: ClientHttp2Session, path: string, chunks: readonly Uint8Array[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
    const frames = new FrameReader();
    const messages: Buffer[] = [];
    const status: Record<string, unknown> = {};
    stream.on('response', (headers) => Object.assign(status, headers));
    stream.on('trailers', (headers) => Object.assign(status, headers));
    stream.on('data', (chunk: Buffer) => messages.push(...frames.push(chunk)));
    stream.on('error', reject);
    stream.on('close', () => {
      const code = Number(status['grpc-status'] ?? -1);
      if (code === 0 && messages[0]) resolve(messages[0]);
      else reject(new GrpcError(code, decodeURIComponent(String(status['grpc-message'] ?? `HTTP ${String(status[':status'])}`))));
    });
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
  });
}

/** Sends one message and gives those that come back; a status other than OK becomes a `GrpcError`. */
export const streamRaw =
  (session: ClientHttp2Session): SendStream =>
  (path, message, { onMessage, signal }) =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' });
      const frames = new FrameReader();
      const status: Record<string, unknown> = {};
      stream.on('response', (headers) => Object.assign(status, headers));
      stream.on('trailers', (headers) => Object.assign(status, headers));
      stream.on('data', (chunk: Buffer) => frames.push(chunk).forEach(onMessage));
      stream.on('error', reject);
      stream.on('close', () => {
        const code = Number(status['grpc-status'] ?? -1);
        if (code === 0 || signal?.aborted) resolve();
        else reject(new GrpcError(code, decodeURIComponent(String(status['grpc-message'] ?? ''))));
      });
      signal?.addEventListener('abort', () => stream.close(constants.NGHTTP2_CANCEL));
      stream.end(frame(message));
    });

/** Starts a provider executable and connects to it as core does: handshake, mutual TLS, typed calls. */
export async function startClient(executable: string, env: NodeJS.ProcessEnv = {}): Promise<RemoteClient> {
  const certificate = createCertificate();
  const started = await startPlugin(executable, certificate, env);
  const session = await connectPlugin(started, certificate);
  const ended = new Promise<void>((resolve) => started.process.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    await callRaw(session, '/plugin.GRPCController/Shutdown', Buffer.alloc(0)).catch(() => started.process.kill('SIGKILL'));
    session.close();
    await ended;
  };
  return {
    process: started.process,
    line: started.line,
    session,
    call: typedCall((path, message) => callRaw(session, path, message)),
    stream: typedStream(streamRaw(session)),
    close,
  };
}
