import { type Command, InvalidArgumentError, Option } from 'commander';

/** The options of `repoform registry` about who may use it. */
export interface LoginCommandOptions {
  readonly auth: boolean;
  readonly insecure: boolean;
  readonly anonymousRead?: readonly string[];
  readonly oidc?: string;
  readonly rateLimit?: number;
  readonly loginLimit?: number;
  readonly auditKeep?: number;
  readonly auditFile?: string;
}

/** Adds the options about who may use the registry. Each has a variable in the environment. */
export function loginOptions(command: Command): Command {
  return command
    .optionsGroup('Logins to ArtifactAPI (the other APIs have users of their own), limits and audit log:')
    .addOption(flag('--auth', 'require logins on a loopback address, too; on any other they are required anyway'))
    .addOption(flag('--insecure', 'require no logins although others can reach the address'))
    .addOption(
      option('--anonymous-read <names>', 'repositories that everybody may read: names and globs, separated by commas').argParser(
        (text: string) => text.split(','),
      ),
    )
    .addOption(option('--oidc <file>', 'JSON file with the issuers whose tokens pipelines log in with, and what they may do'))
    .addOption(
      number('--rate-limit <number>', 'requests per second of one client and of one login; 0 for no limit (default: 500, with logins)'),
    )
    .addOption(number('--login-limit <number>', 'failed logins per minute of one client; 0 for no limit (default: 20, with logins)'))
    .addOption(number('--audit-keep <number>', 'changes that the audit log keeps; 0 for none (default: 100000)'))
    .addOption(option('--audit-file <file>', 'file to which every change is appended as a line of JSON'));
}

/** What is said of logins in the terms of the registry. */
export function loginsOf(options: LoginCommandOptions): LoginCommandOptions {
  const { auth, insecure, anonymousRead, oidc, rateLimit, loginLimit, auditKeep, auditFile } = options;
  return {
    ...{ auth, insecure },
    ...(anonymousRead && { anonymousRead }),
    ...(oidc !== undefined && { oidc }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(loginLimit !== undefined && { loginLimit }),
    ...(auditKeep !== undefined && { auditKeep }),
    ...(auditFile !== undefined && { auditFile }),
  };
}

/** An option that the variable of its name sets as well: `REPOFORM_AUDIT_FILE` for `--audit-file`. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(variableOf(made));
}

/** A switch that a variable can set as well. Commander takes any value for yes; here one that says no means no. */
function flag(flags: string, description: string): Option {
  const made = new Option(flags, '');
  const variable = variableOf(made);
  made.description = `${description} (env: ${variable})`;
  return made.default(/^(?:1|true|yes|on)$/i.test(process.env[variable] ?? ''), 'false');
}

function number(flags: string, description: string): Option {
  return option(flags, description).argParser((text: string) => {
    if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 0.');
    return Number(text);
  });
}

function variableOf(made: Option): string {
  return `REPOFORM_${made.name().replaceAll('-', '_').toUpperCase()}`;
}
