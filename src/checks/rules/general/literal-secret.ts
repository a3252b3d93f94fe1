import type { BuiltInRule } from '../../built-in';
import type { CheckedSecret } from '../../define/model';
import type { Report } from '../../define/rule';

/**
 * A secret is spelled out in the configuration, where everyone who reads the repository or the synthesized stack can read it.
 *
 * @bad
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@partner/'], username: 'ci', passwordWo: 'correct-horse' });
 * @good
 * const key = secretVariable(this, 'key');
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@partner/'], username: 'ci', passwordWo: key.stringValue });
 */
export const rule: BuiltInRule = {
  severity: 'error',
  fix: 'Replace it on the server, and pass the new one by a variable: secretVariable(scope, id) in TypeScript, a sensitive variable in HCL.',
  checkResource: (resource, { report }) => reportLiterals(resource.secrets, { report, where: resource.label }),
  checkProvider: (provider, { report }) => reportLiterals(provider.secrets, { report, where: 'the provider block' }),
};

function reportLiterals(secrets: readonly CheckedSecret[], { report, where }: { readonly report: Report; readonly where: string }): void {
  for (const { path, isLiteral } of secrets) if (isLiteral) report(`the secret "${path}" of ${where} is a literal`, path);
}
