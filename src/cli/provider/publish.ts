import { Command } from 'commander';
import { collect } from './install';

/** The options of `repoform provider publish`. */
export interface PublishOptions {
  readonly to: string;
  readonly platform?: string[];
  readonly package?: string;
  readonly namespace?: string;
  readonly token?: string;
}

/** `repoform provider publish`: puts providers into a local terraform repository, which Terraform installs them from. */
export function providerPublishCommand(): Command {
  return new Command('publish')
    .summary('publish the provider to a local Terraform repository, for terraform init')
    .description(
      'Uploads the provider, packed for each platform, to a local repository of type terraform. "terraform init" then installs it by its address HOST/REPOSITORY/TYPE, without client configuration; Terraform requires https for that. Files that already exist are never replaced: the same content is skipped, different content is an error.',
    )
    .helpOption('-h, --help', 'print this help')
    .requiredOption('--to <url>', 'repository: https://HOST/NAME, or the url or upload_url of an artifactapi_local_terraform')
    .option(
      '--platform <os_arch>',
      'platform to publish for, e.g. freebsd_amd64; may be repeated (default: this machine, Linux and macOS on amd64 and arm64)',
      collect,
    )
    .option('--package <package>', 'name or folder of another npm package with a provider (default: the providers of repoform)')
    .option('--namespace <namespace>', "folder in the repository (default: the namespace of the provider's source address)")
    .option('--token <token>', 'bearer token; prefer the variable ARTIFACTAPI_TOKEN, since other users can see the command line')
    .addHelpText('after', examples)
    .action(async (options: PublishOptions) => {
      const { publishProviders } = await import('./publication');
      await publishProviders(options, (line) => process.stdout.write(`${line}\n`));
    });
}

const examples = `
Examples:
  repoform provider publish --to https://packages.example.com/providers
  repoform provider publish --to http://127.0.0.1:8000/providers --package ./terraform-provider-acme --platform linux_amd64

Reads the environment variables of the provider artifactapi, except ARTIFACTAPI_ENDPOINT: ARTIFACTAPI_TOKEN, or ARTIFACTAPI_USERNAME and
ARTIFACTAPI_PASSWORD, ARTIFACTAPI_HEADERS, ARTIFACTAPI_CA_CERT etc.
`;
