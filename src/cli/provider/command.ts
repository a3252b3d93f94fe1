import { Command } from 'commander';
import { providerBuildCommand } from './build';
import { providerInstallCommand } from './install';
import { providerNewCommand } from './new';
import { providerPublishCommand } from './publish';

/** `repoform provider`: the Terraform provider, run for a debugger or installed. */
export function providerCommand(): Command {
  return new Command('provider')
    .summary('install or publish the Terraform provider for plain HCL, run it under a debugger, or build one of your own')
    .description(
      'The Terraform provider in this package. CDK for Terraform stacks install it automatically; for plain HCL, install it once.',
    )
    .helpOption('-h, --help', 'print this help')
    .option('--debug', 'run the provider and print TF_REATTACH_PROVIDERS, which makes Terraform use this process')
    .addHelpText('after', examples)
    .addCommand(providerInstallCommand())
    .addCommand(providerPublishCommand())
    .addCommand(providerNewCommand())
    .addCommand(providerBuildCommand())
    .action(async ({ debug }: { debug?: boolean }, command: Command) => {
      if (!debug) command.help({ error: true });
      const { debugProviders } = await import('./debug');
      await debugProviders();
    });
}

const examples = `
Examples:
  repoform provider install --dir ./mirror
  repoform provider publish --to https://packages.example.com/providers
  repoform provider new acme
  node --inspect node_modules/.bin/repoform provider --debug      then attach your debugger
`;
