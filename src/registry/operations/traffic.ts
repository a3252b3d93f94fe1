import { type Source } from './facts';
import { Recent } from '../store/recent';
import { type Distribution, type Histogram, type Metric, Reading } from './tally';

/** How many repositories of a backend have series of their own; those that come later share one. */
export const MOST = 1000;
/** Names those. */
export const OTHERS = 'other';

/** What was counted for a repository. Every cached hit passes here, so that nothing is looked up twice. */
interface Series {
  readonly type: string;
  readonly repository: string;
  /** Whether it is of several repositories. */
  readonly isShared: boolean;
  readonly statuses: Map<number, number>;
  readonly sources: Record<Source, number>;
  readonly seconds: Distribution;
  received: number;
  sent: number;
}

/** A request that is over. */
export interface Passed {
  readonly type: string;
  readonly repository: string;
  readonly source: Source | '';
  readonly status: number;
  readonly seconds: number;
  readonly received: number;
  readonly sent: number;
}

/** Counts the requests of one backend. */
export class Traffic {
  inFlight = 0;
  /** What was counted for repositories that are gone. */
  readonly past = { hit: 0, miss: 0, stale: 0, sent: 0 };
  readonly #series = new Map<string, Series>();
  /** When repositories went: requests that had begun before may end later. */
  readonly #gone = new Recent<number>(MOST);

  constructor(
    readonly backend: string,
    private readonly durations: Histogram<'backend' | 'type'>,
  ) {}

  /** Counts a request that is over. */
  add({ type, repository, source, status, seconds, received, sent }: Passed): void {
    const known = this.#series.get(repository);
    if (!known && performance.now() - seconds * 1000 < (this.#gone.get(repository) ?? -Infinity)) {
      this.durations.observe([this.backend, type], seconds);
      return this.#keep({ sources: { hit: 0, miss: 0, stale: 0, ...(source !== '' && { [source]: 1 }) }, sent });
    }
    const series = known?.type === type ? known : this.#begin(type, repository);
    series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    series.received += received;
    series.sent += sent;
    if (source !== '') series.sources[source] += 1;
    this.durations.observeIn(series.seconds, seconds);
  }

  /** Removes the series of a repository that is gone. */
  forget(name: string): void {
    this.#gone.set(name, performance.now());
    for (const [key, series] of this.#series) {
      if (series.repository !== name || series.isShared) continue;
      this.#keep(series);
      this.#series.delete(key);
    }
  }

  /** Everything that was counted for repositories that are not gone. */
  series(): Iterable<Series> {
    return this.#series.values();
  }

  #keep({ sources, sent }: Pick<Series, 'sources' | 'sent'>): void {
    for (const source of ['hit', 'miss', 'stale'] as const) this.past[source] += sources[source];
    this.past.sent += sent;
  }

  #begin(type: string, repository: string): Series {
    const isOther = repository !== '' && this.#series.size > MOST;
    const [name, key] = isOther ? [OTHERS, `${OTHERS} ${type}`] : [repository, repository];
    const known = this.#series.get(key);
    if (known?.type === type) return known;
    const counts = { statuses: new Map<number, number>(), sources: { hit: 0, miss: 0, stale: 0 }, received: 0, sent: 0 };
    const series = { type, repository: name, isShared: isOther, ...counts, seconds: this.durations.series([this.backend, type]) };
    // What a repository of another type had counted under the name before goes on under a key of its own.
    if (known) this.#series.set(`${key} ${known.type}`, known);
    this.#series.set(key, series);
    return series;
  }
}

/** The metrics of what was counted. */
export function trafficMetrics(all: () => Iterable<Traffic>): readonly Metric[] {
  const reading = (
    [name, help]: readonly [name: string, help: string],
    more: string,
    read: (series: Series) => Iterable<readonly [string, number]>,
  ) =>
    new Reading(
      { name, help, labels: ['backend', 'type', 'repository', ...(more ? [more] : [])] },
      () => {
        const rows: [string[], number][] = [];
        for (const traffic of all())
          for (const series of traffic.series())
            for (const [label, value] of read(series)) rows.push([[traffic.backend, series.type, series.repository, label], value]);
        return Promise.resolve(rows);
      },
      'counter',
    );
  return [
    reading(
      [
        'repoform_http_requests_total',
        'Requests that were answered, or given up by the client (status 499), or broken off when the registry stopped (503 if nothing was sent).',
      ],
      'status',
      ({ statuses }) => [...statuses].map(([status, count]) => [String(status), count] as const),
    ),
    reading(['repoform_http_request_bytes_total', 'Bytes received on the connections of clients, heads included.'], '', ({ received }) => [
      ['', received],
    ]),
    reading(['repoform_http_response_bytes_total', 'Bytes sent on the connections of clients, heads included.'], '', ({ sent }) => [
      ['', sent],
    ]),
    reading(
      [
        'repoform_cache_requests_total',
        'Requests for objects of remotes: hit (from the cache), miss (from the upstream), stale (an old copy, because the upstream fails).',
      ],
      'result',
      ({ sources }) => Object.entries(sources).filter(([, count]) => count > 0),
    ),
    new Reading({ name: 'repoform_http_requests_in_flight', help: 'Requests that have begun and not ended.', labels: ['backend'] }, () =>
      Promise.resolve([...all()].map(({ backend, inFlight }) => [[backend], inFlight] as const)),
    ),
  ];
}
