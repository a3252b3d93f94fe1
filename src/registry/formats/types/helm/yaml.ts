import {
  constructFromEvents,
  defineScalarTag,
  type Event,
  FAILSAFE_SCHEMA,
  mergeTag,
  NOT_RESOLVED,
  parseEvents,
  realMapTag,
} from 'js-yaml';

/** A key: a text or, where a reader may take it for something else, a scalar. */
export type YamlKey = string | Scalar;
/** A mapping. */
export type YamlMap = Map<YamlKey, YamlValue>;
/** A value of a document. What was quoted is a text; what was not, and may be a number or a truth value to a reader, is a scalar. */
export type YamlValue = string | Scalar | YamlValue[] | YamlMap;

/** A plain scalar that is no text to every reader: `1.10`, `on`, `0x1f`, `~`, a date. It is written as it stood, never interpreted. */
export class Scalar {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

/**
 * The text of a key or a value; empty for a collection. Never make a text of one otherwise: a small document can repeat itself by aliases
 * so often that it would not end.
 */
export function textOf(value: YamlValue | undefined): string {
  return typeof value === 'string' || value instanceof Scalar ? value.toString() : '';
}

/** What YAML 1.1 or 1.2 reads as anything but a text, or may: whatever looks like a number or a date, and the words of both. */
const AMBIGUOUS = /^(?:|[-+.]*\d.*|[-+]?\.(?:inf|nan)|~|=|<<|null|y|yes|n|no|on|off|true|false)$/i;
/** Texts that need no quotes in any position. */
const BARE = /^[A-Za-z_](?:[\w./@+-]|:(?=[\w./]))*$/;
/** Scalars that mean the same in a block as they did where they stood. */
const VERBATIM = /^(?:|[-+.\w~=][\w.:+-]*)$/;
/** What JSON leaves bare and YAML would not read, or would read as the end of a line. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const MAX_DEPTH = 100;
const CHUNK = 10_000;

const first = ['', ...'0123456789+-.~=<yYnNtTfFoO'];
const resolve = (text: string) => (AMBIGUOUS.test(text) ? new Scalar(text) : NOT_RESOLVED);
const identify = () => false;
const plain = defineScalarTag<Scalar>('tag:repoform,2026:plain', { implicit: true, implicitFirstChars: first, resolve, identify });
const tagged = defineScalarTag<Scalar>('tag:yaml.org,2002:', { matchByTagPrefix: true, resolve, identify });
const SCHEMA = FAILSAFE_SCHEMA.withTags(realMapTag, mergeTag, plain, tagged);

/** Reads a document without interpreting its scalars; throws where it is not YAML. */
export function readYaml(text: string): YamlValue {
  const events = readEvents(text);
  try {
    const documents = constructFromEvents(events, { source: text, schema: SCHEMA, maxAliases: 10_000 });
    if (documents.length > 1) throw new Error('more than one document');
    return (documents[0] ?? '') as YamlValue;
  } catch (cause) {
    throw notYaml(cause);
  }
}

/** What was parsed last and is parsed again at once: an index is checked before it is kept, and rewritten after. */
let kept: { readonly source: string; readonly events: Event[] } | undefined;

/** Parses a document; `keep` says that it is going to be asked for once more. */
export function readEvents(source: string, keep?: 'keep'): Event[] {
  const known = kept?.source === source ? kept.events : undefined;
  kept = undefined;
  try {
    const events = known ?? parseEvents(source, { maxDepth: MAX_DEPTH });
    if (keep) kept = { source, events };
    return events;
  } catch (cause) {
    throw notYaml(cause);
  }
}

/** What the parser throws, without the text that it stumbled over. */
function notYaml(cause: unknown): Error {
  return new Error(`not YAML: ${(cause as { reason?: string }).reason ?? (cause as Error).message}`);
}

/** Writes a document in block style, so that YAML 1.1 and 1.2 read the same texts out of it that went in. */
export function writeYaml(value: YamlValue, limit = Infinity): string {
  const writer = new Writer(limit);
  writer.block(value, '');
  return writer.text();
}

/** The key under which JSON keeps a scalar; YAML knows no such character. */
const SCALAR_KEY = '\0';

/** A document as JSON that keeps apart what was quoted and what was not. */
export function toJson(value: YamlValue): unknown {
  if (value instanceof Scalar) return { [SCALAR_KEY]: value.text };
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [textOf(key), toJson(item)]));
  return Array.isArray(value) ? value.map(toJson) : value;
}

/** The document that `toJson` was given, or that any JSON stands for. */
export function fromJson(json: unknown): YamlValue {
  if (typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== 'object' || json === null) return new Scalar(String(json));
  const plain = (json as Record<string, unknown>)[SCALAR_KEY];
  if (typeof plain === 'string') return new Scalar(plain);
  return new Map(Object.entries(json).map(([key, item]) => [key, fromJson(item)]));
}

class Writer {
  readonly #chunks: string[] = [];
  #pieces: string[] = [];
  #size = 0;

  constructor(private readonly limit: number) {}

  text(): string {
    return this.#chunks.join('') + this.#pieces.join('');
  }

  /** Writes a collection from the beginning of a line, or a scalar where the line stands. */
  block(value: YamlValue, indent: string): void {
    if (value instanceof Map && value.size > 0) return this.#map(value, indent, indent);
    if (Array.isArray(value) && value.length > 0) return this.#list(value, indent);
    this.#put(`${inline(value)}\n`);
  }

  #map(map: YamlMap, indent: string, start: string): void {
    let lead = start;
    for (const [key, value] of map) {
      this.#put(`${lead}${inline(key)}:`);
      lead = indent;
      this.#under(value, indent);
    }
  }

  #list(list: readonly YamlValue[], indent: string): void {
    for (const item of list) {
      if (item instanceof Map && item.size > 0) this.#map(item, `${indent}  `, `${indent}- `);
      else {
        this.#put(`${indent}-`);
        this.#under(item, `${indent}  `);
      }
    }
  }

  /** Writes what follows a key or a dash. */
  #under(value: YamlValue, indent: string): void {
    const isFull = value instanceof Map ? value.size > 0 : Array.isArray(value) && value.length > 0;
    if (!isFull) return this.#put(` ${inline(value)}\n`);
    this.#put('\n');
    if (value instanceof Map) this.#map(value, `${indent}  `, `${indent}  `);
    else this.#list(value as YamlValue[], indent);
  }

  /** Aliases are written out, so a small hostile document could become an endless one. */
  #put(piece: string): void {
    this.#size += piece.length;
    if (this.#size > this.limit) throw new Error(`expanded, it is longer than ${this.limit} characters`);
    this.#pieces.push(piece);
    // A million pieces take many times the memory of their text.
    if (this.#pieces.length < CHUNK) return;
    this.#chunks.push(this.#pieces.join(''));
    this.#pieces = [];
  }
}

function inline(value: YamlValue): string {
  if (value instanceof Map) return '{}';
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'string') return BARE.test(value) && !AMBIGUOUS.test(value) ? value : quoted(value);
  return VERBATIM.test(value.text) ? value.text || '~' : quoted(value.text);
}

function quoted(text: string): string {
  return JSON.stringify(text.replace(/\p{Cs}/gu, '\ufffd')).replace(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
