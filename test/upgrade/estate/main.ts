import { App, LocalBackend, TerraformStack } from 'cdktf';
import {
  ArtifactapiProvider,
  DataArtifactapiRemotes,
  LocalFile,
  LocalGeneric,
  LocalHelm,
  NpmFront,
  PypiFront,
  RemoteAlpine,
  RemoteDocker,
  RemoteGeneric,
  RemoteGoproxy,
  RemoteHelm,
  RemotePuppet,
  RemoteRpm,
  RemoteTerraform,
  Virtual,
} from 'repoform/artifactapi';
import {
  BkrepoProvider,
  CompositeRepository,
  GenericFile,
  LocalRepository,
  NodeMetadata,
  Permission,
  Project,
  RemoteRepository,
  RepositoryAccessMode,
  Role,
  secretVariable,
  User,
  UserToken,
  VirtualRepository,
} from 'repoform/bkrepo';
import { AppRepository, KubesphereProvider } from 'repoform/kubesphere';

// What upgrade tests deploy with one release and plan with the next: nearly every type, with and without optional attributes.
const app = new App();
const stack = new TerraformStack(app, 'estate');
new LocalBackend(stack, { path: 'terraform.tfstate' });
new ArtifactapiProvider(stack, 'artifactapi', { endpoint: process.env.ARTIFACTAPI_ENDPOINT ?? '' });
new BkrepoProvider(stack, 'bkrepo', { endpoint: process.env.BKREPO_ENDPOINT ?? '' });
new KubesphereProvider(stack, 'kubesphere', { endpoint: process.env.KUBESPHERE_ENDPOINT ?? '' });
const password = secretVariable(stack, 'estate_password').stringValue;
const baseUrl = 'https://upstream.example.com';

new NpmFront(stack, 'npm', { name: 'npm', upstream: baseUrl, privateNames: ['@acme/'], remote: { mutableTtl: 300 } });
new PypiFront(stack, 'pypi', { name: 'pypi', upstream: baseUrl });
new RemoteDocker(stack, 'images', {
  name: 'images',
  baseUrl,
  banTagsEnabled: true,
  banTags: ['latest'],
  username: 'ci',
  passwordWo: password,
});
const rest = [RemoteAlpine, RemoteGeneric, RemoteGoproxy, RemotePuppet, RemoteRpm, RemoteTerraform];
const remotes = rest.map(
  (Remote) => new Remote(stack, Remote.name, { name: Remote.name.toLowerCase(), baseUrl, description: Remote.name }),
);
const charts = new RemoteHelm(stack, 'charts', {
  name: 'charts',
  baseUrl,
  patterns: ['\\.tgz$'],
  timeouts: { create: '2m' },
});
const ownCharts = new LocalHelm(stack, 'own-charts', { name: 'own-charts', forceDestroy: true });
new Virtual(stack, 'all-charts', { name: 'all-charts', packageType: 'helm', members: [ownCharts.name, charts.name] });
const files = new LocalGeneric(stack, 'files', { name: 'files', description: 'Files' });
new LocalFile(stack, 'motd', { repository: files.name, path: 'etc/motd', content: 'hello\n' });
new DataArtifactapiRemotes(stack, 'remotes', { dependsOn: remotes });

const { projectId: project } = new Project(stack, 'project', {
  name: 'payments',
  displayName: 'Payments',
  description: 'Of the payment teams',
});
const releases = new LocalRepository(stack, 'releases', { project, name: 'releases', type: 'GENERIC', forceDestroy: true });
const local = new LocalRepository(stack, 'local', { project, name: 'local', type: 'NPM', quota: 10_737_418_240 });
const remote = new RemoteRepository(stack, 'remote', {
  project,
  name: 'remote',
  type: 'NPM',
  upstreamUrl: baseUrl,
  username: 'ci',
  passwordWo: password,
});
new VirtualRepository(stack, 'virtual', {
  project,
  name: 'virtual',
  type: 'NPM',
  members: [local, remote].map((one) => ({ project: one.project, name: one.name })),
});
new CompositeRepository(stack, 'maven', { project, name: 'maven', type: 'MAVEN', channels: [{ name: 'central', url: baseUrl }] });
const file = new GenericFile(stack, 'file', {
  project: releases.project,
  repository: releases.name,
  path: 'docs/hello.txt',
  content: 'hello',
});
new NodeMetadata(stack, 'stage', { project, repository: releases.name, path: file.path, metadata: { stage: 'released', build: '12' } });
new RepositoryAccessMode(stack, 'strict', { project, repository: releases.name, mode: 'STRICT' });
const user = new User(stack, 'user', { userId: 'builder', name: 'Builder', passwordWo: password });
new UserToken(stack, 'token', { user: user.userId, name: 'ci', expiresAt: '2090-01-31T12:00:00Z', storeSecretInState: true });
const role = new Role(stack, 'role', { project, roleId: 'readers', name: 'Readers', users: [user.userId] });
new Permission(stack, 'permission', {
  project,
  resourceType: 'REPO',
  name: 'readers',
  repositories: [releases.name],
  roles: [role.id],
  actions: ['READ', 'DOWNLOAD'],
});

new AppRepository(stack, 'app-repository', {
  name: 'charts',
  workspace: 'payments',
  // The server reads the index on creation; its address then is the one that it keeps.
  url: process.env.CHARTS_URL ?? '',
  description: 'Charts',
  syncPeriod: '24h',
  dependsOn: [ownCharts],
});
app.synth();
