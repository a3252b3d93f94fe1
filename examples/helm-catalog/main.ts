import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, DataArtifactapiProbe } from 'repoform/artifactapi';
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

    // An upstream that does not answer stops no deployment; the catalogue lacks its charts. This tells of each.
    const probes = [...catalog.remotes].map(([name, remote]) => {
      const probe = new DataArtifactapiProbe(this, `probe-${name}`, { remote: remote.name, path: 'index.yaml' });
      return [name, probe.reachable] as const;
    });
    new TerraformOutput(this, 'reachable', { value: Object.fromEntries(probes) });
  }
}

const app = new App();
new Catalog(app, 'helm-catalog');
app.synth();
