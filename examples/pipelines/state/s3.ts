import { S3Backend, type TerraformStack } from 'cdktf';

/** Keeps the state of a stack in a bucket, encrypted, and locks it with a file beside it (Terraform 1.10 and OpenTofu 1.10, or newer). */
export function keepState(stack: TerraformStack): void {
  // Credentials are in the environment, or come from the identity of the job.
  new S3Backend(stack, {
    bucket: 'acme-terraform-state',
    key: `registries/${stack.node.id}.tfstate`,
    region: 'eu-central-1',
    encrypt: true,
  });
  // cdktf has no property for it; in cdktn, set useLockfile: true above instead.
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}
