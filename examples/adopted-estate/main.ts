import { App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider } from 'repoform/artifactapi';
import { importExisting } from './imports';
import { Alpine } from './alpine';
import { Docker } from './docker';
import { Generic } from './generic';
import { Goproxy } from './goproxy';
import { Helm } from './helm';
import { Npm } from './npm';
import { Puppet } from './puppet';
import { Pypi } from './pypi';
import { Rpm } from './rpm';
import { Terraform } from './terraform';

class Registry extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Credentials come from the environment.
    new ArtifactapiProvider(this, 'artifactapi', {
      endpoint: process.env.ARTIFACTAPI_ENDPOINT ?? 'http://127.0.0.1:8000',
    });

    new Alpine(this, 'alpine');
    new Docker(this, 'docker');
    new Generic(this, 'generic');
    new Goproxy(this, 'goproxy');
    new Helm(this, 'helm');
    new Npm(this, 'npm');
    new Puppet(this, 'puppet');
    new Pypi(this, 'pypi');
    new Rpm(this, 'rpm');
    new Terraform(this, 'terraform');

    importExisting(this);
  }
}

const app = new App();
new Registry(app, 'registry');
app.synth();
