/** The labels of one series. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a metric, as prom-client writes it. */
export interface Sample {
  /** Where it differs from that of the metric, as the parts of a histogram do. */
  readonly metricName?: string;
  readonly labels: Labels;
  readonly value: number;
}

/** A metric in the form that prom-client can write. Counting happens here, so that prom-client is loaded only when someone asks for metrics. */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  get(): Promise<{ readonly name: string; readonly help: string; readonly type: string; readonly values: readonly Sample[] }>;
}

/** What all metrics have. */
export interface Naming<T extends string> {
  readonly name: string;
  readonly help: string;
  /** The names of the labels. */
  readonly labels: readonly T[];
}

const SEPARATOR = '\0';

/** A sum that only grows, for each combination of label values. */
export class Counter<T extends string> implements Metric {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #sums = new Map<string, { sum: number; readonly values: readonly string[] }>();

  constructor(private readonly naming: Naming<T>) {
    ({ name: this.name, help: this.help } = naming);
  }

  /** Adds to the series that has these values of the labels, in their order. */
  add(values: readonly string[], amount = 1): void {
    const key = values.join(SEPARATOR);
    const known = this.#sums.get(key);
    if (known) known.sum += amount;
    else this.#sums.set(key, { sum: amount, values });
  }

  /** Removes the series whose label values meet a condition. */
  forget(isGone: (values: readonly string[]) => boolean): void {
    for (const [key, { values }] of this.#sums) if (isGone(values)) this.#sums.delete(key);
  }

  async get() {
    const values = [...this.#sums.values()].map(({ sum, values }) => ({ labels: labelled(this.naming, values), value: sum }));
    return { name: this.name, help: this.help, type: this.type, values };
  }
}

/** One series of a histogram. */
export interface Distribution {
  readonly values: readonly string[];
  readonly counts: number[];
  count: number;
  sum: number;
}

/** How values are distributed over buckets, for each combination of label values. */
export class Histogram<T extends string> implements Metric {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #series = new Map<string, Distribution>();

  /** `buckets` are their upper bounds, ascending. */
  constructor(
    private readonly naming: Naming<T>,
    private readonly buckets: readonly number[],
  ) {
    ({ name: this.name, help: this.help } = naming);
  }

  /** Counts a value in the series that has these values of the labels, in their order. */
  observe(values: readonly string[], value: number): void {
    this.observeIn(this.series(values), value);
  }

  /** The series that has these values of the labels, in their order. */
  series(values: readonly string[]): Distribution {
    const key = values.join(SEPARATOR);
    const known = this.#series.get(key);
    if (known) return known;
    const series = { values, counts: this.buckets.map(() => 0), count: 0, sum: 0 };
    this.#series.set(key, series);
    return series;
  }

  /** Counts a value in a series. */
  observeIn(series: Distribution, value: number): void {
    series.count += 1;
    series.sum += value;
    let bucket = 0;
    while (bucket < this.buckets.length && value > (this.buckets[bucket] ?? 0)) bucket++;
    if (bucket < this.buckets.length) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
  }

  /** Removes the series whose label values meet a condition. */
  forget(isGone: (values: readonly string[]) => boolean): void {
    for (const [key, { values }] of this.#series) if (isGone(values)) this.#series.delete(key);
  }

  async get() {
    const values = [...this.#series.values()].flatMap((series) => this.#samples(series));
    return { name: this.name, help: this.help, type: this.type, values };
  }

  #samples({ values, counts, count, sum }: Distribution): Sample[] {
    const labels = labelled(this.naming, values);
    let below = 0;
    const buckets = this.buckets.map((bound, index) => ({
      metricName: `${this.name}_bucket`,
      labels: { ...labels, le: String(bound) },
      value: (below += counts[index] ?? 0),
    }));
    return [
      ...buckets,
      { metricName: `${this.name}_bucket`, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ];
  }
}

/** Values that are read when someone asks for metrics: present ones, or sums that are kept elsewhere. */
export class Reading<T extends string> implements Metric {
  readonly name: string;
  readonly help: string;

  constructor(
    private readonly naming: Naming<T>,
    private readonly read: () => Promise<Iterable<readonly [values: readonly string[], value: number]>>,
    readonly type: 'counter' | 'gauge' = 'gauge',
  ) {
    ({ name: this.name, help: this.help } = naming);
  }

  async get() {
    const values = [...(await this.read())].map(([labels, value]) => ({ labels: labelled(this.naming, labels), value }));
    return { name: this.name, help: this.help, type: this.type, values };
  }
}

function labelled<T extends string>({ labels }: Naming<T>, values: readonly string[]): Labels {
  return Object.fromEntries(labels.map((name, index) => [name, values[index] ?? '']));
}
