import { Construct } from 'constructs';
import { LocalPuppet, RemotePuppet, Virtual } from 'repoform/artifactapi';

/** Everything in "puppet". */
export class Puppet extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const puppetInternal = new LocalPuppet(this, 'puppet-internal', {
      name: 'puppet-internal',
      description: 'Built by our own pipelines',
    });

    const forge = new RemotePuppet(this, 'forge', {
      name: 'forge',
      baseUrl: 'https://forge.example.com',
      mutableTtl: 3600,
    });

    new Virtual(this, 'puppet', { name: 'puppet', packageType: 'puppet', members: [puppetInternal.name, forge.name] });
  }
}
