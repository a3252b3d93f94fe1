import { Command } from 'commander';
import { collect } from './provider-install';

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
    .summary('put the provider into a local terraform repository, for terraform init')
    .description(
      'Uploads the provider, packed for each platform, to a local repository of type terraform. "terraform init" then installs it by its address HOST/REPOSITORY/TYPE, without any configuration of the client; Terraform requires https for that. What is there already stays: the same content is fine, other content is an error.',
    )
    .helpOption('-h, --help', 'print this help')
    .requiredOption('--to <url>', 'the repository: https://HOST/NAME, or the url or upload_url of an artifactapi_local_terraform')
    .option(
      '--platform <os_arch>',
      'a platform to publish for, e.g. freebsd_amd64; may be repeated (default: this machine, Linux and macOS on amd64 and arm64)',
      collect,
    )
    .option('--package <package>', 'the provider of another npm package, by its name or folder (default: those of repoform)')
    .option('--namespace <namespace>', 'the folder in the repository (default: the namespace of the source address of the provider)')
    .option('--token <token>', 'a bearer token; better in the variable ARTIFACTAPI_TOKEN, since other users see the command line')
    .addHelpText('after', examples)
    .action(async (options: PublishOptions) => {
      const { publishProviders } = await import('./publish');
      await publishProviders(options, (line) => process.stdout.write(`${line}\n`));
    });
}

const examples = `
Examples:
  repoform provider publish --to https://packages.example.com/providers
  repoform provider publish --to http://127.0.0.1:8000/providers --package ./terraform-provider-acme --platform linux_amd64

The variables of the provider artifactapi count here too, except ARTIFACTAPI_ENDPOINT: ARTIFACTAPI_TOKEN, or ARTIFACTAPI_USERNAME and
ARTIFACTAPI_PASSWORD, ARTIFACTAPI_HEADERS, ARTIFACTAPI_CA_CERT and so on.
`;
