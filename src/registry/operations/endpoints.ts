import { type IncomingMessage, type ServerResponse } from 'node:http';
import { HttpError, reasonOf } from '../errors';

const LIMIT_MS = 2000;
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Something that readiness depends on; rejects when it is not well. */
export type Check = () => Promise<unknown>;

/** What the endpoints show. */
export interface Shown {
  /** Whether the registry is going away. */
  isStopping(): boolean;
  readonly checks: Readonly<Record<string, Check>>;
  metrics(): Promise<string>;
  /** Whether the sender of a request may see the metrics, which name repositories; may throw an `HttpError`. */
  mayMeasure(request: IncomingMessage): Promise<boolean>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const LOGIN: Answer = {
  status: 401,
  type: 'text/plain; charset=utf-8',
  body: 'a login with the scope "read:*" is required; send a token as the password of basic authentication, or serve metrics at --metrics-port\n',
  headers: { 'www-authenticate': 'Basic realm="repoform registry"' },
};

const ENDPOINTS: Readonly<Record<string, (shown: Shown, request: IncomingMessage) => Promise<Answer>>> = {
  '/livez': () => Promise.resolve({ status: 200, type: 'text/plain; charset=utf-8', body: 'ok\n' }),
  '/readyz': readiness,
  '/metrics': async ({ metrics, mayMeasure }, request) =>
    (await mayMeasure(request)) ? { status: 200, type: METRICS_TYPE, body: await metrics() } : LOGIN,
};

/** Answers `/livez`, `/readyz` and `/metrics`; returns whether the request was for one of them. */
export function answerEndpoint(shown: Shown, request: IncomingMessage, response: ServerResponse): boolean {
  const { method, url = '' } = request;
  // Nearly every request is for something else, and longer.
  if (url.length > 100 || (method !== 'GET' && method !== 'HEAD')) return false;
  const [path = ''] = url.split('?', 1);
  const endpoint = Object.hasOwn(ENDPOINTS, path) ? ENDPOINTS[path] : undefined;
  if (!endpoint) return false;
  endpoint(shown, request)
    .catch(failed)
    .then(({ status, type, body, headers: more }) => {
      const headers = { ...more, 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' };
      response.writeHead(status, headers).end(method === 'HEAD' ? undefined : body);
    })
    .catch(() => response.destroy());
  return true;
}

function failed(cause: unknown): Answer {
  const { status = 500, headers = {} } = cause instanceof HttpError ? cause : {};
  return { status, headers, type: 'text/plain; charset=utf-8', body: `${reasonOf(cause)}\n` };
}

async function readiness({ isStopping, checks }: Shown): Promise<Answer> {
  const states = await statesOf(checks);
  const isReady = !isStopping() && Object.values(states).every((state) => state === 'ok');
  const status = isStopping() ? 'stopping' : isReady ? 'ok' : 'error';
  const body = { status, checks: states };
  return { status: isReady ? 200 : 503, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` };
}

/** The state of each of some checks. */
export async function statesOf(checks: Readonly<Record<string, Check>>): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries(await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await stateOf(check)] as const)));
}

/** Asks only once while an answer is awaited: what hangs is not to be asked by more and more. */
export function oneAtATime(check: Check): Check {
  let running: Promise<unknown> | undefined;
  return () => (running ??= check().finally(() => (running = undefined)));
}

/** `ok`, or what is wrong. */
async function stateOf(check: Check): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    await Promise.race([check(), late]);
    return 'ok';
  } catch (cause) {
    return reasonOf(cause);
  } finally {
    clearTimeout(timer);
  }
}
