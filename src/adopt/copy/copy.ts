import type { Container, ServerContents } from '../../handler/contents';
import type { Listed, Listing } from '../../handler/listing';
import type { ProviderHandler } from '../../handler/provider-handler';
import type { ListedFile } from '../../schema/define/definition';
import { ApiError, type ErrorCode } from '../../schema/define/errors';
import { type Amount, amountOf, amountText } from './amount';
import { isSelected, type LeftOut, type Selection } from '../estate';
import { copyFile } from './copy-file';

/** What to copy. */
export interface CopyRequest {
  /** Both configured. */
  readonly from: ProviderHandler;
  readonly to: ProviderHandler;
  /** Which of the objects that hold files, by their import ids. */
  readonly selection: Pick<Selection, 'include' | 'exclude'>;
  /** Whether files with other content at the target are replaced. */
  readonly replace: boolean;
  /** How many files are copied at the same time. */
  readonly atOnce: number;
  /** Whether only to find out what there is to copy. */
  readonly dryRun: boolean;
  /** Ends it; what is complete stays. */
  readonly signal: AbortSignal;
  progress(now: CopyProgress): void;
}

/** How far the copy of one repository is. */
export interface CopyProgress {
  readonly id: string;
  readonly files: number;
  readonly of: number;
  /** Bytes that were copied in this run. */
  readonly bytes: number;
}

/** What became of the files in one object. */
export interface Copied {
  readonly id: string;
  /** Copied, or to be copied in a dry run. */
  readonly copied: Amount;
  /** At the target with the same content before. */
  readonly present: Amount;
  readonly leftOut: readonly LeftOut[];
}

/** Failures of one file that are those of all files on the server. */
const ofServer: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['unauthorized', 'unreachable', 'tls', 'busy', 'timeout']);

/** Copies the files of one server to the objects of the same names at another; answers by object, as each is done. */
export async function* copyFiles(request: CopyRequest): AsyncIterable<Copied> {
  const [from, to] = [request.from.contents(), request.to.contents()];
  const [source, target] = [request.from.listing(), request.to.listing()];
  for (const type of from.types) {
    const existing = await listed(target, type);
    const ids = new Set(existing.map(({ id }) => id));
    const isWhole = existing.every((one) => 'values' in one);
    for (const object of await listed(source, type)) {
      if (request.signal.aborted) return;
      if ('problem' in object) {
        yield nothing(object.id, { what: `${type} "${object.id}"`, why: object.problem.detail });
        continue;
      }
      if (!isSelected(object.id, request.selection)) continue;
      const result = await copyContainer(request, { from, to, container: from.container(object), exists: ids.has(object.id) || !isWhole });
      if (result) yield result;
    }
  }
}

/** The objects of a type, and what of it could not be read. Throws if nothing could. */
async function listed(listing: Listing, type: string): Promise<readonly Listed[]> {
  const all = await listing.objects(type);
  const broken = all.find((one) => 'problem' in one && one.id === '');
  if (broken && 'problem' in broken) throw new Error(broken.problem.detail);
  return all;
}

interface Ways {
  readonly from: ServerContents;
  readonly to: ServerContents;
  readonly container: Container;
  /** Whether the target has it. */
  readonly exists: boolean;
}

const none: Amount = { files: 0, bytes: 0 };

const nothing = (id: string, why: Omit<LeftOut, 'about'>): Copied => ({
  id,
  copied: none,
  present: none,
  leftOut: [{ ...why, about: 'object' }],
});

/** Nothing, where there is nothing to copy. */
async function copyContainer(request: CopyRequest, ways: Ways): Promise<Copied | undefined> {
  const { from, to, container, exists } = ways;
  const { id, type } = container;
  try {
    const files = await from.list(container);
    if (files.length === 0) return undefined;
    const all = amountOf(files);
    if (container.uncopied !== undefined) return nothing(id, { what: `${type} "${id}" (${amountText(all)})`, why: container.uncopied });
    if (!exists)
      return nothing(id, {
        what: `${type} "${id}" (${amountText(all)})`,
        why: 'the target does not have it; deploy it there, then copy again',
      });
    const run = new ContainerCopy(request, ways, new Map((await to.list(container)).map((file) => [file.name, file])));
    return await run.all(files);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || ofServer.has(thrown.code)) throw thrown;
    return nothing(id, { what: `${type} "${id}"`, why: thrown.message });
  }
}

/** The copy of the files in one object. */
class ContainerCopy {
  private readonly leftOut: LeftOut[] = [];
  private readonly copied = new Map<ListedFile, string>();
  private readonly present: ListedFile[] = [];
  private bytes = 0;
  private done = 0;
  /** What keeps the other files from being copied, too. */
  private failure: ApiError | undefined;

  constructor(
    private readonly request: CopyRequest,
    private readonly ways: Ways,
    private readonly there: ReadonlyMap<string, ListedFile>,
  ) {}

  async all(files: readonly ListedFile[]): Promise<Copied> {
    const rest = files.values();
    const work = async (): Promise<void> => {
      for (const file of rest) {
        if (this.request.signal.aborted || this.failure) return;
        await this.one(file);
        this.done += 1;
        this.tell(files.length);
      }
    };
    this.tell(files.length);
    const ticking = setInterval(() => this.tell(files.length), 500);
    try {
      await Promise.all(Array.from({ length: this.request.atOnce }, work));
    } finally {
      clearInterval(ticking);
    }
    if (this.failure && ofServer.has(this.failure.code)) throw this.failure;
    if (!this.request.dryRun && this.copied.size > 0) await this.verify();
    const { id } = this.ways.container;
    return { id, copied: amountOf([...this.copied.keys()]), present: amountOf(this.present), leftOut: this.leftOut };
  }

  private async one(file: ListedFile): Promise<void> {
    const { request, ways } = this;
    const { from, to, container } = ways;
    try {
      const digest = await from.digest(container, file);
      const theirs = this.there.get(file.name);
      const found = theirs && (await to.digest(container, theirs));
      if (found?.sha256 === digest.sha256) return void this.present.push({ ...file, size: digest.size });
      if (found && !request.replace)
        return this.leave(file, 'the target has a file with other content there; --replace overwrites it with that of the source');
      if (!request.dryRun) {
        const progress = (bytes: number): void => void (this.bytes += bytes);
        await copyFile({ from, to, container, file, digest, replaces: found !== undefined, signal: request.signal, progress });
      }
      this.copied.set({ ...file, size: digest.size }, digest.sha256);
    } catch (thrown) {
      if (request.signal.aborted) return;
      if (thrown instanceof ApiError && (thrown.code === 'forbidden' || ofServer.has(thrown.code))) this.failure = thrown;
      this.leave(file, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  /** Looks at what the target has now, with digests that it computed itself. */
  private async verify(): Promise<void> {
    const { to, container } = this.ways;
    const now = new Map((await to.list(container)).map((file) => [file.name, file]));
    for (const [file, sha256] of this.copied) {
      const listed = now.get(file.name);
      const digest = listed && (await to.digest(container, listed));
      if (digest?.sha256 === sha256) continue;
      this.copied.delete(file);
      const is = digest ? `has the SHA-256 ${digest.sha256} instead of ${sha256}` : 'is not listed';
      this.leave(file, `it was uploaded, but at the target it ${is}; copy again, and check the target`);
    }
  }

  private leave(file: ListedFile, why: string): void {
    this.leftOut.push({ what: `${this.ways.container.id}/${file.name}`, why, about: 'object' });
  }

  private tell(of: number): void {
    this.request.progress({ id: this.ways.container.id, files: this.done, of, bytes: this.bytes });
  }
}
