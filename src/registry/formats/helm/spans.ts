import { type Event, EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { MAX_DEPTH } from './yaml';

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
  const events = parseEvents(source, { maxDepth: MAX_DEPTH });
  if (events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const charts = new Reader(source, events).charts();
  if (charts.some(({ urls }) => urls.some(({ style }) => style > SCALAR_STYLE.DOUBLE_QUOTED))) return undefined;
  const pieces: string[] = [];
  let position = 0;
  for (const { name, version, urls } of charts) {
    for (const event of urls) {
      const url = replace({ name, version, url: getScalarValue(source, event) });
      pieces.push(source.slice(position, event.valueStart), written(url, event));
      position = event.valueEnd;
    }
  }
  return pieces.join('') + source.slice(position);
}

interface ChartSpans {
  name: string;
  version: string;
  readonly urls: ScalarEvent[];
}

/** Walks through an index down to its links. */
class Reader {
  #at = 0;

  constructor(
    private readonly source: string,
    private readonly events: readonly Event[],
  ) {}

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
    const chart: ChartSpans = { name: '', version: '', urls: [] };
    this.#mapping((key) => {
      const event = this.events[this.#at];
      if (key === 'urls') return this.#sequence(() => this.#link(chart));
      if (event?.type === EVENT_ID.SCALAR && (key === 'name' || key === 'version')) chart[key] = getScalarValue(this.source, event);
      this.#pass();
    });
    return chart;
  }

  #link({ urls }: ChartSpans): void {
    const event = this.events[this.#at];
    if (event?.type === EVENT_ID.SCALAR) urls.push(event);
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

  #sequence(visit: () => void): void {
    if (this.events[this.#at]?.type !== EVENT_ID.SEQUENCE) return this.#pass();
    this.#at++;
    while (this.#isInside()) visit();
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

function written(url: string, { style }: ScalarEvent): string {
  const quoted = JSON.stringify(url);
  if (style === SCALAR_STYLE.DOUBLE_QUOTED) return quoted.slice(1, -1);
  if (style === SCALAR_STYLE.SINGLE_QUOTED) return url.replaceAll("'", "''");
  return /^https?:\/\/[\w./@+%-]+(?::\d+)?[\w./@+%-]*$/.test(url) ? url : quoted;
}
