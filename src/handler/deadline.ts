import { ApiError } from '../schema/define/errors';
import { durationMilliseconds } from '../common/duration';
import { isRecord, type ValueRecord } from '../common/value';
import type { ApiClient, ApiRequest } from '../schema/define/binding';
import type { Operation } from '../schema/define/timeouts';

/**
 * The client for one operation: its calls end when the operation has taken as long as `timeouts` allows. A write may take all of that,
 * because who raises it says that the server needs it.
 */
export function clientFor(client: ApiClient, values: ValueRecord, operation: Operation): ApiClient {
  const milliseconds = limitOf(values, operation);
  if (milliseconds === undefined) return client;
  const signal = AbortSignal.timeout(milliseconds);
  return {
    endpoint: client.endpoint,
    settings: client.settings,
    send: (request) => client.send({ ...(writes(request) && { timeout: milliseconds }), ...request, signal }),
  };
}

const writes = ({ method }: ApiRequest): boolean => method !== 'GET' && method !== 'HEAD';

/** Waits for something that does no harm when nobody waits any more, as long as `timeouts` allows. */
export async function inTime<T>(work: Promise<T>, values: ValueRecord, operation: Operation): Promise<T> {
  const milliseconds = limitOf(values, operation);
  if (milliseconds === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ApiError(`not done within timeouts.${operation} (${milliseconds / 1000} s)`, {
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
