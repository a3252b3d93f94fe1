import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { secretVariable } from 'repoform/constructs';

/** A secret, set when you deploy with `TF_VAR_<name>`. While it is not set, the server keeps the one that it has. */
export function secret(scope: Construct, name: string): string {
  return secretVariable(TerraformStack.of(scope), name, { optional: true }).stringValue;
}
