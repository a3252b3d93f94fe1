import { Construct } from 'constructs';
import { LocalTerraform, RemoteTerraform, Virtual } from 'repoform/artifactapi';

/** Everything in "terraform". */
export class Terraform extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const terraformInternal = new LocalTerraform(this, 'terraform-internal', {
      name: 'terraform-internal',
      description: 'Built by our own pipelines',
    });

    const terraformRegistry = new RemoteTerraform(this, 'terraform-registry', {
      name: 'terraform-registry',
      baseUrl: 'https://terraform.example.com',
      mutableTtl: 300,
    });

    new Virtual(this, 'providers', {
      name: 'providers',
      packageType: 'terraform',
      members: [terraformInternal.name, terraformRegistry.name],
    });
  }
}
