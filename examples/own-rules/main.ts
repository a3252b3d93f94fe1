import { App, Aspects, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, LocalGeneric, RemoteGeneric, RemoteHelm } from 'repoform/artifactapi';
import { RegistryChecks, suppressRule } from 'repoform/checks';
import { inVirtual, ownerInDescription } from './rules';

class Registry extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi', { endpoint: 'https://artifacts.example.com' });

    new RemoteHelm(this, 'stable', {
      name: 'stable',
      description: 'Owner: platform',
      baseUrl: 'https://charts.example.com',
      blocklist: ['^acme-'],
    });

    const mirror = new RemoteGeneric(this, 'mirror', { name: 'mirror', baseUrl: 'https://files.example.com' });
    suppressRule(mirror, 'open-proxy', 'files.example.com is our own server');

    new LocalGeneric(this, 'files', { name: 'files' });
  }
}

const app = new App();
new Registry(app, 'registry');
Aspects.of(app).add(new RegistryChecks({ rules: [ownerInDescription, inVirtual] }));
app.synth();
