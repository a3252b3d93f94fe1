import { BaseClient, ExtendedClient } from '../../src/client/base-client';
import { Memo } from '../../src/client/memo';
import type { ApiClient, ClientAdditions } from '../../src/schema/define/client';

/** A client for an API that a test keeps in memory; it says what `send` answers. */
export abstract class ApiInMemory extends BaseClient {
  readonly endpoint: string = 'http://api';
  readonly settings: ApiClient['settings'] = {};
  readonly stopping = new AbortController();
  readonly lines: string[] = [];
  private readonly memo = new Memo();

  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  log(message: string): void {
    this.lines.push(message);
  }

  once<T>(make: (client: ApiClient) => Promise<T>): Promise<T> {
    return this.memo.once(make, this);
  }

  with(more: ClientAdditions): ApiClient {
    return new ExtendedClient(this, more);
  }
}
