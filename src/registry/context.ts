import { type Access } from './access/access';
import { type Events } from './events';
import { type Logger } from './logger';
import { type Operations } from './operations/operations';
import { type Signer } from './openpgp/signer';
import { type IndexCache } from './proxy/index-cache';
import { type Reach } from './proxy/reach';
import { type Engine } from './proxy/engine';
import { type Settings } from './settings';
import { type Quotas } from './store/quotas';
import { type Store } from './store/store';

/** What every route of the registry works with. */
export interface Context {
  readonly store: Store;
  readonly engine: Engine;
  /** Where servers may lead that are asked for something. */
  readonly reach: Reach;
  readonly indexes: IndexCache;
  readonly events: Events;
  /** Who may do what. */
  readonly access: Access;
  readonly logger: Logger;
  /** How much may be uploaded where. */
  readonly quotas: Quotas;
  /** What stands before the backends. */
  readonly operations: Operations;
  /** Where the pages of the backends are, as the machine itself reaches them, by the names of the backends. */
  pages(): Readonly<Record<string, string>>;
  /** What the operator has set for the package types. */
  readonly given: Settings;
  /** What the registry signs with. */
  signer(): Promise<Signer>;
  /** Whether others can reach the registry, and have not been let in on purpose. */
  readonly isExposed: boolean;
  /** Whether to behave exactly as the contract says a real server does. */
  readonly strict: boolean;
  /** The URL under which clients reach the registry, if it is not the one in their Host header. */
  readonly publicUrl: string | undefined;
  /** Whether `X-Forwarded-*` headers are trusted for it. */
  readonly trustForwarded?: boolean;
}
