import type { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** A class of the Kubernetes bindings. */
export type KubernetesClass = new (scope: Construct, id: string, config: object) => TerraformResource;

/** The bindings of a core. */
export interface KubernetesBindings {
  /** The name of their package. */
  readonly package: string;
  /** What to run to have their newest version. */
  readonly install: string;
  /** Loads a class; throws where the package is not installed. */
  readonly load: (where: string, name: KubernetesClassName) => KubernetesClass;
}

type KubernetesClassName = 'Manifest' | 'SecretV1';
type Loaders = Readonly<Record<KubernetesClassName, () => unknown>>;

/** The Kubernetes bindings of this core. They are loaded here and when a class is used, so that only its users have to install them. */
export function kubernetesBindings(): KubernetesBindings {
  const { name, newest, modules } = known[coreName()];
  const install = `run "npm install ${name}${newest}"`;
  return {
    package: name,
    install,
    load: (where, wanted) => {
      try {
        return (modules[wanted]() as Readonly<Record<KubernetesClassName, KubernetesClass>>)[wanted];
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause;
        throw new Error(`${where}: ${name} is not installed; ${install}`, { cause });
      }
    },
  };
}

/** Each core has a package of its own, with the same classes. */
const known: Readonly<Record<'cdktf' | 'cdktn', { readonly name: string; readonly newest: string; readonly modules: Loaders }>> = {
  cdktf: {
    name: '@cdktf/provider-kubernetes',
    newest: '@12',
    modules: {
      Manifest: () => require('@cdktf/provider-kubernetes/lib/manifest'),
      SecretV1: () => require('@cdktf/provider-kubernetes/lib/secret-v1'),
    },
  },
  cdktn: {
    name: '@cdktn/provider-kubernetes',
    newest: '@latest',
    modules: {
      Manifest: () => require('@cdktn/provider-kubernetes/lib/manifest'),
      SecretV1: () => require('@cdktn/provider-kubernetes/lib/secret-v1'),
    },
  },
};

/** Which of the two cores this is built for. */
const coreName = (): 'cdktf' | 'cdktn' => (require('cdktf/package.json') as { readonly name: 'cdktf' | 'cdktn' }).name;
