import { quote, WIDTH } from '../../schema/derive/literal';
import type { Core } from './app';

/** An import of names, one a line where they are many. */
export function importLine(names: readonly string[], from: string): string {
  const flat = `import { ${names.join(', ')} } from ${quote(from)};`;
  return flat.length <= WIDTH ? flat : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quote(from)};`;
}

/** The file that makes variables for secrets. */
export const secretsFile = ({ name }: Core): string => `import { TerraformStack } from '${name}';
import type { Construct } from 'constructs';
import { secretVariable } from '${name === 'cdktf' ? 'repoform/constructs' : 'repoform/cdktn/constructs'}';

/** A secret, set when you deploy with \`TF_VAR_<name>\`. While it is not set, the server keeps the one that it has. */
export function secret(scope: Construct, name: string): string {
  return secretVariable(TerraformStack.of(scope), name, { optional: true }).stringValue;
}
`;
