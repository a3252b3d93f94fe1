import { TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';

/** What may be said of a secret variable. */
export interface SecretVariableOptions {
  /** Shown when Terraform asks for the value. @default none */
  readonly description?: string;
  /** Whether the value is also kept out of plan and state; such a value fits only write-only attributes and provider blocks. @default true */
  readonly ephemeral?: boolean;
}

/**
 * A variable for a secret: sensitive, and ephemeral so that it is in neither plan nor state. It is set when deploying, e.g. by
 * `TF_VAR_<id>`; its `stringValue` goes into a provider block or a write-only attribute (`passwordWo`).
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
