import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, LocalGeneric, RemoteGeneric, RemoteHelm, RemoteNpm, Virtual } from 'repoform/artifactapi';

const env = process.env;

class Quickstart extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new ArtifactapiProvider(this, 'artifactapi', { endpoint: env.ARTIFACTAPI_ENDPOINT ?? 'http://127.0.0.1:8000' });

    // Downloads, cached forever once fetched, and only from the paths that the patterns allow.
    const downloads = new RemoteGeneric(this, 'downloads', {
      name: 'downloads',
      description: 'Release downloads',
      baseUrl: env.GENERIC_UPSTREAM ?? 'https://github.com',
      patterns: ['/releases/download/'],
    });

    // npm packages: metadata is revalidated after five minutes, tarballs never.
    const npm = new RemoteNpm(this, 'npm', {
      name: 'npm',
      baseUrl: env.NPM_UPSTREAM ?? 'https://npm.example.com',
      mutableTtl: 300,
    });

    // Two chart repositories, merged under one name with one index.
    const platform = new RemoteHelm(this, 'platform-charts', {
      name: 'platform-charts',
      baseUrl: env.HELM_UPSTREAM_1 ?? 'https://charts.jetstack.io',
      mutableTtl: 3600,
    });
    const apps = new RemoteHelm(this, 'app-charts', {
      name: 'app-charts',
      baseUrl: env.HELM_UPSTREAM_2 ?? 'https://prometheus-community.github.io/helm-charts',
      mutableTtl: 3600,
    });
    const charts = new Virtual(this, 'charts', { name: 'charts', packageType: 'helm', members: [platform.name, apps.name] });

    // A place for files of your own.
    const files = new LocalGeneric(this, 'files', { name: 'files', description: 'Our own files' });

    for (const [name, { url }] of Object.entries({ downloads, npm, charts, files }))
      new TerraformOutput(this, `${name}_url`, { value: url });
  }
}

const app = new App();
new Quickstart(app, env.QUICKSTART_STACK ?? 'quickstart');
app.synth();
