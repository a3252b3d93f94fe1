import { Construct } from 'constructs';
import { LocalAlpine, RemoteAlpine, Virtual } from 'repoform/artifactapi';

/** Everything in "alpine". */
export class Alpine extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const alpineInternal = new LocalAlpine(this, 'alpine-internal', {
      name: 'alpine-internal',
      description: 'Built by our own pipelines',
    });

    const alpineCommunity = new RemoteAlpine(this, 'alpine-community', {
      name: 'alpine-community',
      baseUrl: 'https://alpine.example.com/community',
      mutableTtl: 900,
    });

    const alpineMain = new RemoteAlpine(this, 'alpine-main', {
      name: 'alpine-main',
      baseUrl: 'https://alpine.example.com/main',
      mutableTtl: 900,
    });

    new Virtual(this, 'alpine', {
      name: 'alpine',
      packageType: 'alpine',
      members: [alpineInternal.name, alpineMain.name, alpineCommunity.name],
    });
  }
}
