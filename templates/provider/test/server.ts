import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small server with the API, for tests and trials. Replace it with the real one, for example in a container. */
export async function startServer(port = 0): Promise<{ endpoint: string; stop(): Promise<void> }> {
  const teams = new Map<string, object>();
  const server = createServer((request, response) => {
    const answer = (status: number, body?: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
    void bodyOf(request).then((body) => {
      const [, collection, name] = (request.url ?? '').split('?')[0]?.split('/').map(decodeURIComponent) ?? [];
      if (collection !== 'teams') return answer(404, { error: `there is no ${request.url}` });
      if (name === undefined && request.method === 'GET') return answer(200, [...teams.values()]);
      if (name === undefined && request.method === 'POST') {
        if (teams.has(String(body['name']))) return answer(409, { error: 'there is such a team already' });
        const team = { ...body, created_at: new Date().toISOString() };
        teams.set(String(body['name']), team);
        return answer(201, team);
      }
      const team = teams.get(name ?? '');
      if (!team) return answer(404, { error: `there is no team ${name}` });
      if (request.method === 'GET') return answer(200, team);
      if (request.method === 'DELETE') return (teams.delete(name ?? ''), answer(204));
      if (request.method !== 'PUT') return answer(405);
      const created = (team as { created_at: string }).created_at;
      teams.set(name ?? '', { ...body, name, created_at: created });
      return answer(200, teams.get(name ?? ''));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

if (require.main === module) {
  const port = Number(process.env['PORT'] ?? 8000);
  startServer(port).then(
    ({ endpoint }) => console.log(`listening on ${endpoint}`),
    (failure: Error) => {
      console.error(`cannot listen on port ${port}: ${failure.message}; choose another with PORT, e.g. PORT=8001 npm run server`);
      process.exitCode = 1;
    },
  );
}
