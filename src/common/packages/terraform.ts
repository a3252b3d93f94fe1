import { urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';
import { terraformNameProblem } from '../repository-name';

/** Terraform providers and modules. */
export const terraform = {
  name: 'terraform',
  title: 'Terraform provider registry',
  upstream: 'https://terraform.example.com',
  notes: 'Version lists count as changing, download documents as never changing.',
  url: 'A provider of the upstream is found through `network_mirror { url = "URL/" }` in the CLI configuration, where `URL` is `url`; `clientConfig()` and the function `client_config` give that block.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`:\n\n```sh\ncurl --fail --upload-file terraform-provider-example_1.0.0_linux_amd64.zip "$UPLOAD_URL/NAMESPACE/example/terraform-provider-example_1.0.0_linux_amd64.zip"\n```',
  served: ['local'],
  clientNames: (name, kind) => (kind === 'local' ? terraformNameProblem(name) : undefined),
  clients: [
    // Terraform requires https for network mirrors.
    {
      name: 'terraform',
      file: '.terraformrc',
      text: (target) => `provider_installation {\n  network_mirror {\n    url = ${JSON.stringify(`${urlOf(target)}/`)}\n  }\n}\n`,
    },
  ],
  front: {
    className: 'TerraformFront',
    description: [
      'Terraform providers and modules: a public registry and your own providers under one name.',
      'ArtifactAPI accepts uploads of provider archives and serves them as a registry. It merges nothing of this type, so a strict server may not serve the virtual: point clients at `internal` and `remote` by their own names there.',
    ],
    example: { name: 'terraform', privateNames: ['acme/'] },
    // Where names occur in paths.
    names: {
      shape: /^[a-z0-9][\w-]*(?:\/[\w-]*)?$/i,
      examples: '"acme/" or "acme/network"',
      patterns: ({ text, isPrefix }) => {
        const place = '(?:v1/(?:providers|modules)/|(?:[A-Za-z0-9-]+\\.)+[A-Za-z0-9-]+(?::[0-9]+)?/)?';
        return [`^/*${place}${quote(text)}${isPrefix ? '[^/]' : '/'}`];
      },
    },
  },
} satisfies PackageType;
