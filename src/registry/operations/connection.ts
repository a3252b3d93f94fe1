import { type IncomingMessage, type Server } from 'node:http';
import { type Socket } from 'node:net';

/**
 * Learns the addresses of clients while their connections are open: a socket keeps its address once it was asked for, but has none to
 * tell when the client has reset the connection. One that was reset before that is dropped: nobody could be told of what it asks for.
 */
export function knowAddresses(server: Server): void {
  for (const event of ['connection', 'secureConnection'])
    server.prependListener(event, (socket: Socket) => {
      if (socket.remoteAddress === undefined) socket.destroy();
    });
}

const TOLD = Symbol('told');
type Answered = Socket & { [TOLD]?: number };

/** Notes the status of an answer that was written to a connection in place of that of its request. */
export function noteTold(socket: Answered, status: number): void {
  socket[TOLD] = status;
}

/** The status of a request that is over without the answer to it: what its sender was told instead, or 499 as nginx has it. */
export function givenUp({ complete }: Pick<IncomingMessage, 'complete'>, socket: Answered): number {
  return (complete ? undefined : socket[TOLD]) ?? 499;
}
