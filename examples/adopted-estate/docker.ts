import { Construct } from 'constructs';
import { LocalDocker, RemoteDocker, Virtual } from 'repoform/artifactapi';
import { secret } from './secrets';

/** Everything in "docker". */
export class Docker extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const dockerInternal = new LocalDocker(this, 'docker-internal', {
      name: 'docker-internal',
      description: 'Built by our own pipelines',
    });

    const dockerHub = new RemoteDocker(this, 'docker-hub', {
      name: 'docker-hub',
      baseUrl: 'https://docker.example.com',
      username: 'ci',
      mutableTtl: 600,
      banTagsEnabled: true,
      banTags: ['^latest$'],
      passwordWo: secret(this, 'docker_hub_password'),
    });

    const remoteDocker = (name: string, baseUrl: string): RemoteDocker =>
      new RemoteDocker(this, name, { name, baseUrl, mutableTtl: 600 });

    remoteDocker('gcr', 'https://gcr.example.com');
    remoteDocker('ghcr', 'https://ghcr.example.com');
    const quay = remoteDocker('quay', 'https://quay.example.com');
    remoteDocker('registry-k8s', 'https://registry-k8s.example.com');

    new Virtual(this, 'images', {
      name: 'images',
      packageType: 'docker',
      members: [dockerInternal.name, dockerHub.name, quay.name],
    });
  }
}
