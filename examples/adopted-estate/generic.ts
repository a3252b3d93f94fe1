import { Construct } from 'constructs';
import { LocalGeneric, RemoteGeneric, Virtual } from 'repoform/artifactapi';

/** Everything in "generic". */
export class Generic extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const genericInternal = new LocalGeneric(this, 'generic-internal', {
      name: 'generic-internal',
      description: 'Built by our own pipelines',
    });

    const remoteGeneric = (name: string, description: string, baseUrl: string): RemoteGeneric =>
      new RemoteGeneric(this, name, {
        name,
        description,
        baseUrl,
        mutableTtl: 86400,
        patterns: ['^releases/download/'],
      });

    const toolsAge = remoteGeneric('tools-age', 'Releases of age', 'https://github.example.com/age');
    const toolsCosign = remoteGeneric('tools-cosign', 'Releases of cosign', 'https://github.example.com/cosign');
    const toolsHelm = remoteGeneric('tools-helm', 'Releases of helm', 'https://github.example.com/helm');
    remoteGeneric('tools-jq', 'Releases of jq', 'https://github.example.com/jq');
    remoteGeneric('tools-k9s', 'Releases of k9s', 'https://github.example.com/k9s');
    remoteGeneric('tools-kubectl', 'Releases of kubectl', 'https://github.example.com/kubectl');
    remoteGeneric('tools-kustomize', 'Releases of kustomize', 'https://github.example.com/kustomize');
    remoteGeneric('tools-sops', 'Releases of sops', 'https://github.example.com/sops');
    remoteGeneric('tools-terraform', 'Releases of terraform', 'https://github.example.com/terraform');

    new Virtual(this, 'tools', {
      name: 'tools',
      packageType: 'generic',
      members: [genericInternal.name, toolsAge.name, toolsCosign.name, toolsHelm.name],
    });
  }
}
