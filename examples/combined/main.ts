import { App, TerraformOutput, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactapiProvider, RemoteGeneric } from 'repoform/artifactapi';
import { BkrepoProvider, LocalRepository, Permission, Project, RepositoryAccessMode, secretVariable, User } from 'repoform/bkrepo';

const env = process.env;

/** BK-Repo stores releases; ArtifactAPI caches and serves them without authentication. */
class Combined extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new BkrepoProvider(this, 'bkrepo', { endpoint: env.BKREPO_ENDPOINT ?? 'http://127.0.0.1:8080' });
    new ArtifactapiProvider(this, 'artifactapi', { endpoint: env.ARTIFACTAPI_ENDPOINT ?? 'http://127.0.0.1:8000' });

    const { projectId: project } = new Project(this, 'project', { name: 'products', displayName: 'Products', adoptExisting: true });
    const releases = new LocalRepository(this, 'releases', { project, name: 'releases', type: 'GENERIC', forceDestroy: true });

    // The cache logs in as a user who may only download stable releases. Path permissions take effect in the access mode STRICT.
    const password = secretVariable(this, 'cache_password', { description: 'Password of the user release-cache' });
    const cache = new User(this, 'cache', { userId: 'release-cache', name: 'Cache of releases', passwordWo: password.stringValue });
    const mode = new RepositoryAccessMode(this, 'by-path', { project, repository: releases.name, mode: 'STRICT' });
    new Permission(this, 'download', {
      project,
      resourceType: 'NODE',
      name: 'release-downloads',
      repositories: [releases.name],
      includePattern: ['/stable'],
      users: [cache.userId],
      actions: ['READ', 'DOWNLOAD'],
      dependsOn: [mode],
    });

    // Base URL, user and password are those of the other server's objects.
    const front = new RemoteGeneric(this, 'front', {
      name: 'releases',
      baseUrl: releases.url,
      username: cache.userId,
      passwordWo: password.stringValue,
      patterns: ['^/*stable/'],
    });

    new TerraformOutput(this, 'upload_url', { value: releases.url });
    new TerraformOutput(this, 'download_url', { value: front.url });
  }
}

const app = new App();
new Combined(app, 'combined');
app.synth();
