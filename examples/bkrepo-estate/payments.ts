import { Construct } from 'constructs';
import {
  LocalRepository,
  Permission,
  Project,
  Role,
  RepositoryAccessMode,
  VirtualRepository,
  type RemoteRepository,
} from 'repoform/bkrepo';

/** Properties of the payment teams' project. */
export interface PaymentsProps {
  /** The source of public npm packages. */
  readonly publicNpm: RemoteRepository;
  /** The user who uploads. */
  readonly publisher: string;
}

/** The payment teams' project: their packages, and releases that only the pipelines write, except nightly ones. */
export class Payments extends Construct {
  readonly npm: VirtualRepository;
  readonly releases: LocalRepository;

  constructor(scope: Construct, id: string, { publicNpm, publisher }: PaymentsProps) {
    super(scope, id);
    const { projectId: project } = new Project(this, 'project', { name: 'payments', displayName: 'Payments', adoptExisting: true });

    // One repository name for their own npm packages and the public ones.
    const own = new LocalRepository(this, 'own-npm', { project, name: 'npm-own', type: 'NPM' });
    this.npm = new VirtualRepository(this, 'npm', {
      project,
      name: 'npm',
      type: 'NPM',
      members: [own, publicNpm].map((member) => ({ project: member.project, name: member.name })),
    });

    this.releases = new LocalRepository(this, 'releases', {
      project,
      name: 'releases',
      type: 'GENERIC',
      quota: 20 * 1024 ** 3,
      settings: { cleanupStrategy: { enable: true, cleanupType: 'retentionDays', cleanupValue: '365' } },
    });

    // Only users with a permission on a path have access to files: developers below /nightly, the pipelines everywhere.
    const mode = new RepositoryAccessMode(this, 'by-path', { project, repository: this.releases.name, mode: 'STRICT' });
    const developers = new Role(this, 'developers', { project, roleId: 'developers', name: 'Developers' });
    const onReleases = { project, resourceType: 'NODE', repositories: [this.releases.name], dependsOn: [mode] };
    new Permission(this, 'nightly', {
      ...onReleases,
      name: 'nightly-writers',
      includePattern: ['/nightly'],
      roles: [developers.id],
      actions: ['READ', 'DOWNLOAD', 'WRITE'],
    });
    new Permission(this, 'publish', {
      ...onReleases,
      name: 'publishers',
      includePattern: ['/'],
      users: [publisher],
      actions: ['READ', 'DOWNLOAD', 'WRITE', 'DELETE'],
    });
  }
}
