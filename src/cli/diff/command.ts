import { Command, Option } from 'commander';
import { collect, commandTimeout, coreBinary, ownProvider } from '../plan-options';

/** The options of `repoform diff`. */
export interface DiffOptions {
  readonly dir?: string;
  readonly format: 'text' | 'markdown' | 'json';
  readonly out?: string;
  readonly savePlan?: string;
  readonly exitCode?: boolean;
  readonly failOn?: readonly string[];
  readonly synth: boolean;
  readonly coreBinary?: string;
  readonly provider?: readonly string[];
  readonly timeout: string;
}

/** `repoform diff`: what a plan does, in words. */
export function diffCommand(): Command {
  return new Command('diff')
    .summary('say what a plan changes, for reviewers: what is lost, who gets access, what is replaced')
    .description(
      'Says what a plan changes, by repository and the most serious first: deletes that lose artifacts, replacements, access that opens or closes, members that change order, credentials that change. Reads a saved plan, or plans itself. Sensitive values are never shown.',
    )
    .helpOption('-h, --help', 'print this help')
    .argument(
      '[targets...]',
      'stacks of the app, saved plans, plans in JSON (- for the standard input), or folders (default: every stack of the app)',
    )
    .usage('[options] [targets...] [-- <options for "terraform plan">]')
    .option('--dir <folder>', 'folder of the app or configuration; for a saved plan, where it was made (default: the current one)')
    .addOption(new Option('--format <format>', 'format of the output').choices(['text', 'markdown', 'json']).default('text'))
    .option('--out <file>', 'write the output to a file, and print it as text too')
    .option('--save-plan <name>', 'keep each plan under this name in the folder of its stack, for "terraform apply"')
    .option('--exit-code', 'exit with 2 if the plan changes anything')
    .option('--fail-on <section>', 'exit with 3 if a plan has a change of this section, e.g. loses, opens; may be repeated', collect)
    .option('--no-synth', 'use the stacks as last synthesized, without running the app')
    .addOption(coreBinary)
    .addOption(ownProvider)
    .addOption(commandTimeout)
    .addHelpText('after', examples)
    .action(async (args: readonly string[], options: DiffOptions) => {
      const { diff } = await import('./run');
      const first = args.findIndex((one) => one !== '-' && one.startsWith('-'));
      const [targets, planOptions] = first === -1 ? [args, []] : [args.slice(0, first), args.slice(first)];
      process.exitCode = await diff(targets, planOptions, options);
    });
}

const examples = `
Examples:
  repoform diff                                   plan every stack of the app in this folder
  repoform diff registry --format markdown        one stack, as a comment for a merge request
  repoform diff plan.out --dir cdktf.out/stacks/registry
  terraform show -json plan.out | repoform diff - --exit-code
  repoform diff registry --exit-code -- -lock=false
  repoform diff --save-plan plan.tfplan --format markdown --out diff.md

Exit codes: 0 success, 1 an error, or a plan that failed; with --exit-code, 2 if anything changes; with --fail-on, 3 if it does what is named.
`;
