import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { basic } from '../../../support/bkrepo';

/** What was answered. */
interface Answer {
  readonly status: number;
  readonly type?: string;
  /** The header `Cache-Control`. */
  readonly cache?: string;
  /** A body that is JSON; whether it is on one line, and ends one. */
  readonly json?: unknown;
  readonly compact?: boolean;
  readonly ends?: boolean;
  /** A body that is none. */
  readonly text?: string;
}

/** A request as it was sent to a real server, with what that answered. */
export interface Recorded {
  readonly n: number;
  /** A user, with a password after a colon where it is not that of all; null for nobody. */
  readonly as?: string | null;
  readonly bearer?: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly raw?: string;
  /** The content type, if it is not that of the body; null for none. */
  readonly type?: string | null;
  readonly accept?: string;
  /** A part of the answer that later requests name as `{{name}}`. */
  readonly save?: { readonly name: string; readonly from: string };
  /** Asked again until a part of the answer has a value. */
  readonly until?: { readonly path: string; readonly value: string | number };
  /** Milliseconds to wait before. */
  readonly pause?: number;
  readonly answer: Answer;
}

/** The longest that is waited where a real server was given more time. */
const PAUSE = 200;
const TRIES = 50;

/** Reads one of the recordings beside this file. */
export function recordings(name: string): Recorded[] {
  const lines = readFileSync(join(__dirname, `${name}.jsonl`), 'utf8').trimEnd();
  return lines.split('\n').map((line) => JSON.parse(line) as Recorded);
}

/** Sends recorded requests in their order; answers, by number, how each answer differs from the recorded one. */
export async function replay(url: string, recorded: readonly Recorded[], places: Readonly<Record<string, string>>) {
  const saved: Record<string, string> = { ...places };
  const different = new Map<number, readonly string[]>();
  for (const each of recorded) {
    const { save, until, pause = 0, ...request } = JSON.parse(filled(JSON.stringify(each), saved)) as Recorded;
    await sleep(Math.min(pause, PAUSE));
    let actual = await send(url, request, saved);
    for (let n = 0; until && String(valueAt(actual.json, until.path)) !== String(until.value) && n < TRIES; n++) {
      await sleep(20);
      actual = await send(url, request, saved);
    }
    if (save) saved[save.name] = String(valueAt(actual.json, save.from));
    const differences = [...compare('answer', request.answer, actual)];
    if (differences.length > 0) different.set(each.n, differences);
  }
  return different;
}

async function send(url: string, request: Recorded, saved: Readonly<Record<string, string>>): Promise<Answer> {
  const { as = 'admin', bearer, method, path, body, form, raw, type, accept } = request;
  const text = raw ?? (form ? new URLSearchParams(form).toString() : body === undefined ? undefined : JSON.stringify(body));
  const ownType = form ? 'application/x-www-form-urlencoded' : text === undefined ? undefined : 'application/json';
  const contentType = type === undefined ? ownType : type;
  const user = as?.includes(':') ? as : `${as}:${saved['P']}`;
  const authorization = bearer === undefined ? (as === null ? undefined : basic(user)) : `Bearer ${bearer}`;
  const init = {
    method,
    redirect: 'manual' as const,
    headers: { ...(authorization && { authorization }), ...(contentType && { 'content-type': contentType }), ...(accept && { accept }) },
    // Bytes have no type of their own.
    ...(text !== undefined && { body: Buffer.from(text) }),
  };
  return fetch(url + path, init).then(
    async (response) => answerOf(response, await response.text()),
    (cause: Error & { cause?: Error }) => ({ status: 0, text: cause.cause?.message ?? cause.message }),
  );
}

function answerOf({ status, headers }: Response, text: string): Answer {
  const [type, cache] = [headers.get('content-type'), headers.get('cache-control')];
  const head = { status, ...(type !== null && { type }), ...(cache !== null && { cache }) };
  if (!type?.includes('json')) return { ...head, text };
  return { ...head, json: JSON.parse(text) as unknown, compact: !/^[[{]\n/.test(text), ends: text.endsWith('\n') };
}

/** What was left out of every answer: what tells by whom and how an object came to be. */
const LEFT_OUT = new Set(['managedFields']);

function* compare(at: string, expected: unknown, actual: unknown): Generator<string> {
  if (expected === ANYTHING) return;
  const holder = typeof expected === 'string' ? holderOf(expected) : undefined;
  if (holder) {
    if (typeof actual !== 'string' || !holder.test(actual)) yield `${at}: ${String(expected)}, not ${JSON.stringify(actual)}`;
  } else if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)].filter((key) => !LEFT_OUT.has(key)));
    const same = inOrderOf(expected, actual);
    for (const key of keys) yield* compare(`${at}.${key}`, expected[key], same[key]);
  } else if (JSON.stringify(expected) !== JSON.stringify(actual)) {
    yield `${at}: ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`;
  }
}

/**
 * Lists begin with what was made last, to the second, and what was made in one second is sorted by name. Where objects that were recorded within
 * one second were made in several here, a list has its items in the order of the recording.
 */
function inOrderOf(expected: Items, actual: Items): Items {
  if (!Array.isArray(expected) || !Array.isArray(actual) || expected.length !== actual.length) return actual;
  const times = actual.map(timeOf);
  const isByTime = times.every((time, n) => time !== undefined && (n === 0 || time <= (times[n - 1] ?? '')));
  if (!isByTime || new Set(times).size === 1 || !isSorted(expected.map(nameOf))) return actual;
  const byName = new Map(actual.map((item) => [nameOf(item), item]));
  const ordered = expected.map((item) => byName.get(nameOf(item)));
  return ordered.includes(undefined) ? actual : (ordered as unknown as Items);
}

type Items = Readonly<Record<string, unknown>>;
const timeOf = (item: unknown): string | undefined => metadataOf(item)?.creationTimestamp;
const nameOf = (item: unknown): string | undefined => metadataOf(item)?.name;
const metadataOf = (item: unknown) => (item as { metadata?: { name?: string; creationTimestamp?: string } } | null)?.metadata;
const isSorted = (names: readonly unknown[]): boolean => names.every((name, n) => n === 0 || String(names[n - 1]) <= String(name));

/** What stands in a recording for what depends on how the recorded server was set up. */
const ANYTHING = '<any>';
/** What stands in a recording for what differs from run to run. */
const HOLDERS: Readonly<Record<string, string>> = {
  '<uid>': '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  '<number>': '\\d+',
  '<time>': '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{3})?Z',
  '<token>': '[\\w-]+\\.[\\w-]+\\.[\\w-]+',
  '<version>': '.*',
  '<words>': '.*',
  '<hex>': '[0-9a-f]{16}',
  '<id>': '(?:app|appv)-[a-z0-9]{14}',
  '<repo>': 'repo-[a-z0-9]{14}',
};

function holderOf(text: string): RegExp | undefined {
  if (!Object.keys(HOLDERS).some((name) => text.includes(name))) return undefined;
  const parts = text.split(/(<\w+>)/).map((part) => HOLDERS[part] ?? part.replace(/[.+?^${}()|[\]\\*]/g, '\\$&'));
  return new RegExp(`^${parts.join('')}$`, 's');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
}
