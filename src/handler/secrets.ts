import { isRecord, type Value, type ValueRecord } from '../common/value';
import type { Client } from '../client/client';
import type { Compiled } from './compiled';

/** Tells the client the secrets among values, so that no message shows them. */
export function hideSecrets(client: Client, { fields }: Compiled<unknown>, sources: readonly Value[]): void {
  const names = fields.filter(({ facts }) => facts.sensitive).map(({ name }) => name);
  for (const source of sources.filter((value): value is ValueRecord => isRecord(value))) {
    for (const name of names) if (typeof source[name] === 'string') client.redactor.add(source[name]);
  }
}
