import { terraformNameProblem } from '../../../common/repository-name';
import type { PackageType } from '../shared';

export const terraform: PackageType = {
  name: 'terraform',
  title: 'Terraform provider registry',
  upstream: 'https://terraform.example.com',
  notes: 'Version lists count as changing, download documents as never changing.',
  url: 'A provider of the upstream is found through `network_mirror { url = "URL/" }` in the CLI configuration, where `URL` is `url`; `clientConfig()` and the function `client_config` give that block.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file terraform-provider-example_1.0.0_linux_amd64.zip "$UPLOAD_URL/NAMESPACE/example/terraform-provider-example_1.0.0_linux_amd64.zip"\n```',
  served: ['local'],
  clientNames: (name, kind) => (kind === 'local' ? terraformNameProblem(name) : undefined),
};
