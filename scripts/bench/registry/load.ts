import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Reading must cost less than what is measured. */
const READ_SIZE = 1 << 20;

/** How many connections ask at once, and for how long. */
export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/** Requests for one URL that a server answers in a second, over as many connections as told. */
export async function requestsPerSecond(url: string, load: Load): Promise<number> {
  return (await answered(url, load)).perSecond;
}

/** How many requests for one URL a server answers. */
export async function answered(
  url: string,
  { connections, seconds }: Load,
): Promise<{ readonly requests: number; readonly perSecond: number }> {
  const { stdout } = await run('wrk', ['-t1', '--timeout', '30s', `-c${connections}`, `-d${seconds}s`, url]).catch(
    (cause: NodeJS.ErrnoException) => {
      throw cause.code === 'ENOENT' ? new Error('wrk is not installed (Debian: apt-get install wrk)') : cause;
    },
  );
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(`${url} did not answer all requests:\n${stdout}`);
  const [requests, perSecond] = [/(\d+) requests in/, /Requests\/sec:\s*([\d.]+)/].map((pattern) => Number(pattern.exec(stdout)?.[1]));
  return { requests: requests ?? NaN, perSecond: perSecond ?? NaN };
}

/** How many requests V8 takes to optimize what they run through: before, one takes several times the processor time. */
const WARM = 40_000;

/** Asks a server for a URL until it answers as fast as it can. */
export async function warmUp(url: string, connections: number): Promise<void> {
  for (let requests = 0; requests < WARM;) requests += (await answered(url, { connections, seconds: 2 })).requests;
}

/** Milliseconds from the request for a file to its last byte; throws when it does not come whole. */
export async function downloadTime(url: string, size: number): Promise<number> {
  const received = await download(url);
  if (received.size !== size) throw new Error(`${url} sent ${received.size} of ${size} bytes`);
  return received.wall;
}

/** A file as it was received. */
export interface Received {
  readonly size: number;
  /** Milliseconds to the first byte of the body, and to the last. */
  readonly first: number;
  readonly wall: number;
}

/** Reads a file into one buffer, over and over, by a connection of its own. */
export function download(url: string, onFirst: () => void = () => undefined): Promise<Received> {
  const { hostname, port, pathname, host } = new URL(url);
  const buffer = Buffer.allocUnsafeSlow(READ_SIZE);
  const started = performance.now();
  let [head, size, first] = ['', 0, 0];
  let isHead = true;
  return new Promise((resolve, reject) => {
    const callback = (length: number): boolean => {
      let count = length;
      if (isHead) {
        head += buffer.toString('latin1', 0, length);
        const end = head.indexOf('\r\n\r\n');
        isHead = end < 0;
        if (isHead) return true;
        if (!head.startsWith('HTTP/1.1 200')) reject(new Error(`${url} answered ${head.slice(0, 500)}`));
        count = head.length - end - 4;
      }
      if (count > 0 && size === 0) {
        first = performance.now() - started;
        onFirst();
      }
      size += count;
      return true;
    };
    const socket = connect({ host: hostname, port: Number(port), onread: { buffer, callback } });
    socket.on('error', reject).on('close', () => resolve({ size, first, wall: performance.now() - started }));
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  });
}
