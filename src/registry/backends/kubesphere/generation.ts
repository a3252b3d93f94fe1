/** The versions of KubeSphere that can be spoken; `4.1` is 4.1.3 and later. */
export const KUBESPHERE_VERSIONS = ['3.4', '4.1.2', '4.1'] as const;
/** A version of KubeSphere. */
export type KubeSphereVersion = (typeof KUBESPHERE_VERSIONS)[number];

/** What is particular to a version. */
export interface Generation {
  /** The version the server calls itself. */
  readonly gitVersion: string;
  /** Whose API its application repositories have: that of OpenPitrix (`openpitrix.io/v1`), or one of their own (`application.kubesphere.io/v2`). */
  readonly api: 'openpitrix' | 'application';
  /** The group that roles name for what has to do with the repositories. */
  readonly group: string;
  /** What keeps a workspace until its parts are gone. */
  readonly workspaceFinalizer: string | undefined;
  /** Whether the removal of a workspace needs a body. */
  readonly deletesByBody: boolean;
  /** What a workspace's managers of repositories may do, besides what has to do with the repositories themselves. */
  readonly managed: readonly string[];
  /** Whether everybody who is logged in may see all applications. */
  readonly openApps: boolean;
  /** Where everybody may read the version. */
  readonly openVersionPaths: readonly string[];
  /** What its HTTP client calls itself to a chart repository. */
  readonly userAgent: string;
  /** What it puts before the reason of a refused token. */
  readonly refusal: string;
  /** Whether a synchronization can be asked for; with the state that asks for it. */
  readonly hasAction: boolean;
  /** Whether a repository must say how often it is synchronized. */
  readonly needsSyncPeriod: boolean;
  /** Whether a repository of a workspace that does not exist is deleted. */
  readonly tendsWorkspaces: boolean;
  /** The state of a repository that is not synchronized by itself. */
  readonly idleState: 'created' | 'nosync';
  /** Whether a list of which nothing was asked and that has nothing is null, as one is that finds nothing. */
  readonly nullLists: boolean;
  /** How charts become applications. */
  readonly apps: AppRules;
}

/** How charts become applications. */
export interface AppRules {
  /** Whether those of charts that are gone are removed. */
  readonly areRemoved: boolean;
  /** How many versions of a chart are kept. */
  readonly kept: number;
  /** What keeps a version until its package is gone. */
  readonly finalizer: string;
  /** Whether a version that is no name has dashes in place of what names do not take, instead of a hash in its own name. */
  readonly hasDashes: boolean;
  /** Labels besides those that all have. */
  readonly labels: Readonly<Record<string, string>>;
}

const v4 = {
  api: 'application',
  group: 'application.kubesphere.io',
  managed: ['repos/events'],
  openApps: true,
  refusal: '',
} as const;

/** Each version's particulars. */
export const generations: Readonly<Record<KubeSphereVersion, Generation>> = {
  '3.4': {
    gitVersion: 'v3.4.1',
    workspaceFinalizer: undefined,
    deletesByBody: false,
    api: 'openpitrix',
    group: 'openpitrix.io',
    managed: ['repos/events', 'repos/action', 'apps'],
    openApps: false,
    openVersionPaths: ['/kapis/version'],
    userAgent: 'Helm/3.11',
    refusal: 'Unauthorized: ',
    hasAction: true,
    needsSyncPeriod: false,
    tendsWorkspaces: true,
    idleState: 'created',
    nullLists: true,
    apps: {
      areRemoved: true,
      kept: Infinity,
      finalizer: 'application.kubesphere.io/cleanup',
      hasDashes: false,
      labels: { 'application.kubesphere.io/hascrd': '' },
    },
  },
  '4.1.2': {
    ...v4,
    gitVersion: 'v4.1.2',
    workspaceFinalizer: 'finalizers.workspacetemplate.kubesphere.io',
    deletesByBody: false,
    openVersionPaths: ['/version', '/kapis/version'],
    userAgent: 'Helm/3.14',
    hasAction: false,
    needsSyncPeriod: false,
    tendsWorkspaces: false,
    idleState: 'nosync',
    nullLists: false,
    apps: { areRemoved: false, kept: 10, finalizer: 'storeCleanFinalizer.application.kubesphere.io', hasDashes: true, labels: {} },
  },
  '4.1': {
    ...v4,
    gitVersion: 'v4.1.3',
    workspaceFinalizer: 'kubesphere.io/cascading-deletion',
    deletesByBody: true,
    openVersionPaths: ['/version'],
    userAgent: 'Helm/3.18',
    hasAction: true,
    needsSyncPeriod: true,
    tendsWorkspaces: true,
    idleState: 'created',
    nullLists: true,
    apps: {
      areRemoved: true,
      kept: Infinity,
      finalizer: 'application.kubesphere.io/cleanup',
      hasDashes: false,
      labels: { 'application.kubesphere.io/hascrd': '' },
    },
  },
};
