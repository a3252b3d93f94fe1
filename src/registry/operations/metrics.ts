import { Counter, Histogram, type Metric } from './tally';
import { Traffic, trafficMetrics } from './traffic';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of the registry, named by the conventions of Prometheus. Counting is cheap; they are written only when asked for. */
export class Metrics {
  readonly requestSeconds = new Histogram(
    {
      name: 'repoform_http_request_duration_seconds',
      help: 'Time from the head of a request to the last byte of its answer.',
      labels: ['backend', 'type'],
    },
    SECONDS,
  );
  readonly upstreamRequests = new Counter({
    name: 'repoform_upstream_requests_total',
    help: 'Requests to upstreams by their outcome: a status, error (no answer), or refused (the circuit is open, nothing was sent).',
    labels: ['remote', 'outcome'],
  });
  readonly upstreamSeconds = new Histogram(
    {
      name: 'repoform_upstream_request_duration_seconds',
      help: 'Time until an upstream sent the head of its answer, redirects and logins included.',
      labels: ['remote'],
    },
    SECONDS,
  );
  readonly statementSeconds = new Histogram(
    {
      name: 'repoform_db_statement_duration_seconds',
      help: 'Time of the statements to the metadata store.',
      labels: ['operation'],
    },
    SECONDS,
  );
  readonly #traffic: Traffic[] = [];
  readonly #more: Metric[] = [];
  #text: Promise<() => Promise<string>> | undefined;

  /** Begins to count the requests of a backend. */
  trafficOf(backend: string): Traffic {
    const traffic = new Traffic(backend, this.requestSeconds);
    this.#traffic.push(traffic);
    return traffic;
  }

  /** What was counted, by backend. */
  traffic(): Iterable<Traffic> {
    return this.#traffic;
  }

  /** Adds metrics of a part of the registry, before anybody asks for them. */
  add(...metrics: readonly Metric[]): void {
    this.#more.push(...metrics);
  }

  /** All of them in the text format of Prometheus. */
  async text(): Promise<string> {
    this.#text ??= this.#load();
    return (await this.#text)();
  }

  async #load(): Promise<() => Promise<string>> {
    const { Registry, collectDefaultMetrics } = await import('prom-client');
    const all = new Registry();
    const { requestSeconds, upstreamRequests, upstreamSeconds, statementSeconds } = this;
    const own = [...trafficMetrics(() => this.#traffic), requestSeconds, upstreamRequests, upstreamSeconds, statementSeconds];
    // It needs no more of a metric than its name and `get`.
    for (const metric of [...own, ...this.#more]) all.registerMetric(metric as unknown as Parameters<typeof all.registerMetric>[0]);
    collectDefaultMetrics({ register: all });
    return () => all.metrics();
  }
}
