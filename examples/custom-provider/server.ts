import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Fields = Record<string, unknown>;
interface Team {
  readonly fields: Fields;
  readonly members: Map<string, Fields>;
  readonly keys: Map<string, Fields>;
}
interface Answer {
  readonly status: number;
  readonly body?: unknown;
}
const missing = (what: string): Answer => ({ status: 404, body: { error: `there is no ${what}` } });

/** Crew, the in-house directory: teams, their members and their API keys, in memory. Callers have the token "crew". */
export async function startCrew(
  port = 0,
): Promise<{ readonly endpoint: string; readonly teams: Map<string, Team>; stop(): Promise<void> }> {
  const teams = new Map<string, Team>();
  const server = createServer((request, response) => {
    void answer(request, teams).then(({ status, body }) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body)),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const stop = (): Promise<void> => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, teams, stop };
}

async function answer(request: IncomingMessage, teams: Map<string, Team>): Promise<Answer> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  if (request.headers.authorization !== 'Bearer crew') return { status: 401, body: { error: 'log in with a token' } };
  const body = text === '' ? {} : (JSON.parse(text) as Fields);
  const [, root, name, kind, item, field] = (request.url ?? '').split('?')[0]?.split('/').map(decodeURIComponent) ?? [];
  const all = new Map([...teams].map(([key, team]) => [key, team.fields]));
  const add = (fields: Fields): unknown => teams.set(String(fields['name']), { fields, members: new Map(), keys: new Map() });
  if (root !== 'teams') return missing('such place');
  if (kind === undefined)
    return one({ method: request.method, id: name, body, objects: all, idField: 'name', add, drop: (id) => teams.delete(id) });
  const team = teams.get(name ?? '');
  if (!team) return missing(`team ${name}`);
  const objects = kind === 'members' ? team.members : team.keys;
  const idField = kind === 'members' ? 'email' : 'name';
  if (field === 'note' && !objects.has(item ?? '')) return missing(`key ${item}`);
  const call = { method: request.method, id: item, body, objects, idField, drop: (id: string) => objects.delete(id) };
  const answered = one({ ...call, add: (fields) => objects.set(String(fields[idField]), fields) });
  if (kind !== 'keys' || request.method !== 'POST' || answered.status !== 201) return answered;
  // Only this response contains the secret.
  return { status: 201, body: { ...(answered.body as Fields), secret: randomBytes(16).toString('hex') } };
}

interface Call {
  readonly method: string | undefined;
  readonly id: string | undefined;
  readonly body: Fields;
  readonly objects: ReadonlyMap<string, Fields>;
  readonly idField: string;
  add(fields: Fields): unknown;
  drop(id: string): unknown;
}

function one({ method, id, body, objects, idField, add, drop }: Call): Answer {
  if (id === undefined && method === 'GET') return { status: 200, body: [...objects.values()] };
  if (id === undefined) {
    if (objects.has(String(body[idField])))
      return { status: 409, body: { error: `there is a ${idField} ${String(body[idField])} already` } };
    const fields = { ...body, created_at: new Date().toISOString() };
    add(fields);
    return { status: 201, body: fields };
  }
  const fields = objects.get(id);
  if (!fields) return missing(`${idField} ${id}`);
  if (method === 'DELETE') drop(id);
  else if (method !== 'GET') Object.assign(fields, body);
  return method === 'DELETE' ? { status: 204 } : { status: 200, body: fields };
}

if (require.main === module) {
  const port = Number(process.env['PORT'] ?? 8000);
  startCrew(port).then(
    ({ endpoint }) => console.log(`Crew listens on ${endpoint}`),
    (failure: Error) => {
      console.error(`cannot listen on port ${port}: ${failure.message}; choose another with PORT, e.g. PORT=8001 npm run server`);
      process.exitCode = 1;
    },
  );
}
