import { Command, InvalidArgumentError, Option } from 'commander';
import { collect, commandTimeout, coreBinary, ownProvider } from '../plan-options';

/** The options of `repoform check`. */
export interface CheckOptions {
  readonly dir?: string;
  readonly format: 'text' | 'json' | 'sarif' | 'gitlab';
  readonly out?: string;
  readonly failOn: 'error' | 'warning' | 'note' | 'never';
  readonly except?: readonly string[];
  readonly rules?: readonly string[];
  readonly suppressions?: string;
  readonly endpoint?: readonly string[];
  readonly showSuppressed?: boolean;
  readonly max: number;
  readonly synth: boolean;
  readonly coreBinary?: string;
  readonly provider?: readonly string[];
  readonly timeout: string;
  readonly listRules?: boolean;
}

/** `repoform check`: runs the rules. */
export function checkCommand(): Command {
  return new Command('check')
    .summary('find what is unsafe or cannot work in synthesized stacks or a plan')
    .description(
      'Checks what an app or a plan declares: dependency confusion, open proxies, literal secrets, TLS that is off, permissions that open more than they say, and more. It reads a CDK app (which it synthesizes), a folder of synthesized stacks, a saved plan of Terraform or OpenTofu, a plan in JSON, or a folder with HCL (which it plans).',
    )
    .helpOption('-h, --help', 'print this help')
    .argument(
      '[target]',
      'a stack of the app, a folder of synthesized stacks, a saved plan, a plan in JSON (- for the standard input), or a folder (default: every stack of the app)',
    )
    .option('--dir <folder>', 'folder of the app or configuration; for a saved plan, where it was made (default: the current one)')
    .addOption(
      new Option('--format <format>', 'format of the report; gitlab is its Code Quality')
        .choices(['text', 'json', 'sarif', 'gitlab'])
        .default('text'),
    )
    .option('--out <file>', 'write the report to a file, and print it as text too')
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity with which the command fails')
        .choices(['error', 'warning', 'note', 'never'])
        .default('error'),
    )
    .option('--endpoint <url>', 'also check against the live server; for several providers write <provider>=<url> and repeat', collect)
    .option('--except <rule>', 'rule that is not run; may be repeated', collect)
    .option('--rules <module>', 'module with rules of your own; may be repeated', collect)
    .option('--suppressions <file>', 'file with suppressions (default: repoform.check.json, if there is one)')
    .option('--show-suppressed', 'list suppressed findings with their reasons, and all checks that were not possible')
    .option('--max <number>', 'maximum number of findings to print as text; 0 prints all', wholeNumber, 50)
    .option('--no-synth', 'use the stacks as last synthesized, without running the app')
    .addOption(coreBinary)
    .addOption(ownProvider)
    .addOption(commandTimeout)
    .option('--list-rules', 'list all rules, and check nothing')
    .addHelpText('after', examples)
    .action(async (target: string | undefined, options: CheckOptions) => {
      const { runCheck } = await import('./run');
      process.exitCode = await runCheck(target, options);
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  return Number(text);
}

const examples = `
Examples:
  repoform check                                  the app in this folder
  repoform check cdktf.out --fail-on warning      what it last synthesized; warnings fail, too
  repoform check plan.tfplan --format sarif --out repoform.sarif
  repoform check --endpoint https://artifacts.example.com

Exit codes: 0 nothing found at or above --fail-on, 1 something found, 2 wrong usage, or nothing could be checked.
`;
