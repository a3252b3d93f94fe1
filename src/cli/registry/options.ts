import { type Command, InvalidArgumentError, Option } from 'commander';
import { lineOf, Misuse } from '../failure';
import { isSwitchedOn } from '../../common/switch';

/** An option that a variable sets as well: by default that of its name, `REPOFORM_ACCESS_LOG` for `--access-log`. */
export function setting(flags: string, description: string, variable?: string): Option {
  const made = new Option(flags, description);
  return made.env(variable ?? variableOf(made));
}

/** Adds a switch that a variable sets as well. Commander takes any value of a variable for yes; here one that says no means no. */
export function addSwitch(command: Command, flags: string, description: string): Command {
  const made = new Option(flags, '');
  const variable = variableOf(made);
  made.description = `${description} (env: ${variable})`;
  const key = made.attributeName();
  return command.addOption(made).hook('preAction', (_command, running) => {
    if (running !== command || command.getOptionValueSource(key) === 'cli') return;
    try {
      command.setOptionValueWithSource(key, isSwitchedOn(variable, process.env[variable]), 'env');
    } catch (thrown) {
      throw new Misuse(lineOf(thrown));
    }
  });
}

/** Reads a whole number up to a limit. */
export function wholeNumber(what: string, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > most) throw new InvalidArgumentError(`${what} must be a whole number from 0 to ${most}.`);
    return value;
  };
}

const POWERS = ['', 'K', 'M', 'G', 'T', 'P'];

/** Reads a size, which has a unit: a bare number may be meant in any. */
export function size(text: string): number {
  const [, digits = '', power = '', binary = ''] = /^(\d+(?:\.\d+)?)\s*(?:([KMGTP])(i?)B?|B)$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(digits) * (binary === '' ? 1000 : 1024) ** POWERS.indexOf(power.toUpperCase()));
  if (digits === '' || !(bytes > 0)) throw new InvalidArgumentError('A size must be a number with a unit, such as 500MB, 50GB or 2TiB.');
  return bytes;
}

function variableOf(made: Option): string {
  return `REPOFORM_${made.name().replaceAll('-', '_').toUpperCase()}`;
}
