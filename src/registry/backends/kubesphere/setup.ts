import { firstPassword } from '../../access/known-password';
import { type Context } from '../../context';
import { documentsTable } from '../../store/documents';
import { changesTables, OBJECTS } from './object-store';
import { type TableSet } from '../../store/metadata';
import { Accounts, type KubeSphereUser } from './auth/accounts';
import { Tokens, type TokenSettings } from './auth/tokens';
import { Cluster } from './cluster';
import { type KsContext, type Pace } from './context';
import { generations, type KubeSphereVersion } from './generation';
import { IndexLoader, type LoaderSettings } from './index/load';
import { ApiError, type Lag } from './kind';
import { SYSTEM_WORKSPACE } from './objects';

/** The setup of the embedded KubeSphere and its initial content. */
export interface KubeSphereOptions extends Partial<TokenSettings>, Partial<LoaderSettings>, Partial<Pace> {
  /** The version to behave as; `4.1` is 4.1.3 and later. @default "4.1" */
  readonly version?: KubeSphereVersion;
  /** The password of the user `admin`, in place of the known one. @default "P@88w0rd", where nobody else can reach the server */
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
  migrations: [documentsTable(OBJECTS), changesTables],
  counted: [7],
  // Each store counts its own changes; resource versions stay what they are.
  own: ['kubesphere_count', 'kubesphere_changes'],
  secrets: {
    [OBJECTS]: { isSecret: ({ kind }) => ['User', 'Key', 'Session'].includes(String(kind)), members: ['credential', 'password'] },
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
  const cluster = await Cluster.open(db, lag || undefined);
  for (const name of new Set([SYSTEM_WORKSPACE, ...workspaces])) {
    const spec = { template: { spec: { manager: 'admin' } }, placement: { clusterSelector: {} } };
    if (!cluster.workspaces.get(name)) await cluster.workspaces.create({ metadata: { name }, spec, status: {} }).catch(unlessThere);
  }
  const accounts = new Accounts(db);
  const password = await firstPassword({
    ...{ api: 'KubeSphere', option: '--kubesphere-admin-password', known: DEFAULT_PASSWORD, given: options.adminPassword },
    ...{ hash: await accounts.passwordHash('admin'), isExposed: base.isExposed },
  });
  if (password !== undefined) await accounts.set({ name: 'admin', password, isAdmin: true });
  for (const user of users) await accounts.add(user);
  const { accessTokenMaxAge = 7200, accessTokenInactivityTimeout = 1800, multipleLogin = true } = options;
  const settings = { accessTokenMaxAge, accessTokenInactivityTimeout, multipleLogin };
  const tokens = new Tokens(await accounts.signingKey(), settings, accounts.sessions);
  const { fetchTimeoutMs = 300_000, files = {} } = options;
  const loader = new IndexLoader(generation, { fetchTimeoutMs, files }, base.reach);
  const { reactionMs = REACTION_MS[base.strict ? 'strict' : 'default'], secondMs = 1000 } = options;
  return { ...base, generation, cluster, accounts, tokens, loader, pace: { reactionMs, secondMs } };
}

/** Of processes that begin at once, one makes what is missing. */
function unlessThere(cause: unknown): void {
  if (!(cause instanceof ApiError && cause.reason === 'AlreadyExists')) throw cause;
}

/** A note of the repositories that an earlier run made as the other generation: this one has no route to them. */
export function hiddenRepositories({ cluster, generation }: KsContext): readonly string[] {
  const [other, kind] = generation.api === 'application' ? (['3.4', 'helmRepos'] as const) : (['4.1', 'repos'] as const);
  const hidden = cluster[kind].list().length;
  if (hidden === 0) return [];
  const what = hidden === 1 ? 'a repository' : `${hidden} repositories`;
  return [`the data has ${what} of KubeSphere ${other}, which this version does not show; only the version they were made with does.`];
}
