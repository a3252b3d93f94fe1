import type { BuiltInRule } from '../../built-in';

/**
 * A secret is stored in the state, although a write-only attribute would keep it out.
 *
 * @bad
 * const key = secretVariable(this, 'key', { ephemeral: false });
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@partner/'], username: 'ci', password: key.stringValue });
 * @good
 * const key = secretVariable(this, 'key');
 * new RemoteNpm(this, 'npm', { name: 'npm', baseUrl: 'https://npm.example.com', patterns: ['^@partner/'], username: 'ci', passwordWo: key.stringValue });
 */
export const rule: BuiltInRule = {
  severity: 'warning',
  fix: 'Pass it to the write-only attribute instead, which Terraform 1.11 and OpenTofu 1.11 support.',
  checkResource(resource, { report }) {
    for (const { path, writeOnlyForm } of resource.secrets)
      if (writeOnlyForm !== undefined)
        report(`the secret "${path}" of ${resource.label} is stored in the state; "${writeOnlyForm}" is not`, path);
  },
};
