import { TeamDownloads, TeamNpm } from '@example/packages';
import { App, TerraformOutput, TerraformStack } from 'cdktf';
import { ArtifactapiProvider } from 'repoform/artifactapi';

const app = new App();
const stack = new TerraformStack(app, 'payments');
new ArtifactapiProvider(stack, 'artifactapi', { endpoint: process.env['ARTIFACTAPI_ENDPOINT'] ?? 'http://127.0.0.1:8000' });
const npm = new TeamNpm(stack, 'npm', { team: 'payments', upstream: 'https://npm.example.com' });
new TeamDownloads(stack, 'downloads', { team: 'payments', upstream: 'https://downloads.example.com', paths: ['/releases/'] });
new TerraformOutput(stack, 'npmrc', { value: npm.front.clientConfig() });
app.synth();
