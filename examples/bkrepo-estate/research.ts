import { Construct } from 'constructs';
import { LocalRepository, Project, Role } from 'repoform/bkrepo';

/** The researchers' project: datasets that all users can read. */
export class Research extends Construct {
  readonly datasets: LocalRepository;

  constructor(scope: Construct, id: string, { publisher }: { readonly publisher: string }) {
    super(scope, id);
    const { projectId: project } = new Project(this, 'project', {
      name: 'research',
      displayName: 'Research',
      shareEnabled: false,
      adoptExisting: true,
    });
    this.datasets = new LocalRepository(this, 'datasets', {
      project,
      name: 'datasets',
      type: 'GENERIC',
      settings: { system: true, autoIndex: { enabled: true } },
    });
    // Members of the role administer the project, so they can write there.
    new Role(this, 'stewards', { project, roleId: 'stewards', name: 'Stewards of the data', admin: true, users: [publisher] });
  }
}
