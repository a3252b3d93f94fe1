import { printable } from '../../failure';
import { atPlace, placeName } from '../place';
import type { CreateOptions, ListOptions, PlaceOptions } from './command';

const DAY_MS = 24 * 3_600_000;

/** Creates a token; what is printed on the standard output is the token and nothing else. */
export async function createToken(name: string, options: CreateOptions): Promise<void> {
  const { scope: scopes, expires, json } = options;
  const expires_at = expires === Infinity ? undefined : new Date(Date.now() + expires * DAY_MS).toISOString();
  const made = await atPlace({ ...options, creates: true }, (place) => place.create({ name, scopes, ...(expires_at && { expires_at }) }));
  if (json) return void process.stdout.write(`${JSON.stringify(made, undefined, 2)}\n`);
  const end = made.expires_at === null ? 'does not expire' : `expires at ${made.expires_at}`;
  process.stderr.write(`The token "${printable(name)}" has the scopes ${made.scopes.join(' ')} and ${end}. It is not shown again:\n`);
  process.stdout.write(`${made.token}\n`);
}

/** Prints the tokens, without their secrets. */
export async function listTokens(options: ListOptions): Promise<void> {
  const tokens = await atPlace(options, (place) => place.list());
  if (options.json) return void process.stdout.write(`${JSON.stringify(tokens, undefined, 2)}\n`);
  if (tokens.length === 0) return void process.stdout.write(`There are no tokens ${printable(placeName(options))}.\n`);
  const rows = tokens.map(({ name, scopes, expires_at, used_at }) => [
    ...[name, scopes.join(' '), stateOf(expires_at), used_at === null ? 'never used' : `used ${used_at}`],
  ]);
  process.stdout.write(table(rows));
}

/** Revokes a token. */
export async function revokeToken(name: string, options: PlaceOptions): Promise<void> {
  await atPlace(options, (place) => place.revoke(name));
  process.stdout.write(`The token "${printable(name)}" is revoked.\n`);
}

/** Lines with columns of equal width. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => printable(row[column] ?? '').length)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => printable(cell).padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function stateOf(expires: string | null): string {
  if (expires === null) return 'does not expire';
  return Date.parse(expires) <= Date.now() ? `expired ${expires}` : `expires ${expires}`;
}
