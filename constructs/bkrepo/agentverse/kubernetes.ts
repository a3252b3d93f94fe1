import type { SecretV1Config } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { TerraformProvider, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { kubernetesBindings } from '../../base/kubernetes';

/** A Kubernetes Secret and its data. */
export interface SecretOptions {
  readonly metadata: NonNullable<SecretV1Config['metadata']>;
  readonly data: Readonly<Record<string, string>>;
  /** Changes with the data. */
  readonly revision: number;
  /** Whether the data may be stored in the state if the bindings have no write-only form of it. */
  readonly allowSecretInState: boolean;
  readonly provider?: TerraformProvider | undefined;
}

/** Makes a `kubernetes_secret_v1`, its data write-only. */
export function kubernetesSecret(scope: Construct, id: string, options: SecretOptions): TerraformResource {
  const { metadata, data, revision, allowSecretInState, provider } = options;
  const where = scope.node.path;
  const bindings = kubernetesBindings();
  const SecretV1 = bindings.load(where, 'SecretV1');
  const isWriteOnly = Object.hasOwn(SecretV1.prototype as object, 'dataWo');
  if (!isWriteOnly && !allowSecretInState)
    throw new Error(
      `${where}: the installed ${bindings.package} has no write-only data for Secrets, so the password would be stored in the state; ${bindings.install}, or set allowSecretInState: true and use a password that is not ephemeral`,
    );
  const config: Omit<SecretV1Config, 'provider'> = {
    metadata,
    ...(isWriteOnly ? { dataWo: { ...data }, dataWoRevision: revision } : { data: { ...data } }),
  };
  return new SecretV1(scope, id, { ...config, ...(provider && { provider }) });
}
