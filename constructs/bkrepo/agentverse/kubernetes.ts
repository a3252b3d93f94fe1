import type { SecretV1Config } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { TerraformProvider, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** A Secret of Kubernetes and what is in it. */
export interface SecretOptions {
  readonly metadata: NonNullable<SecretV1Config['metadata']>;
  readonly data: Readonly<Record<string, string>>;
  /** Changes with the data. */
  readonly revision: number;
  /** Whether the data may stand in the state where the bindings know no write-only form of it. */
  readonly allowSecretInState: boolean;
  readonly provider?: TerraformProvider | undefined;
}

type SecretClass = new (scope: Construct, id: string, config: object) => TerraformResource;

/** Makes a `kubernetes_secret_v1`, its data write-only. The bindings for Kubernetes are loaded now, so that only those who need them install them. */
export function kubernetesSecret(scope: Construct, id: string, options: SecretOptions): TerraformResource {
  const { metadata, data, revision, allowSecretInState, provider } = options;
  const where = scope.node.path;
  const SecretV1 = secretClass(where);
  const isWriteOnly = Object.hasOwn(SecretV1.prototype as object, 'dataWo');
  if (!isWriteOnly && !allowSecretInState)
    throw new Error(
      `${where}: the installed @cdktf/provider-kubernetes has no write-only data for Secrets, so the password would stand in the state; install 12.1.1 or newer, or set allowSecretInState: true and take a password that is not ephemeral`,
    );
  const config: Omit<SecretV1Config, 'provider'> = {
    metadata,
    ...(isWriteOnly ? { dataWo: { ...data }, dataWoRevision: revision } : { data: { ...data } }),
  };
  return new SecretV1(scope, id, { ...config, ...(provider && { provider }) });
}

/** Which of the two cores this is built for. */
const coreName = (): string => (require('cdktf/package.json') as { readonly name: string }).name;

function secretClass(where: string): SecretClass {
  if (coreName() === 'cdktn')
    throw new Error(
      `${where}: there is no @cdktf/provider-kubernetes for cdktn. Put "hashicorp/kubernetes@~> 2.38" into terraformProviders of cdktf.json, run "cdktn get", and make the Secret with the class it generates: new SecretV1(scope, id, { metadata: { name: "bkrepo-credentials" }, dataWo: storage.credentials, dataWoRevision: storage.credentialsRevision })`,
    );
  try {
    return (require('@cdktf/provider-kubernetes/lib/secret-v1') as { readonly SecretV1: SecretClass }).SecretV1;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error(`${where}: @cdktf/provider-kubernetes is not installed; run "npm install @cdktf/provider-kubernetes@12"`, { cause });
  }
}
