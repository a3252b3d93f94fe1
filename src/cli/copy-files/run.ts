import { amountText, sizeText } from '../../adopt/copy/amount';
import { type Copied, copyFiles, type CopyProgress } from '../../adopt/copy/copy';
import type { CopyOptions } from './command';
import { adoptedProvider } from '../adopt/provider';
import { type Access, baseUrl, connected } from '../connected';
import { Failure, Misuse, printable } from '../failure';

const [partly, interrupted] = [3, 130];
/** How many reasons are shown for each repository. */
const shown = 20;

/** Copies files from one server to another; answers the exit code. */
export async function copyServer(backend: string, options: CopyOptions): Promise<number> {
  const [fromUrl, toUrl] = [baseUrl('--from', options.from).replace(/\/+$/, ''), baseUrl('--to', options.to).replace(/\/+$/, '')];
  if (fromUrl === toUrl) throw new Misuse(`--from and --to are the same server, ${fromUrl}`);
  const { definition } = await adoptedProvider(backend);
  const servers = [
    await connected(definition, fromUrl, environmentOf('FROM_')),
    await connected(definition, toUrl, { ...environmentOf('TO_'), writes: true }),
  ] as const;
  const [from, to] = servers;
  if (from.contents().types.length === 0) throw new Misuse(`the repositories of ${definition.title} hold no files that repoform can copy`);
  const ending = new AbortController();
  const interrupt = (): void => {
    process.stderr.write('stopping; what is copied stays\n');
    ending.abort();
    for (const server of servers) server.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);
  const meter = new Meter();
  const total: Total = { copied: { files: 0, bytes: 0 }, present: { files: 0, bytes: 0 }, leftOut: 0 };
  try {
    const { include = [], exclude = [], replace = false, parallel, dryRun = false } = options;
    const request = { from, to, selection: { include, exclude }, replace, atOnce: parallel, dryRun, signal: ending.signal };
    for await (const one of copyFiles({ ...request, progress: (now) => meter.show(now) })) {
      meter.clear();
      process.stdout.write(reportOf(one, dryRun));
      for (const what of ['copied', 'present'] as const) {
        total[what].files += one[what].files;
        total[what].bytes += one[what].bytes;
      }
      total.leftOut += one.leftOut.length;
    }
    meter.clear();
    process.stdout.write(summaryOf(total, dryRun));
    if (ending.signal.aborted) process.stdout.write('Interrupted. Run the command again to copy the rest.\n');
    return ending.signal.aborted ? interrupted : total.leftOut > 0 ? partly : 0;
  } catch (thrown) {
    meter.clear();
    if (ending.signal.aborted) return interrupted;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure(total.copied.files > 0 ? `${message.replace(/\.$/, '')}. Run the command again to copy the rest` : message);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeListener(signal, interrupt);
    for (const server of servers) {
      server.stop();
      await server.end();
    }
  }
}

/** What all repositories come to. */
type Total = Record<'copied' | 'present', { files: number; bytes: number }> & { leftOut: number };

function summaryOf({ copied, present, leftOut }: Total, dryRun: boolean): string {
  const left = leftOut === 0 ? '' : `; left out: ${leftOut}`;
  return `${dryRun ? 'Would copy' : 'Copied'} ${amountText(copied)}; already there: ${amountText(present)}${left}.\n`;
}

/** The environment of one server: variables with its prefix take the place of those without. */
function environmentOf(prefix: string): Pick<Access, 'env' | 'variableNames'> {
  const own = Object.entries(process.env).flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : []));
  const env = { ...process.env, ...(Object.fromEntries(own) as NodeJS.ProcessEnv) };
  return { env, variableNames: (name) => (`${prefix}${name}` in process.env ? `${prefix}${name}` : name) };
}

function reportOf({ id, copied, present, leftOut }: Copied, dryRun: boolean): string {
  const counts = [
    ...(copied.files > 0 ? [`${dryRun ? 'would copy' : 'copied'} ${amountText(copied)}`] : []),
    ...(present.files > 0 ? [`already there: ${amountText(present)}`] : []),
    ...(leftOut.length > 0 ? [`left out: ${leftOut.length}`] : []),
  ];
  const lines = leftOut.slice(0, shown).map(({ what, why }) => `  ${what}: ${why}`);
  const more = leftOut.length > shown ? [`  and ${leftOut.length - shown} more`] : [];
  return [`${id}: ${counts.join('; ')}`, ...lines, ...more].map((line) => `${printable(line)}\n`).join('');
}

/** Shows progress that takes more than two seconds: on a terminal in one line, elsewhere every ten seconds. */
class Meter {
  private readonly started = performance.now();
  private last = -Infinity;
  private isShown = false;
  private before = { id: '', bytes: 0, at: 0 };

  show({ id, files, of, bytes }: CopyProgress): void {
    const now = performance.now();
    const { isTTY } = process.stderr;
    if (now - this.started < 2000 || now - this.last < (isTTY ? 500 : 10_000)) return;
    const { before } = this;
    const seconds = (now - before.at) / 1000;
    const speed = before.id === id && seconds > 0 ? `, ${sizeText(Math.round((bytes - before.bytes) / seconds))}/s` : '';
    [this.last, this.before] = [now, { id, bytes, at: now }];
    const line = printable(`${id}: ${files} of ${of} files, ${sizeText(bytes)} copied${speed}`);
    process.stderr.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    this.isShown = isTTY;
  }

  /** Makes place for what is written next. */
  clear(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K');
    this.isShown = false;
  }
}
