import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

/** Options of `secretVariable`. */
export interface SecretVariableOptions {
  /** Shown when Terraform asks for the value. @default none */
  readonly description?: string;
  /** Whether the value is also kept out of plan and state; it can then be used only in write-only attributes and provider blocks. @default true */
  readonly ephemeral?: boolean;
}

/**
 * A variable for a secret. It is sensitive, and ephemeral so that neither plan nor state contains it. Set it when you deploy, e.g. with
 * `TF_VAR_<id>`, and pass its `stringValue` to a provider block or a write-only attribute (`passwordWo`).
 *
 * @example
 * const password = secretVariable(this, 'upstream_password', { description: 'Password at the upstream' });
 * new RemoteNpm(this, 'npm', {
 *   name: 'npm',
 *   baseUrl: 'https://npm.example.com',
 *   username: 'ci',
 *   passwordWo: password.stringValue,
 * });
 */
export function secretVariable(scope: Construct, id: string, options: SecretVariableOptions = {}): TerraformVariable {
  const variable = new TerraformVariable(scope, id, {
    type: 'string',
    sensitive: true,
    ...(options.description !== undefined && { description: options.description }),
  });
  if (options.ephemeral !== false) variable.addOverride('ephemeral', true);
  return variable;
}
