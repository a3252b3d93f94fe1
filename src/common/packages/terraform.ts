import { hostOf, type Target, urlOf } from '../client-format';
import type { PackageType } from '../package-type';
import { quote } from '../private-names';
import { terraformNameProblem } from '../repository-name';

/** The registry that addresses without a host are of. */
const PUBLIC = 'registry.terraform.io';

/** Leads a host to a repository: its own, which Terraform finds by itself over https, or that of the upstream. */
function hostBlock(target: Target): string {
  const isLocal = target.kind === 'local';
  const base = isLocal ? `${target.endpoint.replace(/\/+$/, '')}/terraform` : urlOf(target);
  const service = (name: string): string => JSON.stringify(`${base}/v1/${name}/`);
  const services = `    "providers.v1" = ${service('providers')}\n    "modules.v1"   = ${service('modules')}\n`;
  return `host ${JSON.stringify(isLocal ? hostOf(target) : PUBLIC)} {\n  services = {\n${services}  }\n}\n`;
}

/** Terraform providers and modules. */
export const terraform = {
  name: 'terraform',
  title: 'Terraform provider registry',
  upstream: 'https://terraform.example.com',
  notes: 'Version lists count as changing, download documents as never changing.',
  paths: { changing: ['v1/providers/acme/cloud/versions'], fixed: ['v1/providers/acme/cloud/1.2.3/download/linux/amd64'] },
  url: 'Terraform uses a remote once its CLI configuration redirects the upstream\'s host to it; `clientConfig()` and the function `client_config` return the `host` block for `registry.terraform.io`, so replace that name for another upstream. For an upstream that is a network mirror, configure `network_mirror { url = "URL/" }`, where `URL` is `url` and uses https. From a local repository, Terraform installs a provider by the source address `HOST/NAME/TYPE` over https, without configuration; `clientConfig()` returns a `host` block for trying it without TLS.',
  publishing:
    'With `UPLOAD_URL` set to `upload_url`, publish the providers of repoform with the first command (with `--package` that of your own package), and upload any other provider with the second:\n\n```sh\nnpx repoform provider publish --to "$UPLOAD_URL"\ncurl --fail-with-body --upload-file terraform-provider-example_1.0.0_linux_amd64.zip "$UPLOAD_URL/NAMESPACE/example/terraform-provider-example_1.0.0_linux_amd64.zip"\n```\n\nThe embedded registry also serves modules, as `source = "HOST/NAME/vpc/aws"`, which a real ArtifactAPI is not known to do:\n\n```sh\ntar czf vpc.tar.gz -C vpc .\ncurl --fail-with-body --upload-file vpc.tar.gz "$UPLOAD_URL/modules/vpc/aws/1.0.0.tar.gz"\n```',
  served: ['local'],
  clientNames: (name, kind) => (kind === 'local' ? terraformNameProblem(name) : undefined),
  clients: [{ name: 'terraform', file: '.terraformrc', text: hostBlock }],
  front: {
    className: 'TerraformFront',
    description: [
      'Terraform providers and modules: a public registry and your own providers under one name.',
      'ArtifactAPI accepts uploads of provider archives and serves them as a registry. The embedded registry serves both through the virtual, your own namespaces first. A strict server may not serve the virtual: point clients at `internal` and `remote` by their own names there.',
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
