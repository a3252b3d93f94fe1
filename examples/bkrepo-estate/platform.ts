import { Construct } from 'constructs';
import { CompositeRepository, Permission, Project, RemoteRepository } from 'repoform/bkrepo';

/** Who asks at an upstream; the password is a reference to a secret variable. */
export interface Credentials {
  readonly username: string;
  readonly passwordWo: string;
}

/** What the platform's project is told. */
export interface PlatformProps {
  readonly npm: Credentials;
  readonly partner: Credentials;
  /** Users who read what is cached. */
  readonly readers: string[];
}

/** The project for what all teams use: caching proxies of public and private upstreams. */
export class Platform extends Construct {
  readonly npm: RemoteRepository;
  readonly maven: CompositeRepository;

  constructor(scope: Construct, id: string, { npm, partner, readers }: PlatformProps) {
    super(scope, id);
    const { projectId: project } = new Project(this, 'project', {
      name: 'platform',
      displayName: 'Platform',
      // A destroy has to leave the project on the server; the next deploy takes it up again.
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

    // Packages of our own, and two upstreams behind them; the partner's wants a password.
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
