import { Command } from 'commander';

interface Options {
  readonly dir: string;
  readonly platform?: string[];
  readonly package?: string;
}

/** `repoform provider install`: installs the provider into a filesystem mirror for plain HCL. */
export function providerInstallCommand(): Command {
  return new Command('install')
    .summary('install the provider into a folder (filesystem mirror) for plain HCL')
    .description(
      'Copies the provider into a filesystem mirror, a folder that Terraform and OpenTofu install from, and prints what to add to their CLI configuration and to yours.',
    )
    .helpOption('-h, --help', 'print this help')
    .requiredOption('--dir <dir>', 'the folder; created if missing; other providers in it are not touched')
    .option(
      '--platform <os_arch>',
      'a platform to install for, e.g. darwin_arm64; may be repeated (default: this machine, linux_amd64, linux_arm64)',
      collect,
    )
    .option('--package <package>', 'the provider of another npm package, by its name or folder (default: those of repoform)')
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { installProviders } = await import('./mirror');
      process.stdout.write(installProviders({ dir: options.dir, platforms: options.platform, from: options.package }));
    });
}

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, previous: string[] = []): string[] => [...previous, value];

const examples = `
Examples:
  repoform provider install --dir ./mirror
  repoform provider install --dir ./mirror --platform darwin_arm64 --platform linux_amd64
`;
