import { COLLECTION_STYLE, type Event, EVENT_ID, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { readEvents } from './yaml';

/** A link of a chart and what is known of the chart. */
export interface ChartLink {
  readonly name: string;
  readonly version: string;
  readonly url: string;
}

/**
 * Replaces the links of an index where they stand and leaves every other byte alone. Undefined when the links cannot be told from the text
 * alone: a document with aliases, or with a link in a block.
 */
export function replaceLinks(source: string, replace: (link: ChartLink) => string): string | undefined {
  const events = readEvents(source);
  if (events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const charts = new Reader(source, events).charts();
  if (charts.some(({ urls }) => urls.some(({ event }) => event.style > SCALAR_STYLE.DOUBLE_QUOTED))) return undefined;
  const pieces: string[] = [];
  let position = 0;
  for (const { name, version, urls } of charts) {
    for (const { event, isFlow } of urls) {
      const old = getScalarValue(source, event);
      const url = replace({ name, version, url: old });
      if (url === old) continue;
      pieces.push(source.slice(position, event.valueStart), written(url, event, isFlow));
      position = event.valueEnd;
    }
  }
  return pieces.join('') + source.slice(position);
}

/** The links of an index with the digests of the files there; undefined for a document with aliases, whose text alone does not tell. */
export function chartFiles(source: string): { readonly url: string; readonly digest: string }[] | undefined {
  const events = readEvents(source);
  if (events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const charts = new Reader(source, events).charts();
  return charts.flatMap(({ urls, digest }) => urls.map(({ event }) => ({ url: getScalarValue(source, event), digest })));
}

/** Throws when a text is no index, without building one. */
export function checkIndex(source: string): void {
  const keys = new Reader(source, readEvents(source, 'keep')).keys();
  if (!keys) throw new Error('not a helm index: not a mapping');
  if (!keys.has('entries') && !keys.has('apiVersion')) throw new Error('not a helm index: it has neither entries nor apiVersion');
  if (keys.get('entries') === false) throw new Error('not a helm index: entries is not a mapping');
}

/** A link in the text; in brackets, what stands there without quotes gets some. */
interface LinkSpan {
  readonly event: ScalarEvent;
  readonly isFlow: boolean;
}

interface ChartSpans {
  name: string;
  version: string;
  digest: string;
  readonly urls: LinkSpan[];
}

/** Walks through an index down to its links. */
class Reader {
  #at = 0;

  constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
  ) {}

  /** The keys at the top, each with whether a mapping or nothing stands under it; undefined when there is no mapping. */
  keys(): ReadonlyMap<string, boolean> | undefined {
    if (this.events[1]?.type !== EVENT_ID.MAPPING) return undefined;
    const keys = new Map<string, boolean>();
    this.#at = 1;
    this.#mapping((key = '') => {
      const event = this.events[this.#at];
      const isNothing = event?.type === EVENT_ID.SCALAR && /^(?:|~|null)$/i.test(getScalarValue(this.source, event));
      keys.set(key, isNothing || event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.ALIAS);
      this.#pass();
    });
    return keys;
  }

  charts(): ChartSpans[] {
    const charts: ChartSpans[] = [];
    this.#at = 1;
    this.#mapping((key) => {
      if (key !== 'entries') return this.#pass();
      this.#mapping(() => this.#sequence(() => charts.push(this.#chart())));
    });
    return charts;
  }

  #chart(): ChartSpans {
    const chart: ChartSpans = { name: '', version: '', digest: '', urls: [] };
    this.#mapping((key) => {
      const event = this.events[this.#at];
      if (key === 'urls') return this.#sequence((isFlow) => this.#link(chart, isFlow));
      if (event?.type === EVENT_ID.SCALAR && isText(key)) chart[key] = getScalarValue(this.source, event);
      this.#pass();
    });
    return chart;
  }

  #link({ urls }: ChartSpans, isFlow: boolean): void {
    const event = this.events[this.#at];
    if (event?.type === EVENT_ID.SCALAR) urls.push({ event, isFlow });
    this.#pass();
  }

  /** Visits the values of a mapping, or passes over what is none; the visitor passes over each value. */
  #mapping(visit: (key: string | undefined) => void): void {
    if (this.events[this.#at]?.type !== EVENT_ID.MAPPING) return this.#pass();
    this.#at++;
    while (this.#isInside()) {
      const key = this.events[this.#at];
      this.#pass();
      visit(key?.type === EVENT_ID.SCALAR ? getScalarValue(this.source, key) : undefined);
    }
    this.#at++;
  }

  #sequence(visit: (isFlow: boolean) => void): void {
    const event = this.events[this.#at];
    if (event?.type !== EVENT_ID.SEQUENCE) return this.#pass();
    this.#at++;
    while (this.#isInside()) visit(event.style === COLLECTION_STYLE.FLOW);
    this.#at++;
  }

  #isInside(): boolean {
    const event = this.events[this.#at];
    return event !== undefined && event.type !== EVENT_ID.POP;
  }

  /** Goes on behind the value that begins here. */
  #pass(): void {
    let depth = 0;
    do {
      const type = this.events[this.#at++]?.type;
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth++;
      else if (type === EVENT_ID.POP) depth--;
      else if (type === undefined) return;
    } while (depth > 0);
  }
}

function isText(key: string | undefined): key is 'name' | 'version' | 'digest' {
  return key === 'name' || key === 'version' || key === 'digest';
}

function written(url: string, { style }: ScalarEvent, isFlow: boolean): string {
  const quoted = JSON.stringify(url);
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return quoted.slice(1, -1);
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return url.replaceAll("'", "''");
  return !isFlow && /^https?:\/\/[\w./@+%-]+(?::\d+)?[\w./@+%-]*$/.test(url) ? url : quoted;
}
