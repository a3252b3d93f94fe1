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

/** What the project of the payment teams is told. */
export interface PaymentsProps {
  /** Where public npm packages come from. */
  readonly publicNpm: RemoteRepository;
  /** The user who uploads. */
  readonly publisher: string;
}

/** The project of the payment teams: their packages, and releases whose stable ones only the pipelines write. */
export class Payments extends Construct {
  readonly npm: VirtualRepository;
  readonly releases: LocalRepository;

  constructor(scope: Construct, id: string, { publicNpm, publisher }: PaymentsProps) {
    super(scope, id);
    const { projectId: project } = new Project(this, 'project', { name: 'payments', displayName: 'Payments', adoptExisting: true });

    // One name for their own npm packages and the public ones.
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

    // Only who has a permission on a path gets at files: developers below /nightly, the pipelines everywhere.
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
