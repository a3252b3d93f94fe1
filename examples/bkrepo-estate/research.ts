import { Construct } from 'constructs';
import { LocalRepository, Project, Role } from 'repoform/bkrepo';

/** The project of the researchers: datasets that everybody in the house may read. */
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
    // Its members administer the project, and so write there.
    new Role(this, 'stewards', { project, roleId: 'stewards', name: 'Stewards of the data', admin: true, users: [publisher] });
  }
}
