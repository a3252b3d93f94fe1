import { Construct } from 'constructs';
import { LocalHelm, RemoteHelm, Virtual } from 'repoform/artifactapi';

/** Everything in "helm". */
export class Helm extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const helmInternal = new LocalHelm(this, 'helm-internal', {
      name: 'helm-internal',
      description: 'Built by our own pipelines',
    });

    const remoteHelm = (name: string, baseUrl: string): RemoteHelm =>
      new RemoteHelm(this, name, { name, baseUrl, mutableTtl: 3600 });

    const helmArgo = remoteHelm('helm-argo', 'https://charts.example.com/argo');
    const helmBitnami = remoteHelm('helm-bitnami', 'https://charts.example.com/bitnami');
    const helmCertManager = remoteHelm('helm-cert-manager', 'https://charts.example.com/cert-manager');
    const helmCilium = remoteHelm('helm-cilium', 'https://charts.example.com/cilium');
    const helmExternalDns = remoteHelm('helm-external-dns', 'https://charts.example.com/external-dns');
    const helmGrafana = remoteHelm('helm-grafana', 'https://charts.example.com/grafana');
    remoteHelm('helm-ingress-nginx', 'https://charts.example.com/ingress-nginx');
    remoteHelm('helm-istio', 'https://charts.example.com/istio');
    remoteHelm('helm-jetstack', 'https://charts.example.com/jetstack');
    remoteHelm('helm-kyverno', 'https://charts.example.com/kyverno');
    remoteHelm('helm-minio', 'https://charts.example.com/minio');
    remoteHelm('helm-traefik', 'https://charts.example.com/traefik');

    new Virtual(this, 'charts', {
      name: 'charts',
      packageType: 'helm',
      members: [
        helmInternal.name,
        helmArgo.name,
        helmBitnami.name,
        helmCertManager.name,
        helmCilium.name,
        helmExternalDns.name,
        helmGrafana.name,
      ],
    });
  }
}
