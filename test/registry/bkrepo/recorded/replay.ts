import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { basic } from '../../../support/bkrepo';

/** What was answered: an envelope, or a text that is none. */
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code?: number | undefined;
  readonly message?: string | null | undefined;
  readonly data?: unknown;
  readonly text?: string;
}

/** A request as it was sent to a real server, with what that answered. */
export interface Recorded {
  readonly n: number;
  readonly as: string | null;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** A body that is no JSON: so many times the same byte. */
  readonly bytes?: { readonly length: number; readonly of: string };
  readonly headers?: Readonly<Record<string, string>>;
  /** A part of the answer that later requests name as `{{name}}`. */
  readonly save?: { readonly name: string; readonly from: string };
  readonly answer: Answer;
}

/** Reads one of the recordings beside this file. */
export function recordings(name: string): Recorded[] {
  const lines = readFileSync(join(__dirname, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Recorded);
}

/** Sends recorded requests in their order; answers, by number, how each answer differs from the recorded one. */
export async function replay(url: string, recorded: readonly Recorded[]): Promise<Map<number, readonly string[]>> {
  const saved: Record<string, string> = {};
  const different = new Map<number, readonly string[]>();
  for (const each of recorded) {
    const { save, ...request } = JSON.parse(filled(JSON.stringify(each), saved)) as Recorded;
    const actual = await send(url, request);
    if (save) saved[save.name] = String(valueAt(actual, save.from));
    const differences = [...new Set(differencesOf(request.answer, actual))];
    if (differences.length > 0) different.set(each.n, differences);
  }
  return different;
}

async function send(url: string, { as, method, path, body, bytes, headers }: Recorded): Promise<Answer> {
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: { ...(as !== null && { authorization: basic(as) }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(bytes && { body: bytes.of.repeat(bytes.length) }),
  });
  const text = await response.text();
  const answered = { status: response.status, headers: Object.fromEntries(response.headers) };
  return { ...answered, ...envelopeOf(text) };
}

function envelopeOf(text: string): Pick<Answer, 'code' | 'message' | 'data' | 'text'> {
  try {
    const { code, message, data } = JSON.parse(text) as Answer;
    // What the recording left out of every answer: a second copy of the node that it describes.
    if (isObject(data) && 'nodeInfo' in data) delete (data as { nodeInfo?: unknown }).nodeInfo;
    return { code, message, data };
  } catch {
    return { text };
  }
}

/** Headers that are the server's own business: how long a text is, and the host that it takes itself for. */
/** What the framework of the server adds where a path looks like a file, so that browsers run nothing. */
const NAME_GUARD = 'inline;filename=f.txt';
const PASSED_OVER = new Set(['content-length', 'location']);

function* differencesOf(expected: Answer, { headers, ...actual }: Answer): Generator<string> {
  const { headers: expectedHeaders, ...rest } = expected;
  yield* compare('answer', rest, actual);
  for (const [name, value] of Object.entries(expectedHeaders)) {
    if (PASSED_OVER.has(name) || value === NAME_GUARD) continue;
    const [one, other] = [value, headers[name] ?? 'none'].map((text) => text.replace(/; ?charset=utf-8$/i, ''));
    if (one !== other) yield `${name}: ${value}, not ${headers[name]}`;
  }
}

function* compare(at: string, expected: unknown, actual: unknown): Generator<string> {
  const holder = typeof expected === 'string' ? HOLDERS[expected] : undefined;
  if (holder) {
    if (!holder.test(String(actual))) yield `${at}: ${String(expected)}, not ${JSON.stringify(actual)}`;
  } else if (Array.isArray(expected) && Array.isArray(actual) && UNORDERED.test(at)) {
    yield* compare(`${at} sorted`, sorted(expected), sorted(actual));
  } else if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)]))
      yield* compare(`${at}.${key}`, expected[key], actual[key]);
  } else if (JSON.stringify(expected) !== JSON.stringify(actual)) {
    yield `${at}: ${JSON.stringify(expected)}, not ${JSON.stringify(actual)}`;
  }
}

/** Lists without an order of their own: metadata, and what the store hands out as it lies there. */
const UNORDERED = /(\.nodeMetadata|\.records|^answer\.data)$/;

function sorted(list: readonly unknown[]): unknown[] {
  const key = (value: unknown): string => (isObject(value) ? String(value['fullPath'] ?? value['key'] ?? value['name']) : String(value));
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?$/;
/** What stands in a recording for what differs from run to run. */
const HOLDERS: Readonly<Record<string, RegExp>> = {
  '<oid>': /^[0-9a-f]{24}$/,
  '<id>': /^([0-9a-f]{24,32}|\d{10,}|project_manage|project_view)$/,
  '<basic>': /^Basic [\w+/]+=*$/,
  '<encrypted>': /^([0-9A-F]{2})+$/,
  '<token>': /^[0-9a-f]{32}$/,
  '<url>': /^\S+$/,
  ...Object.fromEntries(
    [
      'createdDate',
      'lastModifiedDate',
      'lastAccessDate',
      'createAt',
      'updateAt',
      'createdAt',
      'expiredAt',
      'expireDate',
      'deletedTime',
    ].map((name) => [`<${name}>`, TIME]),
  ),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function filled(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | null | undefined)?.[key], value);
}
