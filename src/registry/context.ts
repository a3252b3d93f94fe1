import { type Events } from './events';
import { type Logger } from './logger';
import { type IndexCache } from './proxy/index-cache';
import { type Engine } from './proxy/engine';
import { type Store } from './store/store';

/** What every route of the registry works with. */
export interface Context {
  readonly store: Store;
  readonly engine: Engine;
  readonly indexes: IndexCache;
  readonly events: Events;
  readonly logger: Logger;
  /** Whether to do what the contract says a real server does and no more. */
  readonly strict: boolean;
  /** The URL that clients reach the registry at, when it is not the one they name in the Host header. */
  readonly publicUrl: string | undefined;
  /** Whether what `X-Forwarded-*` says of that is believed. */
  readonly trustForwarded?: boolean;
}
