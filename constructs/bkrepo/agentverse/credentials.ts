import type { TerraformProvider, TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { checkProps, type PropNames } from '../../base/props';
import { kubernetesSecret } from './kubernetes';
import type { AgentVerseStorage } from './storage';

/** Properties of `AgentVerseCredentials`. */
export interface AgentVerseCredentialsProps {
  /** The storage that the credentials are for. */
  readonly storage: AgentVerseStorage;
  /**
   * Name of the Secret.
   *
   * @default "bkrepo-credentials"
   */
  readonly name?: string;
  /**
   * Namespace of the Secret; it must exist.
   *
   * @default "default"
   */
  readonly namespace?: string;
  /**
   * Labels of the Secret.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Whether the password may be stored in the state if the installed Kubernetes bindings cannot keep it out
   * (`@cdktf/provider-kubernetes` before 12.1.1). The variable must then not be ephemeral (`secretVariable(scope, id, { ephemeral: false })`).
   *
   * @default false
   */
  readonly allowSecretInState?: boolean;
  /**
   * The `kubernetes` provider.
   *
   * @default the stack's provider
   */
  readonly provider?: TerraformProvider;
}

/**
 * The Kubernetes Secret that gives AgentVerse its user name and password: `BKREPO_USERNAME` and `BKREPO_PASSWORD`.
 *
 * Its data is write-only, so neither plan nor state contains it, and it is sent again when the password (or token) of the storage
 * changes. Besides `repoform` it needs the Kubernetes bindings of the core (`@cdktf/provider-kubernetes` 12.1.1 or newer; on CDK Terrain
 * `@cdktn/provider-kubernetes`), their `KubernetesProvider` in the stack, and Terraform 1.11 or OpenTofu 1.11.
 *
 * @example
 * const password = secretVariable(this, 'agentverse_password');
 * const storage = new AgentVerseStorage(this, 'agentverse', { project: 'ai-platform', passwordWo: password.stringValue });
 * new AgentVerseCredentials(this, 'credentials', { storage, namespace: 'agentverse' });
 */
export class AgentVerseCredentials extends Construct {
  /** The `kubernetes_secret_v1`. */
  readonly secret: TerraformResource;

  constructor(scope: Construct, id: string, props: AgentVerseCredentialsProps) {
    super(scope, id);
    checkProps(this, props, propNames);
    const { storage, name = 'bkrepo-credentials', namespace, labels, allowSecretInState = false, provider } = props;
    this.secret = kubernetesSecret(this, 'secret', {
      metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels: { ...labels } }) },
      data: storage.credentials,
      revision: storage.credentialsRevision,
      allowSecretInState,
      provider,
    });
  }
}

const propNames: PropNames<AgentVerseCredentialsProps> = {
  storage: 'required',
  name: 'optional',
  namespace: 'optional',
  labels: 'optional',
  allowSecretInState: 'optional',
  provider: 'optional',
};
