import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file by its content and type. */
export interface ServedFile {
  readonly type: string;
  readonly body: Buffer | string;
}

/** Listens on a free port of this machine. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  // It lives as long as the quickstart does, and no longer.
  server.unref();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A small upstream: serves the files that `make` answers, by path, at the URL it was given. */
export async function serveFiles(make: (url: string) => Readonly<Record<string, ServedFile>>): Promise<string> {
  let files: Readonly<Record<string, ServedFile>> = {};
  const server = createServer((request, response) => {
    const file = files[decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/')];
    if (!file) return void response.writeHead(404).end('not found\n');
    response.writeHead(200, { 'content-type': file.type, 'content-length': Buffer.byteLength(file.body) });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  });
  const url = await listen(server);
  files = make(url);
  return url;
}
