import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiFunctions, ArtifactapiProvider, NpmFront, PypiFront } from 'repoform/artifactapi';

const env = process.env;
const endpoint = env.ARTIFACTAPI_ENDPOINT ?? 'http://127.0.0.1:8000';

class Solutions extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi', { endpoint });

    // Public packages and your own under one name; your names are never fetched from the upstream.
    const npm = new NpmFront(this, 'npm', {
      name: 'npm',
      upstream: env.NPM_UPSTREAM ?? 'https://npm.example.com',
      privateNames: ['@acme/', 'acme-'],
      remote: { mutableTtl: 300 },
    });
    const python = new PypiFront(this, 'python', {
      name: 'python',
      upstream: env.PYPI_UPSTREAM ?? 'https://pypi.example.com',
      privateNames: ['acme-'],
    });

    // The contents of the clients' files: .npmrc and pip.conf.
    new TerraformOutput(this, 'npmrc', { value: npm.clientConfig() });
    new TerraformOutput(this, 'pip_conf', { value: python.clientConfig() });

    // The provider's functions accept values that only Terraform knows. They need Terraform 1.8 or OpenTofu 1.7.
    new TerraformOutput(this, 'internal_url', { value: ArtifactapiFunctions.repositoryUrl(endpoint, 'local', npm.internal.name) });
    new TerraformOutput(this, 'is_blocked', { value: ArtifactapiFunctions.matchPath(npm.remote.blocklist, 'acme-core') });
  }
}

const app = new App();
new Solutions(app, 'solutions');
app.synth();
