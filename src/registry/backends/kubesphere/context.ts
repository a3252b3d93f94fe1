import { type Context } from '../../context';
import { type Accounts } from './auth/accounts';
import { type Tokens } from './auth/tokens';
import { type Cluster } from './cluster';
import { type Generation } from './generation';
import { type IndexLoader } from './index/load';

/** How quick the controllers are. */
export interface Pace {
  /** How many milliseconds pass before a controller notices a change. */
  readonly reactionMs: number;
  /** How many milliseconds a controller's second takes: for sync periods, the pause between two syncs, and back-off. */
  readonly secondMs: number;
}

/** What every route of the KubeSphere backend works with. */
export interface KsContext extends Context {
  readonly generation: Generation;
  readonly cluster: Cluster;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly loader: IndexLoader;
  readonly pace: Pace;
}
