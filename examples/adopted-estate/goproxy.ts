import { Construct } from 'constructs';
import { LocalGoproxy, RemoteGoproxy, Virtual } from 'repoform/artifactapi';

/** Everything in "goproxy". */
export class Goproxy extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const goproxyInternal = new LocalGoproxy(this, 'goproxy-internal', {
      name: 'goproxy-internal',
      description: 'Built by our own pipelines',
    });

    const go = new RemoteGoproxy(this, 'go', { name: 'go', baseUrl: 'https://go.example.com', mutableTtl: 300 });

    new Virtual(this, 'modules', { name: 'modules', packageType: 'goproxy', members: [goproxyInternal.name, go.name] });
  }
}
