import { connect, createServer, type Socket } from 'node:net';
import { type AddressInfo } from 'node:net';
import { afterwards } from '../helpers';

/** Sends a request line as it is, which clients of a library would tidy up; the result is the status. */
export async function rawRequest(url: string, line: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('error', reject).on('close', () => resolve(text));
  });
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

/** A server that hands out its connections, for answers that Node's own server would not give; the result is its URL. */
export async function rawServer(serve: (socket: Socket, head: string, nth: number) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let served = 0;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk) => serve(socket, chunk.toString('latin1'), served++));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
