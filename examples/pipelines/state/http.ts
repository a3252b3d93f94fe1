import { HttpBackend, type TerraformStack } from 'cdktf';

// Credentials are in the environment: TF_HTTP_USERNAME and TF_HTTP_PASSWORD.
const server = process.env.STATE_URL ?? 'https://state.example.com/registries';

/** Keeps the state of a stack on a server that speaks HTTP, such as GitLab, and locks it there. */
export function keepState(stack: TerraformStack): void {
  const address = `${server}/${stack.node.id}`;
  const lock = `${address}/lock`;
  new HttpBackend(stack, { address, lockAddress: lock, unlockAddress: lock });
}
