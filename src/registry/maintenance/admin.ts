import { chmodSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Writable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from '../errors';
import { type Store } from '../store/store';
import { type ExportCounts, exportTo } from './export';
import { type Report } from './report';
import { type TaskName, TASKS } from './tasks';

/** The file in a data folder through which a command reaches the process that holds the folder. Who may write it may do everything. */
const SOCKET = 'registry.sock';
/** Paths of sockets have about 100 bytes in some systems. */
const LONGEST = 100;

/** Takes commands for a store that this process holds. */
export async function listenForCommands(folder: string, store: Store): Promise<() => void> {
  const server = createServer((incoming, outgoing) => void answer(store, incoming, outgoing).catch(() => outgoing.destroy()));
  await throughPath(folder, async (path) => {
    rmSync(path, { force: true });
    await new Promise<void>((done, reject) => server.once('error', reject).listen(path, done));
    chmodSync(path, 0o600);
  });
  return () => {
    server.close();
    server.closeAllConnections();
    rmSync(join(folder, SOCKET), { force: true });
  };
}

/** Runs a task in the process that holds a folder; undefined if none does. */
export async function remoteTask(
  folder: string,
  name: TaskName,
  { options, report }: { options: object; report: Report },
): Promise<object | undefined> {
  const response = await ask(folder, name, options);
  if (!response) return undefined;
  for await (const line of createInterface({ input: response })) {
    const told = JSON.parse(line) as { line?: string; progress?: string; result?: object; error?: string };
    if (told.line !== undefined) report.line(told.line);
    if (told.progress !== undefined) report.progress(told.progress);
    if (told.error !== undefined) throw new Error(told.error);
    if (told.result) return told.result;
  }
  throw new Error('the running registry stopped before it was done');
}

/** Exports from the process that holds a folder; undefined if none does. */
export async function remoteExport(folder: string, options: object, output: Writable): Promise<ExportCounts | undefined> {
  const response = await ask(folder, 'export', options);
  if (!response) return undefined;
  await pipeline(response, output);
  const told = response.trailers['x-result'];
  if (told === undefined) throw new Error('the running registry could not export everything; run "repoform registry fsck"');
  return JSON.parse(told) as ExportCounts;
}

async function answer(store: Store, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const name = (incoming.url ?? '').slice(1);
  const options = (await json(incoming)) as object;
  if (name === 'export') return answerExport(store, options, outgoing);
  const write = (told: object) => void outgoing.write(`${JSON.stringify(told)}\n`);
  const report: Report = { line: (line) => write({ line }), progress: sometimes((progress) => write({ progress })) };
  try {
    write({ result: await TASKS[name as TaskName](store, options as never, report) });
  } catch (cause) {
    write({ error: reasonOf(cause) });
  }
  outgoing.end();
}

async function answerExport(store: Store, options: object, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { trailer: 'x-result' } satisfies OutgoingHttpHeaders);
  const report: Report = { line: () => undefined, progress: () => undefined };
  // The trailer has to be set before the end, which comes with that of the archive.
  const told = (counts: ExportCounts) => outgoing.addTrailers({ 'x-result': JSON.stringify(counts) });
  await exportTo(store, { options: options as { secrets: boolean }, output: outgoing, report, told });
}

/** Sends a request; undefined where nobody listens. */
function ask(folder: string, name: string, options: object): Promise<IncomingMessage | undefined> {
  return throughPath(
    folder,
    (socketPath) =>
      new Promise<IncomingMessage | undefined>((done, reject) => {
        const sent = request({ socketPath, method: 'POST', path: `/${name}`, agent: false }, done);
        sent.on('error', (cause: NodeJS.ErrnoException) =>
          ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK'].includes(cause.code ?? '') ? done(undefined) : reject(cause),
        );
        sent.end(JSON.stringify(options));
      }),
  );
}

/** Uses the path of the socket, or one that leads there if that is too long. */
async function throughPath<T>(folder: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, SOCKET);
  if (Buffer.byteLength(path) <= LONGEST) return use(path);
  const short = mkdtempSync(join(tmpdir(), 'rf-'));
  try {
    symlinkSync(resolve(folder), join(short, 'd'));
    return await use(join(short, 'd', SOCKET));
  } finally {
    rmSync(short, { recursive: true, force: true });
  }
}

/** Passes on one of many, and no more than four a second. */
export function sometimes(tell: (text: string) => void): (text: string) => void {
  let last = 0;
  return (text) => {
    const now = performance.now();
    if (now - last < 250) return;
    last = now;
    tell(text);
  };
}
