import { terraformNameProblem } from '../../../common/repository-name';
import type { PackageType } from '../shared';

export const terraform: PackageType = {
  name: 'terraform',
  title: 'Terraform provider registry',
  upstream: 'https://terraform.example.com',
  notes: 'Version lists count as changing, download documents as never changing.',
  clientNames: (name, kind) => (kind === 'local' ? terraformNameProblem(name) : undefined),
};
