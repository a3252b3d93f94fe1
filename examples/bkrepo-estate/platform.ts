import { Construct } from 'constructs';
import { CompositeRepository, Permission, Project, RemoteRepository } from 'repoform/bkrepo';

/** Credentials for an upstream; the password is a reference to a secret variable. */
export interface Credentials {
  readonly username: string;
  readonly passwordWo: string;
}

/** Properties of the platform's project. */
export interface PlatformProps {
  readonly npm: Credentials;
  readonly partner: Credentials;
  /** Users who may read the caches. */
  readonly readers: string[];
}

/** The project that all teams share: caching proxies of public and private upstreams. */
export class Platform extends Construct {
  readonly npm: RemoteRepository;
  readonly maven: CompositeRepository;

  constructor(scope: Construct, id: string, { npm, partner, readers }: PlatformProps) {
    super(scope, id);
    const { projectId: project } = new Project(this, 'project', {
      name: 'platform',
      displayName: 'Platform',
      // A destroy leaves the project on the server; the next deploy adopts it.
      adoptExisting: true,
      metadata: { deptName: 'platform' },
    });

    this.npm = new RemoteRepository(this, 'npm', {
      project,
      name: 'npm-proxy',
      type: 'NPM',
      upstreamUrl: process.env.NPM_UPSTREAM ?? 'https://npm.example.com',
      ...npm,
      cacheExpiration: 24 * 60,
    });
    const pypi = new RemoteRepository(this, 'pypi', {
      project,
      name: 'pypi-proxy',
      type: 'PYPI',
      upstreamUrl: process.env.PYPI_UPSTREAM ?? 'https://pypi.example.com',
    });

    // Our own packages and two upstreams behind them; the partner's requires a password.
    this.maven = new CompositeRepository(this, 'maven', {
      project,
      name: 'maven',
      type: 'MAVEN',
      channels: [
        { name: 'central', url: process.env.MAVEN_UPSTREAM ?? 'https://maven.example.com/maven2' },
        { name: 'partner', url: 'https://partner.example.com/maven', public: false, username: partner.username },
      ],
      channelPasswordsWo: { partner: partner.passwordWo },
      settings: { snapshotBehavior: 0, maxUniqueSnapshots: 5 },
    });

    new Permission(this, 'readers', {
      project,
      resourceType: 'REPO',
      name: 'cache-readers',
      repositories: [this.npm.name, pypi.name, this.maven.name],
      users: readers,
      actions: ['READ', 'DOWNLOAD'],
    });
  }
}
