import { TerraformResource, type TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';

/** The import ids of what was on the server, by the paths of its constructs. Delete this file and its use in `main.ts` after the first deployment. */
const ids: Readonly<Record<string, string>> = {
  'alpine/alpine-internal': 'alpine-internal',
  'alpine/alpine-community': 'alpine-community',
  'alpine/alpine-main': 'alpine-main',
  'alpine/alpine': 'alpine',
  'docker/docker-internal': 'docker-internal',
  'docker/docker-hub': 'docker-hub',
  'docker/gcr': 'gcr',
  'docker/ghcr': 'ghcr',
  'docker/quay': 'quay',
  'docker/registry-k8s': 'registry-k8s',
  'docker/images': 'images',
  'generic/generic-internal': 'generic-internal',
  'generic/tools-age': 'tools-age',
  'generic/tools-cosign': 'tools-cosign',
  'generic/tools-helm': 'tools-helm',
  'generic/tools-jq': 'tools-jq',
  'generic/tools-k9s': 'tools-k9s',
  'generic/tools-kubectl': 'tools-kubectl',
  'generic/tools-kustomize': 'tools-kustomize',
  'generic/tools-sops': 'tools-sops',
  'generic/tools-terraform': 'tools-terraform',
  'generic/tools': 'tools',
  'goproxy/goproxy-internal': 'goproxy-internal',
  'goproxy/go': 'go',
  'goproxy/modules': 'modules',
  'helm/helm-internal': 'helm-internal',
  'helm/helm-argo': 'helm-argo',
  'helm/helm-bitnami': 'helm-bitnami',
  'helm/helm-cert-manager': 'helm-cert-manager',
  'helm/helm-cilium': 'helm-cilium',
  'helm/helm-external-dns': 'helm-external-dns',
  'helm/helm-grafana': 'helm-grafana',
  'helm/helm-ingress-nginx': 'helm-ingress-nginx',
  'helm/helm-istio': 'helm-istio',
  'helm/helm-jetstack': 'helm-jetstack',
  'helm/helm-kyverno': 'helm-kyverno',
  'helm/helm-minio': 'helm-minio',
  'helm/helm-traefik': 'helm-traefik',
  'helm/charts': 'charts',
  'npm/npm-internal': 'npm-internal',
  'npm/npm-partner': 'npm-partner',
  'npm/npmjs': 'npmjs',
  'npm/npm': 'npm',
  'npm/npm-outside': 'npm-outside',
  'puppet/puppet-internal': 'puppet-internal',
  'puppet/forge': 'forge',
  'puppet/puppet': 'puppet',
  'pypi/pypi-internal': 'pypi-internal',
  'pypi/pypi-public': 'pypi-public',
  'pypi/pytorch': 'pytorch',
  'pypi/pypi': 'pypi',
  'rpm/rpm-internal': 'rpm-internal',
  'rpm/el9-appstream': 'el9-appstream',
  'rpm/el9-baseos': 'el9-baseos',
  'rpm/el9-crb': 'el9-crb',
  'rpm/el9-epel': 'el9-epel',
  'rpm/el9': 'el9',
  'terraform/terraform-internal': 'terraform-internal',
  'terraform/terraform-registry': 'terraform-registry',
  'terraform/providers': 'providers',
};

/** Imports what was on the server instead of creating it. */
export function importExisting(stack: TerraformStack): void {
  for (const [path, id] of Object.entries(ids)) {
    let found: IConstruct | undefined = stack;
    for (const name of path.split('/')) found = found?.node.tryFindChild(name);
    if (!(found instanceof TerraformResource)) throw new Error(`imports.ts: no resource is at "${path}"`);
    found.importFrom(id);
  }
}
