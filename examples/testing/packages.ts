import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, NpmFront } from 'repoform/artifactapi';

/** The npm packages of Acme: its own, and an upstream that cannot answer for their names. */
export class Packages extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi', { endpoint: 'https://artifacts.example.com' });
    new NpmFront(this, 'npm', { name: 'npm', upstream: 'https://npm.example.com', privateNames: ['@acme/'] });
  }
}
