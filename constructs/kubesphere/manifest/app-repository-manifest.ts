import type { TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { kubernetesBindings } from '../../base/kubernetes';
import { rememberPosition } from '../../base/positions';
import { setProblems } from '../../base/problems';
import { checkProps, type PropNames } from '../../base/props';
import { ephemeralVariableIn } from '../../base/secret-variable';
import { literalSecretText } from '../../base/secrets';
import { addWarning, atSynthesis } from '../../base/synthesis';
import { isToken } from '../../base/token';
import { repositoryObjects, type Generation } from './object';
import type { AppRepositoryManifestProps } from './props';
import { manifestDoubts, manifestProblems, neverSyncs } from './rules';

/**
 * An app repository of KubeSphere as a Kubernetes object, through the Kubernetes API alone: a `HelmRepo` on KubeSphere 3, a `Repo` on
 * version 4. It is for those who have access to the cluster and not to KubeSphere's API, and for TLS settings, which that API drops.
 *
 * Use `AppRepository` where you can: it validates the index before it stores anything, starts a sync on version 4, and keeps credentials
 * out of the state. This construct stores them there in plain text, and
 * plans show them, so they are refused unless `credentialsInState` is true.
 *
 * Besides `repoform` it needs the Kubernetes bindings of the core (`@cdktf/provider-kubernetes`; on CDK Terrain
 * `@cdktn/provider-kubernetes`) and their `KubernetesProvider` in the stack, whose cluster must be reachable at plan.
 *
 * Terraform: `kubernetes_manifest`.
 *
 * @example
 * new AppRepositoryManifest(this, 'charts', {
 *   version: '4',
 *   name: 'team-charts',
 *   displayName: 'Charts of the team',
 *   workspace: 'demo',
 *   url: 'https://charts.example.com/stable',
 *   caFile: '/etc/kubesphere/charts/ca.pem',
 *   syncPeriod: '1h',
 * });
 */
export class AppRepositoryManifest extends Construct {
  /** The `kubernetes_manifest`. */
  readonly manifest: TerraformResource;

  constructor(scope: Construct, id: string, props: AppRepositoryManifestProps) {
    super(scope, id);
    rememberPosition(this, new.target);
    checkProps(this, props, propNames);
    const version = generationOf(props);
    const problems = [
      ...(version === undefined ? [`version is "${String(props.version)}"; allowed are "3" and "4"`] : manifestProblems(props, version)),
      ...this.ephemeralProblems(props),
    ];
    setProblems(this, 'AppRepositoryManifest', problems);
    if (problems.length === 0 && version !== undefined) this.warn(props, version);
    this.manifest = this.make(props, version ?? '4');
  }

  /** @internal */
  get checkedAddress(): string {
    return `${this.manifest.terraformResourceType}.${this.manifest.friendlyUniqueId}`;
  }

  /** The name of the object, as a reference. */
  get objectName(): string {
    return this.manifest.getStringAttribute('object.metadata.name');
  }

  private make(props: AppRepositoryManifestProps, version: Generation): TerraformResource {
    const { waitForSync = !neverSyncs(props, version), syncTimeout = '12m', fieldManager, forceConflicts = true, provider } = props;
    const { manifest, synced } = repositoryObjects[version](props, `repo-${this.node.addr.slice(-12)}`);
    const Manifest = kubernetesBindings().load(this.node.path, 'Manifest');
    return new Manifest(this, 'manifest', {
      manifest,
      // By default the labels are, too, and a repository that somebody moves to another workspace stays there unnoticed.
      computedFields: ['metadata.annotations'],
      ...(waitForSync && { wait: { fields: synced }, timeouts: { create: syncTimeout, update: syncTimeout } }),
      fieldManager: { ...(fieldManager !== undefined && { name: fieldManager }), forceConflicts },
      ...(provider && { provider }),
    });
  }

  /** Terraform stores all of the object. */
  private ephemeralProblems(props: AppRepositoryManifestProps): string[] {
    return Object.entries(props).flatMap(([key, value]: [string, unknown]) => {
      const variable = typeof value === 'string' && isToken(value) ? ephemeralVariableIn(this, value) : undefined;
      return variable === undefined
        ? []
        : [
            `${key}: the variable "${variable}" is ephemeral, and kubernetes_manifest stores what it is given; make it with ${storedVariable}`,
          ];
    });
  }

  private warn(props: AppRepositoryManifestProps, version: Generation): void {
    const literals = secrets.filter((key) => props[key] !== undefined && !isToken(props[key]));
    const warnings = [...manifestDoubts(props, version), ...literals.map((key) => literalSecretText(key, storedVariable))];
    if (warnings.length === 0) return;
    atSynthesis(this, () => {
      for (const warning of warnings) addWarning(this, warning);
    });
  }
}

const storedVariable = 'secretVariable(scope, id, { ephemeral: false })';
const secrets = ['password', 'secretAccessKey'] as const;

/** The generation, which may be a number where nothing checks types. */
function generationOf({ version }: AppRepositoryManifestProps): Generation | undefined {
  const text = String(version);
  return text === '3' || text === '4' ? text : undefined;
}

const propNames: PropNames<AppRepositoryManifestProps> = {
  version: 'required',
  name: 'required',
  url: 'required',
  type: 'optional',
  displayName: 'optional',
  workspace: 'optional',
  username: 'optional',
  password: 'optional',
  accessKeyId: 'optional',
  secretAccessKey: 'optional',
  credentialsInState: 'optional',
  insecureSkipTlsVerify: 'optional',
  caFile: 'optional',
  certFile: 'optional',
  keyFile: 'optional',
  description: 'optional',
  syncPeriod: 'optional',
  syncTrigger: 'optional',
  waitForSync: 'optional',
  syncTimeout: 'optional',
  labels: 'optional',
  creator: 'optional',
  objectName: 'optional',
  fieldManager: 'optional',
  forceConflicts: 'optional',
  provider: 'optional',
};
