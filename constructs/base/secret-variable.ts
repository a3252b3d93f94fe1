import { DefaultTokenResolver, StringConcat, TerraformStack, TerraformVariable, Tokenization } from 'cdktf';
import type { Construct } from 'constructs';

/** Options of `secretVariable`. */
export interface SecretVariableOptions {
  /** Shown when Terraform asks for the value. @default none */
  readonly description?: string;
  /** Whether the value is also kept out of plan and state; it can then be used only in write-only attributes and provider blocks. @default true */
  readonly ephemeral?: boolean;
  /** Whether it may be left unset; it is `null` then, which leaves the secret on the server as it is. @default false */
  readonly optional?: boolean;
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
  if (options.optional) variable.addOverride('default', null);
  if (options.ephemeral !== false) variable.addOverride('ephemeral', true);
  return variable;
}

/** The id of an ephemeral variable that a text refers to; nothing if there is none. Only what is not stored takes such a value. */
export function ephemeralVariableIn(construct: Construct, text: string): string | undefined {
  const stack = TerraformStack.of(construct);
  const foreign = Tokenization.reverse(text).some((token) => {
    const { originStack } = token as Partial<{ originStack: TerraformStack }>;
    return originStack !== undefined && originStack !== stack;
  });
  if (foreign) return undefined;
  const resolver = new DefaultTokenResolver(new StringConcat());
  const meant = String(Tokenization.resolve(text, { scope: construct, resolver, preparing: false }));
  const names = new Set([...meant.matchAll(/\bvar\.([\w-]+)/g)].map(([, name]) => name));
  return stack.node
    .findAll()
    .filter((node) => node instanceof TerraformVariable)
    .find((variable) => names.has(variable.friendlyUniqueId) && isEphemeral(variable))?.node.id;
}

function isEphemeral(variable: TerraformVariable): boolean {
  const { variable: written } = variable.toTerraform() as {
    readonly variable?: Readonly<Record<string, { readonly ephemeral?: unknown }>>;
  };
  return written?.[variable.friendlyUniqueId]?.ephemeral === true;
}
