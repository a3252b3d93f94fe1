import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider } from 'repoform/artifactapi';
import { HelmCatalog, KubesphereProvider } from 'repoform/kubesphere';

const env = process.env;

class Catalog extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi', { endpoint: env.ARTIFACTAPI_ENDPOINT ?? 'http://127.0.0.1:8000' });
    // The deploy reads the login from KUBESPHERE_USERNAME and KUBESPHERE_PASSWORD.
    new KubesphereProvider(this, 'kubesphere', { endpoint: env.KUBESPHERE_ENDPOINT ?? 'http://127.0.0.1:30880' });

    // One list: cached by ArtifactAPI, merged into one index, and shown in the app stores of the workspaces.
    const catalog = new HelmCatalog(this, 'catalog', {
      name: 'charts',
      workspaces: ['payments', 'research'],
      repositories: [
        { name: 'stable', url: env.STABLE_UPSTREAM ?? 'https://charts.example.com/stable' },
        { name: 'notebooks', url: env.NOTEBOOKS_UPSTREAM ?? 'https://charts.example.com/notebooks', workspaces: ['research'] },
      ],
      remote: { mutableTtl: 300 },
      appRepository: { description: 'Charts, through the cache of the platform', waitForSync: true },
    });

    // For helm on a developer's machine: the same charts.
    new TerraformOutput(this, 'repositories_yaml', { value: catalog.virtual.clientConfig() });
  }
}

const app = new App();
new Catalog(app, 'helm-catalog');
app.synth();
