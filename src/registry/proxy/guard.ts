import { type Logger } from '../logger';
import { type Counter, type Histogram, Reading } from '../operations/tally';
import { MOST, OTHERS } from '../operations/traffic';
import { type Tracing } from '../operations/tracing';
import { Recent } from '../store/recent';
import { CIRCUIT, Circuit, type CircuitOptions, type CircuitState } from './circuit';
import { type UpstreamAnswer, type UpstreamRemote, type UpstreamRequest } from './upstream';
import { CircuitOpen, UpstreamError } from './upstream-error';

/** How many remotes have a circuit. */
const KEPT = 2000;
const STATES: Readonly<Record<CircuitState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** What guards requests to upstreams, and who hears of them. */
export interface GuardParts {
  /** @default `CIRCUIT` */
  readonly options?: CircuitOptions | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly requests: Counter<'remote' | 'outcome'>;
  readonly seconds: Histogram<'remote'>;
  /** @default - requests are not traced */
  readonly tracing?: Pick<Tracing, 'send' | 'headers'> | undefined;
}

interface Guarded {
  readonly name: string;
  /** What the circuit is of: a remote that was changed begins anew. */
  readonly version: string;
  readonly circuit: Circuit;
}

/** Keeps a circuit for each remote, and counts what is sent to its upstream. */
export class Guard {
  readonly #guarded = new Recent<Guarded>(KEPT);
  /** The remotes that have series of their own. */
  readonly #named = new Set<string>();

  constructor(private readonly parts: GuardParts) {}

  /** Sends a request to the upstream of a remote unless its circuit is open; throws `CircuitOpen` then. */
  async send(wanted: UpstreamRequest, send: () => Promise<UpstreamAnswer>): Promise<UpstreamAnswer> {
    const { tracing } = this.parts;
    const { remote } = wanted;
    const circuit = this.#circuitOf(remote);
    const wait = circuit.enter();
    if (wait !== undefined) {
      this.#note(remote, 'refused');
      throw new CircuitOpen(remote, circuit.reason, wait);
    }
    const started = performance.now();
    const before = circuit.state;
    try {
      const answer = await (tracing ? tracing.send(wanted, send) : send());
      this.#note(remote, String(answer.status), (performance.now() - started) / 1000);
      if (isOutage(answer.status)) circuit.failed(`answered ${answer.status}`, afterOf(answer));
      else circuit.succeeded();
      // What breaks off was no success after all.
      answer.body.once('error', (cause: Error) => circuit.failed(`broke off: ${cause.message}`));
      return answer;
    } catch (cause) {
      this.#note(remote, 'error');
      if (cause instanceof UpstreamError && cause.isUnreachable) circuit.failed(cause.what);
      else circuit.abandoned();
      throw cause;
    } finally {
      this.#tell(remote.name, before, circuit);
    }
  }

  /** The headers that tell upstreams of the trace that the request is in. */
  headers(): Readonly<Record<string, string>> {
    return this.parts.tracing?.headers() ?? {};
  }

  /** The states of the circuits that are not closed, by remote. */
  troubled(): Record<string, CircuitState> {
    const states = [...this.#guarded.values()].map(({ name, circuit }) => [name, circuit.state] as const);
    return Object.fromEntries(states.filter(([, state]) => state !== 'closed'));
  }

  /** The states of all circuits, as a metric. */
  metric(): Reading<'remote'> {
    const help = 'State of the circuit breaker of a remote: 0 closed, 1 half-open, 2 open.';
    return new Reading({ name: 'repoform_upstream_circuit_state', help, labels: ['remote'] }, () =>
      Promise.resolve(new Map([...this.#guarded.values()].map(({ name, circuit }) => [[name], STATES[circuit.state]]))),
    );
  }

  /**
   * Forgets the remotes of a repository that is gone: itself, or those that have its name and a slash before theirs. A name without a slash is
   * never that of a project, although a project may have the same.
   */
  forget(repository: string): void {
    const within = repository.includes('/') ? `${repository}/` : undefined;
    const isGone = (remote = '') => remote === repository || (within !== undefined && remote.startsWith(within));
    for (const { name } of this.#guarded.values()) if (isGone(name)) this.#guarded.delete(name);
    for (const name of this.#named) if (isGone(name)) this.#named.delete(name);
    for (const metric of [this.parts.requests, this.parts.seconds]) metric.forget(([remote]) => isGone(remote));
  }

  /** Counts a request that is over, unless its remote is gone meanwhile. */
  #note({ name }: UpstreamRemote, outcome: string, seconds?: number): void {
    if (!this.#guarded.get(name)) return;
    if (this.#named.size < MOST) this.#named.add(name);
    const label = this.#named.has(name) ? name : OTHERS;
    this.parts.requests.add([label, outcome]);
    if (seconds !== undefined) this.parts.seconds.observe([label], seconds);
  }

  #circuitOf({ name, base_url, updated_at }: UpstreamRemote): Circuit {
    const known = this.#guarded.get(name);
    const version = `${base_url} ${updated_at}`;
    if (known?.version === version) return known.circuit;
    const circuit = new Circuit(this.parts.options ?? CIRCUIT);
    this.#guarded.set(name, { name, version, circuit });
    return circuit;
  }

  #tell(remote: string, before: CircuitState, { state, reason }: Circuit): void {
    if (state === 'open' && before !== 'open')
      this.parts.logger.warn('the circuit of a remote is open, its upstream is left alone', { remote, reason });
    if (state === 'closed' && before !== 'closed') this.parts.logger.warn('the circuit of a remote is closed again', { remote });
  }
}

/** Whether a status says that the upstream as a whole is in trouble. */
function isOutage(status: number): boolean {
  return status >= 500 && status !== 501;
}

/** Milliseconds that the upstream wants to be left alone. */
function afterOf(answer: UpstreamAnswer): number {
  const text = answer.header('retry-after');
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : 0;
}
