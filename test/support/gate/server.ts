import { type Answer, startServer, type TestServer } from '../../../src/testing/http-server';
import { MemoryApi } from '../../../src/testing/memory-api';

/** A server for the made-up provider. */
export interface GateServer extends TestServer {
  /** The passes that were made and not ended, by id. */
  readonly passes: ReadonlyMap<string, string>;
  /** Tokens of all passes that were ever made. */
  readonly tokens: readonly string[];
  /** Seconds from now to the end of the passes that are made or renewed next; nothing is never. */
  lasts: number | undefined;
  /** Told of each request before it is answered. */
  before: ((method: string, path: string) => Promise<void> | void) | undefined;
}

/** Starts it with no door and no pass. */
export async function startGate(): Promise<GateServer> {
  const doors = new MemoryApi('/doors');
  const passes = new Map<string, string>();
  const tokens: string[] = [];
  let made = 0;
  const gate = { lasts: 3600 as number | undefined, before: undefined as GateServer['before'] };
  const ends = (): object => (gate.lasts === undefined ? {} : { ends: new Date(Date.now() + gate.lasts * 1000).toISOString() });
  const issue = (): string => {
    made += 1;
    passes.set(`p${made}`, `token/${made}+Kx82`);
    tokens.push(`token/${made}+Kx82`);
    return `p${made}`;
  };
  const answer: Answer = async (got) => {
    await gate.before?.(got.method, got.path);
    const [, kind, id = '', action] = got.path.split('/');
    if (kind === 'hint') return { status: 200, body: { text: 'under the mat' } };
    if (action === 'bell') return { status: 200, body: { sound: `ding\n${got.text.includes('4711') ? '4711' : 'dong'}` } };
    if (kind !== 'passes') return doors.answer(got);
    if (got.method === 'POST') {
      const next = issue();
      const token = passes.get(next) ?? '';
      const url = `${server.endpoint}/open?pass=${encodeURIComponent(token)}`;
      return { status: 201, body: { id: next, token, url, issuer: { desk_number: 4 }, note: 'not asked for', ...ends() } };
    }
    if (!passes.has(id)) return { status: 404, text: 'no such pass' };
    if (got.method === 'DELETE') passes.delete(id);
    if (action === 'renewal') {
      // A renewal gives the pass another id.
      const renewed = `${id}r`;
      passes.set(renewed, passes.get(id) ?? '');
      passes.delete(id);
      return { status: 200, body: { id: renewed, ...ends() } };
    }
    return { status: 204 };
  };
  const server = await startServer(answer);
  return Object.assign(gate, server, { passes, tokens });
}
