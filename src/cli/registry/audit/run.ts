import type { AuditEntry } from '../../../registry/access/audit';
import { atPlace } from '../place';
import { table } from '../token/run';
import type { AuditCommandOptions } from './command';

const PAGE = 1000;

/** Prints the newest changes. */
export async function showAudit(options: AuditCommandOptions): Promise<void> {
  await atPlace(options, async (place) => {
    let left = options.limit;
    let before: string | undefined;
    do {
      const { entries, next } = await place.audit(Math.min(PAGE, left), before);
      process.stdout.write(options.json ? entries.map((entry) => `${JSON.stringify(entry)}\n`).join('') : table(entries.map(row)));
      left -= entries.length;
      before = next;
    } while (before !== undefined && left > 0);
  });
}

function row({ at, who, address, action, method, path, status }: AuditEntry): string[] {
  return [at, String(status), who, address || '-', action || '-', `${method} ${path}`.trim()];
}
