import { Construct } from 'constructs';
import { LocalNpm, RemoteNpm, Virtual } from 'repoform/artifactapi';
import { secret } from './secrets';

/** Everything in "npm". */
export class Npm extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const npmInternal = new LocalNpm(this, 'npm-internal', {
      name: 'npm-internal',
      description: 'Built by our own pipelines',
    });

    const npmPartner = new RemoteNpm(this, 'npm-partner', {
      name: 'npm-partner',
      description: "The partner's packages",
      baseUrl: 'https://partner.example.com/npm',
      username: 'reader',
      mutableTtl: 300,
      passwordWo: secret(this, 'npm_partner_password'),
    });

    const npmjs = new RemoteNpm(this, 'npmjs', {
      name: 'npmjs',
      baseUrl: 'https://npm.example.com',
      mutableTtl: 300,
      blocklist: ['^@acme/'],
    });

    new Virtual(this, 'npm', {
      name: 'npm',
      description: 'What developers use',
      packageType: 'npm',
      members: [npmInternal.name, npmPartner.name, npmjs.name],
    });

    new Virtual(this, 'npm-outside', { name: 'npm-outside', packageType: 'npm', members: [npmjs.name] });
  }
}
