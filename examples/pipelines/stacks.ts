import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, LocalGeneric, PypiFront, RemoteHelm, RemoteNpm, secretVariable } from 'repoform/artifactapi';

/** Packages for developers. */
export class Packages extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The pipeline says which server it is, and who is asking: ARTIFACTAPI_ENDPOINT and ARTIFACTAPI_TOKEN.
    new ArtifactapiProvider(this, 'artifactapi');
    new PypiFront(this, 'python', { name: 'python', upstream: 'https://pypi.example.com', privateNames: ['acme-'] });
    new RemoteNpm(this, 'partner', {
      name: 'partner',
      baseUrl: 'https://npm.partner.example.com',
      patterns: ['^@partner/'],
      username: 'acme',
      // Only an apply needs the password. It is sent when the version rises, so a plan works without it.
      passwordWo: secretVariable(this, 'partner_password').stringValue,
      passwordWoVersion: 1,
    });
  }
}

/** Charts and files for clusters. */
export class Clusters extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi');
    new RemoteHelm(this, 'charts', { name: 'charts', baseUrl: 'https://charts.example.com', patterns: ['^cert-manager-'] });
    new LocalGeneric(this, 'images', { name: 'machine-images' });
  }
}
