import { type Command, InvalidArgumentError, type Option } from 'commander';
import { addSwitch, setting } from './options';

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
  command.optionsGroup('Logins to ArtifactAPI (the other APIs have users of their own), limits and audit log:');
  addSwitch(command, '--auth', 'require logins on a loopback address, too; on any other they are required anyway');
  return addSwitch(command, '--insecure', 'require no logins although others can reach the address')
    .addOption(
      setting('--anonymous-read <names>', 'repositories that everybody may read: names and globs, separated by commas').argParser(
        (text: string) => text.split(','),
      ),
    )
    .addOption(setting('--oidc <file>', 'JSON file with the issuers whose tokens pipelines log in with, and what they may do'))
    .addOption(
      number('--rate-limit <number>', 'requests per second of one client and of one login; 0 for no limit (default: 500, with logins)'),
    )
    .addOption(number('--login-limit <number>', 'failed logins per minute of one client; 0 for no limit (default: 20, with logins)'))
    .addOption(number('--audit-keep <number>', 'changes that the audit log keeps, and as many refusals; 0 for none (default: 100000)'))
    .addOption(setting('--audit-file <file>', 'file to which every change is appended as a line of JSON'));
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

function number(flags: string, description: string): Option {
  return setting(flags, description).argParser((text: string) => {
    if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number of at least 0.');
    return Number(text);
  });
}
