const LOGIN = 'repoform.login';
const RETRY_MS = 2000;

/** Where the registry is: the page lies in `ui/` below it. */
export const root = new URL('..', location.href.split('#')[0]).href.replace(/\/$/, '');

/** An answer that is no success, in the words of the registry. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    /** The whole answer. */
    readonly body = '',
  ) {
    super(message);
  }
}

/** The registry does not respond. */
export class Away extends Error {}

interface Listeners {
  /** Asks who is there; answers whether the request is worth another try. */
  login(reason: string): Promise<boolean>;
  /** Told when the registry stops answering, and when it answers again. */
  reached(isReached: boolean): void;
}

let listeners: Listeners | undefined;
let isAway = false;

export function listenTo(given: Listeners): void {
  listeners = given;
}

/** The login of this tab, which is forgotten with it. */
export const login = {
  get: (): string | undefined => sessionStorage.getItem(LOGIN) ?? undefined,
  set(authorization: string): void {
    sessionStorage.setItem(LOGIN, authorization);
    dispatchEvent(new Event('repoform:login'));
  },
  forget: (): void => sessionStorage.removeItem(LOGIN),
};

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Sends a request to the registry; asks for a login where one is needed. */
export async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const { method = 'GET', body, signal } = asked;
  const authorization = login.get();
  const headers = {
    ...(authorization !== undefined && { authorization }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const sent = { method, headers, cache: 'no-store', credentials: 'omit', ...(signal && { signal }) } as const;
  const answer = await fetch(root + path, body === undefined ? sent : { ...sent, body: JSON.stringify(body) }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    lost();
    throw new Away('The registry does not respond.');
  });
  if (answer.ok) return answer;
  const text = await answer.text().catch(() => '');
  const reason = reasonIn(text);
  if (answer.status !== 401) throw new Refused(answer.status, reason, text);
  if (authorization === login.get()) login.forget();
  if (await listeners?.login(authorization === undefined ? '' : reason)) return ask(path, asked);
  throw new Refused(401, 'You are not logged in.');
}

/** The same, for JSON. */
export async function get<T>(path: string, asked?: Asked): Promise<T> {
  const text = await (await ask(path, asked)).text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Asks for a login where there is none: servers with users of their own show the nobody little or nothing. */
export async function loggedIn(): Promise<void> {
  if (login.get() === undefined && !(await listeners?.login(''))) throw new Refused(401, 'You are not logged in.');
}

/** What a registry says of a failure: plain text, or JSON with a message. */
function reasonIn(text: string): string {
  if (!text.startsWith('{')) return text.trim();
  try {
    const { message, error } = JSON.parse(text) as { message?: unknown; error?: unknown };
    return [message, error].find((each): each is string => typeof each === 'string') ?? text;
  } catch {
    return text;
  }
}

/** Notes that the registry is gone, and looks for it until it is back. */
export function lost(): void {
  if (isAway) return;
  isAway = true;
  listeners?.reached(false);
  const look = async () => {
    const answer = await fetch(`${root}/ui/api/about`, { cache: 'no-store', credentials: 'omit' }).catch(() => undefined);
    if (!answer) return void setTimeout(() => void look(), RETRY_MS);
    isAway = false;
    listeners?.reached(true);
  };
  setTimeout(() => void look(), RETRY_MS);
}

export const segment = encodeURIComponent;
/** A path of several segments. */
export const segments = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
