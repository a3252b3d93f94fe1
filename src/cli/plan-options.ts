import { Option } from 'commander';

/** Gathers the values of an option that may be repeated. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Options of the commands that read stacks and plans. */
export const coreBinary = new Option(
  '--core-binary <path>',
  'Terraform or OpenTofu (default: TERRAFORM_BINARY_NAME, else terraform, else tofu)',
);
export const ownProvider = new Option(
  '--provider <module>',
  'definitions of a provider of your own: a module, a folder or an installed package; may be repeated',
).argParser(collect);
export const commandTimeout = new Option('--timeout <duration>', 'limit for each command that is run, e.g. 90s or 1h').default('30m');
