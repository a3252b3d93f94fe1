import type { SecretV1Config } from '@cdktf/provider-kubernetes/lib/secret-v1';
import type { TerraformProvider, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

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

type SecretClass = new (scope: Construct, id: string, config: object) => TerraformResource;

/** Makes a `kubernetes_secret_v1`, its data write-only. The Kubernetes bindings are loaded here, so that only their users have to install them. */
export function kubernetesSecret(scope: Construct, id: string, options: SecretOptions): TerraformResource {
  const { metadata, data, revision, allowSecretInState, provider } = options;
  const where = scope.node.path;
  const { name, newest, load } = bindings[coreName()];
  const SecretV1 = secretClass(where, load, `${name} is not installed; run "npm install ${name}${newest}"`);
  const isWriteOnly = Object.hasOwn(SecretV1.prototype as object, 'dataWo');
  if (!isWriteOnly && !allowSecretInState)
    throw new Error(
      `${where}: the installed ${name} has no write-only data for Secrets, so the password would be stored in the state; run "npm install ${name}${newest}", or set allowSecretInState: true and use a password that is not ephemeral`,
    );
  const config: Omit<SecretV1Config, 'provider'> = {
    metadata,
    ...(isWriteOnly ? { dataWo: { ...data }, dataWoRevision: revision } : { data: { ...data } }),
  };
  return new SecretV1(scope, id, { ...config, ...(provider && { provider }) });
}

interface Bindings {
  readonly name: string;
  /** The version to install. */
  readonly newest: string;
  readonly load: () => { readonly SecretV1: SecretClass };
}

/** Each core has a package of its own. */
const bindings: Readonly<Record<'cdktf' | 'cdktn', Bindings>> = {
  cdktf: {
    name: '@cdktf/provider-kubernetes',
    newest: '@12',
    load: () => require('@cdktf/provider-kubernetes/lib/secret-v1') as { readonly SecretV1: SecretClass },
  },
  cdktn: {
    name: '@cdktn/provider-kubernetes',
    newest: '@latest',
    load: () => require('@cdktn/provider-kubernetes/lib/secret-v1') as { readonly SecretV1: SecretClass },
  },
};

/** Which of the two cores this is built for. */
const coreName = (): 'cdktf' | 'cdktn' => (require('cdktf/package.json') as { readonly name: 'cdktf' | 'cdktn' }).name;

function secretClass(where: string, load: Bindings['load'], missing: string): SecretClass {
  try {
    return load().SecretV1;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Error(`${where}: ${missing}`, { cause });
  }
}
