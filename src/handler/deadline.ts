import { WrappedClient } from '../client/base-client';
import { untilAborted } from '../client/pause';
import { durationMilliseconds } from '../common/duration';
import { isRecord, type ValueRecord } from '../common/value';
import type { ApiAnswer, ApiClient, ApiRequest } from '../schema/define/client';
import { ApiError } from '../schema/define/errors';
import type { Operation } from '../schema/define/timeouts';

/**
 * The client for one operation: its calls end when `timeouts` of the operation expires, and its waits also when it is
 * stopped. A single write may take all of that time, because users raise the timeout when the server needs it.
 */
export const clientFor = (client: ApiClient, values: ValueRecord, operation: Operation): ApiClient =>
  new OperationClient(client, limitOf(values, operation));

class OperationClient extends WrappedClient {
  private readonly ends: AbortSignal;
  private readonly deadline: AbortSignal | undefined;

  /** @param milliseconds for all calls together */
  constructor(
    inner: ApiClient,
    private readonly milliseconds: number | undefined,
  ) {
    super(inner);
    this.deadline = milliseconds === undefined ? undefined : AbortSignal.timeout(milliseconds);
    // The current signal: a stop aborts what is in flight, and later calls get a new signal.
    this.ends = this.deadline ? AbortSignal.any([inner.signal, this.deadline]) : inner.signal;
  }

  override get signal(): AbortSignal {
    return this.ends;
  }

  override send(request: ApiRequest): Promise<ApiAnswer> {
    const { deadline, milliseconds } = this;
    if (!deadline || milliseconds === undefined) return super.send(request);
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline;
    return super.send({ ...(writes(request) && { timeout: milliseconds }), ...request, signal });
  }

  override once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return untilAborted(() => super.once(make), this.ends);
  }
}

/** The client for a call that may be cancelled: its reads and waits end then, and nothing further begins; a write that has begun is completed. */
export const untilCancelled = (client: ApiClient, cancelled: AbortSignal): ApiClient => new CancellableClient(client, cancelled);

class CancellableClient extends WrappedClient {
  private readonly ends: AbortSignal;

  constructor(
    inner: ApiClient,
    private readonly cancelled: AbortSignal,
  ) {
    super(inner);
    this.ends = AbortSignal.any([inner.signal, cancelled]);
  }

  override get signal(): AbortSignal {
    return this.ends;
  }

  override send(request: ApiRequest): Promise<ApiAnswer> {
    const { cancelled } = this;
    if (writes(request) && !cancelled.aborted) return super.send(request);
    return super.send({ ...request, signal: request.signal ? AbortSignal.any([request.signal, cancelled]) : cancelled });
  }

  override once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return untilAborted(() => super.once(make), this.ends);
  }
}

const writes = ({ method }: ApiRequest): boolean => method !== 'GET' && method !== 'HEAD';

/** Waits, within `timeouts`, for work that is safe to abandon. */
export async function inTime<T>(work: Promise<T>, values: ValueRecord, operation: Operation): Promise<T> {
  const milliseconds = limitOf(values, operation);
  if (milliseconds === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ApiError(`did not finish within timeouts.${operation} (${milliseconds / 1000} s)`, {
            code: 'timeout',
            method: 'GET',
            url: '',
          }),
        ),
      milliseconds,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function limitOf({ timeouts }: ValueRecord, operation: Operation): number | undefined {
  const limit = isRecord(timeouts) ? timeouts[operation] : undefined;
  return typeof limit === 'string' ? durationMilliseconds(limit) : undefined;
}
