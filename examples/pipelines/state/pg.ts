import { PgBackend, type TerraformStack } from 'cdktf';

// Credentials are in the environment: PGUSER and PGPASSWORD. Unless sslmode says otherwise, the connection needs TLS.
const server = process.env.STATE_URL ?? 'postgres://state.example.com/terraform?sslmode=verify-full';

/** Keeps the state of a stack in PostgreSQL, in a schema of its own, and locks it with an advisory lock. */
export function keepState(stack: TerraformStack): void {
  new PgBackend(stack, { connStr: server, schemaName: `registries_${stack.node.id}` });
}
