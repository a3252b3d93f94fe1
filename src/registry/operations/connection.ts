import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

/**
 * Knows the open connections of a server, and the addresses of clients while they are open: a socket keeps its address once it was asked for, but has
 * none to tell when the client has reset the connection. One that was reset before that is dropped: nobody could be told of what it asks for.
 */
export function knowConnections(server: Server, open: Set<Socket>): void {
  for (const event of ['connection', 'secureConnection'])
    server.prependListener(event, (socket: Socket) => {
      if (socket.remoteAddress === undefined) return void socket.destroy();
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
}

const TOLD = Symbol('told');
const BROKEN_OFF = Symbol('broken off');
type Answered = Socket & { [TOLD]?: number; [BROKEN_OFF]?: true };

/** Notes the status of an answer that was written to a connection in place of that of its request. */
export function noteTold(socket: Answered, status: number): void {
  socket[TOLD] = status;
}

/** Notes that a connection is ended by this side, whatever is under way on it. */
export function noteBrokenOff(socket: Answered): void {
  socket[BROKEN_OFF] = true;
}

/** Whether a request is over without the whole answer because this side has ended its connection. */
export function isBrokenOff(response: Pick<ServerResponse, 'writableFinished'>, socket: Answered): boolean {
  return !response.writableFinished && socket[BROKEN_OFF] === true;
}

/**
 * The status of a request that is over without the answer to it: what its sender was told instead, or 499 as nginx has it. Where this side
 * broke it off, it is the one that was sent, as in nginx and HAProxy, or 503.
 */
export function unanswered(request: Pick<IncomingMessage, 'complete'>, response: ServerResponse, socket: Answered): number {
  if (isBrokenOff(response, socket)) return response.headersSent ? response.statusCode : 503;
  return (request.complete ? undefined : socket[TOLD]) ?? 499;
}

const SEEN = Symbol('seen');
type Counted = Socket & { [SEEN]?: { read: number; written: number } };

/** What went over a connection since the last request: Node reads the head of a request, and some of its body, before it tells of it. */
export function moved(socket: Counted): readonly [received: number, sent: number] {
  const { bytesRead, bytesWritten } = socket;
  const seen = (socket[SEEN] ??= { read: 0, written: 0 });
  const since = [bytesRead - seen.read, bytesWritten - seen.written] as const;
  seen.read = bytesRead;
  seen.written = bytesWritten;
  return since;
}

/** Node keeps the head of an answer as it was sent. */
export function headLength(response: ServerResponse & { readonly _header?: string | null }): number {
  return response._header?.length ?? 0;
}
