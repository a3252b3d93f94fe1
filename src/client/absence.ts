import { ApiError } from '../schema/define/errors';
import type { ApiAnswer, ApiClient, ApiRequest } from '../schema/define/client';
import type { ServerProof } from '../schema/define/provider';
import { WrappedClient } from './base-client';
import { SharedCall } from './shared-call';

/**
 * A client that notices a "not found" without the API's own error format: it may be about the object, or come from a gateway or a wrong
 * path in the endpoint.
 */
export class Watched extends WrappedClient {
  /** The first such answer. */
  doubt: ApiError | undefined;

  override async send(request: ApiRequest): Promise<ApiAnswer> {
    try {
      return await super.send(request);
    } catch (thrown) {
      // Only the API's own error format has an API code.
      const doubtful = thrown instanceof ApiError && thrown.code === 'not-found' && thrown.apiCode === undefined;
      if (doubtful && !request.mayLack) this.doubt ??= thrown;
      throw thrown;
    }
  }
}

/** Asks a server to prove its identity. One proof serves everyone who asked before it began. */
export class Witness {
  private readonly showing: SharedCall<boolean>;
  private lastSeen: Promise<boolean> | undefined;

  constructor(
    private readonly client: ApiClient,
    private readonly proofs: readonly ServerProof[] = [],
  ) {
    this.showing = new SharedCall(() => this.show());
  }

  /** Resolves when the server has proved its identity after this call; otherwise throws the "not found" as `unproven`. */
  async shown(doubt: ApiError): Promise<void> {
    this.lastSeen = this.showing.afterNow();
    await this.lastSeen.catch((cause: unknown) => {
      throw unproven(doubt, cause);
    });
  }

  /** Whether the proof is an empty list. Requested once, only for the text of a warning. */
  async isEmpty(): Promise<boolean> {
    this.lastSeen ??= this.showing.afterNow();
    return this.lastSeen.catch(() => false);
  }

  /** Whether the server is empty. Throws when it cannot prove its identity. */
  private async show(): Promise<boolean> {
    const failures: unknown[] = [];
    for (const proof of this.proofs) {
      try {
        return (await proof(this.client))?.length === 0;
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    throw failures[0] ?? new Error('no other request can confirm it');
  }
}

/** A "not found" that proves nothing. */
function unproven(doubt: ApiError, cause: unknown): ApiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return unexpected(
    doubt,
    `${doubt.message}; this may come from a gateway or a wrong path, because nothing else confirms that the server is there (${reason})`,
  );
}

/** A "not found" that other evidence contradicts. */
export const contradicted = (doubt: ApiError, what: string): ApiError => unexpected(doubt, `${doubt.message}, but ${what}`);

function unexpected({ status, method, url }: ApiError, message: string): ApiError {
  return new ApiError(message, { code: 'unexpected-answer', method, url, ...(status !== undefined && { status }) });
}
