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
  /** Where everybody may read the version. */
  readonly openVersionPath: '/version' | '/kapis/version';
  /** The version of the group `tenant.kubesphere.io` that its objects are in. */
  readonly tenantVersion: string;
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
  /** Whether a synchronization removes the applications of charts that are gone. */
  readonly removesApps: boolean;
  /** How many versions of a chart are kept. */
  readonly keptVersions: number;
}

const v4 = {
  api: 'application',
  openVersionPath: '/version',
  tenantVersion: 'v1beta1',
  refusal: '',
} as const;

/** Each version's particulars. */
export const generations: Readonly<Record<KubeSphereVersion, Generation>> = {
  '3.4': {
    gitVersion: 'v3.4.1',
    api: 'openpitrix',
    openVersionPath: '/kapis/version',
    tenantVersion: 'v1alpha2',
    userAgent: 'Helm/3.11',
    refusal: 'Unauthorized: ',
    hasAction: true,
    needsSyncPeriod: false,
    tendsWorkspaces: true,
    idleState: 'created',
    removesApps: true,
    keptVersions: Infinity,
  },
  '4.1.2': {
    ...v4,
    gitVersion: 'v4.1.2',
    userAgent: 'Helm/3.14',
    hasAction: false,
    needsSyncPeriod: false,
    tendsWorkspaces: false,
    idleState: 'nosync',
    removesApps: false,
    keptVersions: 10,
  },
  '4.1': {
    ...v4,
    gitVersion: 'v4.1.3',
    userAgent: 'Helm/3.18',
    hasAction: true,
    needsSyncPeriod: true,
    tendsWorkspaces: true,
    idleState: 'created',
    removesApps: true,
    keptVersions: Infinity,
  },
};
