import { type BkContext } from './context';
import { type Project, type Repository } from './model';
import { keyOf, timestamp } from './tables';

const PROJECT = 'blueking';
const TYPES = ['GENERIC', 'MAVEN', 'DOCKER', 'NPM', 'PYPI', 'HELM'];

/** Makes the project `blueking` with its local repositories, as a fresh installation has them. */
export async function seedProject({ bk }: BkContext): Promise<void> {
  const now = timestamp();
  const audit = { createdBy: 'admin', createdDate: now, lastModifiedBy: 'admin', lastModifiedDate: now };
  const project: Project = {
    ...audit,
    name: PROJECT,
    displayName: PROJECT,
    description: PROJECT,
    metadata: [],
    credentialsKey: null,
    tenantId: null,
  };
  await bk.projects.insert({ id: PROJECT }, project);
  for (const type of TYPES) {
    const name = `${type.toLowerCase()}-local`;
    const repository: Repository = {
      ...audit,
      projectId: PROJECT,
      name,
      type,
      category: 'LOCAL',
      public: false,
      description: '',
      configuration: { type: 'local', settings: {}, webHook: { webHookList: [] } },
      storageCredentialsKey: null,
      quota: null,
      used: null,
      display: true,
      displayName: null,
      // As in repositories that are older than the field.
      visibility: null,
      owner: null,
      deleted: null,
    };
    await bk.repositories.insert({ id: keyOf(PROJECT, name), scope: PROJECT }, repository);
  }
}
