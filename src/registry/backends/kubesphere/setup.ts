import { type Context } from '../../context';
import { documentsTable } from '../../store/documents';
import { type TableSet } from '../../store/metadata';
import { Accounts, type KubeSphereUser } from './auth/accounts';
import { Tokens, type TokenSettings } from './auth/tokens';
import { Cluster } from './cluster';
import { type KsContext, type Pace } from './context';
import { generations, type KubeSphereVersion } from './generation';
import { IndexLoader, type LoaderSettings } from './index/load';
import { type Lag } from './kind';
import { SYSTEM_WORKSPACE } from './objects';

/** The setup of the embedded KubeSphere and its initial content. */
export interface KubeSphereOptions extends Partial<TokenSettings>, Partial<LoaderSettings>, Partial<Pace> {
  /** The version to behave as; `4.1` is 4.1.3 and later. @default "4.1" */
  readonly version?: KubeSphereVersion;
  /** The password of the user `admin` when the data folder is new. @default "P@88w0rd" */
  readonly adminPassword?: string;
  /** More users to begin with. @default - none */
  readonly users?: readonly KubeSphereUser[];
  /** The workspaces to begin with, besides `system-workspace`. @default ["demo"] */
  readonly workspaces?: readonly string[];
  /** How late readers hear of changes; `false` for at once. @default - at once; when strict, every tenth change of version 4 40 ms late */
  readonly lag?: Lag | false;
}

/** The tables of the KubeSphere backend. */
export const kubeSphereTables: TableSet = {
  name: 'kubesphere',
  migrations: [documentsTable('kubesphere_documents')],
  counted: [7],
  secrets: {
    kubesphere_documents: { isSecret: ({ kind }) => ['User', 'Key'].includes(String(kind)), members: ['credential', 'password'] },
  },
};

/** The password that a new installation has. */
export const DEFAULT_PASSWORD = 'P@88w0rd';
const STRICT_LAG: Lag = { every: 10, ms: 40 };
const REACTION_MS = { strict: 100, default: 20 };

/** Creates the context of the KubeSphere routes and the initial content of the server. */
export async function setUpKubeSphere(base: Context, options: KubeSphereOptions): Promise<KsContext> {
  const { version = '4.1', workspaces = ['demo'], users = [] } = options;
  const generation = generations[version];
  // Of version 3, nobody has seen it.
  const { lag = base.strict && generation.api === 'application' && STRICT_LAG } = options;
  const { metadata: db } = base.store;
  if (!(await base.store.leases.keep('kubesphere', TAKEOVER_MS)))
    throw new Error('another process serves KubeSphere on this database; its objects are in memory, so only one process can serve them');
  const cluster = await Cluster.open(db, lag || undefined);
  for (const name of new Set([SYSTEM_WORKSPACE, ...workspaces])) {
    const spec = { template: { spec: { manager: 'admin' } }, placement: { clusterSelector: {} } };
    if (!cluster.workspaces.get(name)) await cluster.workspaces.create({ metadata: { name }, spec, status: {} });
  }
  const accounts = new Accounts(db);
  const admin = { name: 'admin', password: options.adminPassword ?? DEFAULT_PASSWORD, isAdmin: true };
  for (const user of [admin, ...users]) await accounts.add(user);
  const { accessTokenMaxAge = 7200, accessTokenInactivityTimeout = 1800, multipleLogin = true } = options;
  const tokens = new Tokens(await accounts.signingKey(), { accessTokenMaxAge, accessTokenInactivityTimeout, multipleLogin });
  const { fetchTimeoutMs = 300_000, files = {} } = options;
  const loader = new IndexLoader(generation, { fetchTimeoutMs, files }, base.reach);
  const { reactionMs = REACTION_MS[base.strict ? 'strict' : 'default'], secondMs = 1000 } = options;
  return { ...base, generation, cluster, accounts, tokens, loader, pace: { reactionMs, secondMs } };
}

/** How long one that takes over waits for the one before, which may have died. */
const TAKEOVER_MS = 10_000;

/** A note of the repositories that an earlier run made as the other generation: this one has no route to them. */
export function hiddenRepositories({ cluster, generation }: KsContext): readonly string[] {
  const [other, kind] = generation.api === 'application' ? (['3.4', 'helmRepos'] as const) : (['4.1', 'repos'] as const);
  const hidden = cluster[kind].list().length;
  if (hidden === 0) return [];
  const what = hidden === 1 ? 'a repository' : `${hidden} repositories`;
  return [`the data has ${what} of KubeSphere ${other}, which this version does not show; only the version they were made with does.`];
}
