import { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { identify, type RequestId } from './request-id';

/** Where the content of an answer came from. */
export type Source = 'hit' | 'miss' | 'stale';

/** What becomes known of a request while it is served, for logs, metrics and traces. */
export class RequestFacts {
  /** By `performance.now()`. */
  readonly startedAt = performance.now();
  /** The package type of the repository that it concerns. */
  type = '';
  /** The repository that it concerns. */
  repository = '';
  source: Source | '' = '';
  #id: RequestId | undefined;

  constructor(
    readonly backend: string,
    private readonly headers: IncomingHttpHeaders,
  ) {}

  /** How logs and the answer name the request; made up only when somebody asks for it. */
  get id(): RequestId {
    return (this.#id ??= identify(this.headers));
  }
}

const FACTS = Symbol('facts');
type Observed = IncomingMessage & { [FACTS]?: RequestFacts };

/** Begins to gather facts about a request. */
export function observe(request: Observed, facts: RequestFacts): void {
  request[FACTS] = facts;
}

/** What is known of a request so far. */
export function factsOf(request: Observed): RequestFacts | undefined {
  return request[FACTS];
}

/** Notes the repository that a request concerns. */
export function noteRepository(request: Observed, { packageType, name }: { readonly packageType: string; readonly name: string }): void {
  const facts = request[FACTS];
  if (!facts) return;
  facts.type = packageType;
  facts.repository = name;
}

/** Notes where the content of the answer comes from. */
export function noteSource(request: Observed, source: Source): void {
  const facts = request[FACTS];
  if (facts) facts.source = source;
}
