import { Command } from 'commander';
import { providerNames } from '../../resources/names';

/** `repoform run`: runs an action of a provider without Terraform. Its options are those of the action, which is known only when it is named. */
export function runCommand(): Command {
  return new Command('run')
    .summary('run an action of a provider, such as evicting cached objects, without Terraform')
    .usage('<backend> <action> [options]')
    .helpOption(false)
    .allowUnknownOption()
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { runAction } = await import('./action');
      process.exitCode = await runAction(words, help);
    });
}

const help = `Usage: repoform run <backend> <action> [options]

Runs an action of a provider: what "terraform apply -invoke" does, for OpenTofu and for versions of Terraform before 1.14. Credentials and
other settings come from the environment, as for the provider, e.g. BKREPO_USERNAME.

Arguments:
  backend  ${providerNames.join(', ')}, or a provider of your own: its module (./src/provider.ts), the folder of its package,
           or an installed package
  action   an action of the provider, e.g. evict-objects; "repoform run <backend> --help" lists them

Examples:
  repoform run artifactapi --help
  repoform run artifactapi evict-objects --help
  repoform run artifactapi evict-objects --endpoint https://artifacts.example.com --remote npm --pattern '^left-pad'
  repoform run bkrepo clean-nodes --project payments --repository builds --unused-days 90 --force

Exit codes: 0 it succeeded, 1 it failed, 2 wrong usage or a value that is not allowed, 130 it was interrupted.
`;
