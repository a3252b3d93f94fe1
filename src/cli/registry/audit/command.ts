import { Command, InvalidArgumentError } from 'commander';
import { placed, type PlaceOptions } from '../token/command';

/** The options of `repoform registry audit`. */
export interface AuditCommandOptions extends PlaceOptions {
  readonly limit: number;
  readonly json: boolean;
}

/** `repoform registry audit`: who changed what. */
export function auditCommand(): Command {
  return placed(new Command('audit'))
    .summary('show who changed what')
    .description('Shows the changes that were made or refused, newest first: when, who, from where, what, and the status of the answer.')
    .option('--limit <number>', 'number of changes', parseLimit, 50)
    .option('--json', 'print one JSON object per line', false)
    .action(async (options: AuditCommandOptions) => (await import('./run')).showAudit(options));
}

function parseLimit(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 to 9999999.');
  return Number(text);
}
