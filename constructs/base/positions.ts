import { TerraformStack } from 'cdktf';
import type { IConstruct } from 'constructs';
import { readFileSync } from 'node:fs';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { POSITIONS_FILE, type Positions } from '../../src/common/positions';
import { writeText } from '../provider/files';
import { packageRoot } from './package';
import { atSynthesis, type SynthesisSession } from './synthesis';

/** A construct that has an address, e.g. `artifactapi_remote_npm.npm`. */
interface Addressed extends IConstruct {
  readonly checkedAddress: string;
}

/** The constructs of a stack by the places in the JavaScript that made them. A loop makes many at one. */
type Made = Map<string, { readonly site: NodeJS.CallSite; readonly constructs: Addressed[] }>;

const madeIn = new WeakMap<TerraformStack, Made>();

/**
 * Remembers which line of the app makes a construct. The core records no such positions; synthesis writes them beside the stack, where
 * `repoform check` reads them.
 *
 * @param made the class that the app uses: what it calls in turn is skipped
 */
export function rememberPosition(construct: Addressed, made: object): void {
  const site = callerOf(made, nearFrames) ?? callerOf(made, allFrames);
  if (!site) return;
  const place = `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const stack = TerraformStack.of(construct);
  const known = madeIn.get(stack) ?? start(stack, construct);
  const there = known.get(place);
  if (there) there.constructs.push(construct);
  else known.set(place, { site, constructs: [construct] });
}

function start(stack: TerraformStack, construct: IConstruct): Made {
  const made: Made = new Map();
  madeIn.set(stack, made);
  atSynthesis(construct, (session) => write(stack, made, session));
  return made;
}

// Each frame takes 3 µs. Most constructs are made by the app itself; those of packages are further away.
const nearFrames = 4;
const allFrames = 30;

const asSites = (_thrown: Error, sites: NodeJS.CallSite[]): NodeJS.CallSite[] => sites;

/** The nearest frame that is the app's own. */
function callerOf(made: object, frames: number): NodeJS.CallSite | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { readonly stack?: NodeJS.CallSite[] } = {};
  try {
    Error.prepareStackTrace = asSites;
    Error.stackTraceLimit = frames;
    Error.captureStackTrace(holder, made as () => unknown);
    return holder.stack?.find((site) => isOwn(site.getFileName()));
  } finally {
    Error.prepareStackTrace = prepareStackTrace as typeof Error.prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const libraries = ['constructs', 'lib', 'src'].map((folder) => join(packageRoot(), folder) + sep);
const judged = new Map<string, boolean>();

/** Whether a file is neither Node's nor of a package. */
function isOwn(file: string | null | undefined): boolean {
  if (!file) return false;
  const known = judged.get(file);
  if (known !== undefined) return known;
  const path = pathOf(file);
  const own = path !== undefined && !path.includes(`${sep}node_modules${sep}`) && !libraries.some((folder) => path.startsWith(folder));
  judged.set(file, own);
  return own;
}

/** The path of a script; nothing for one that is in no file. */
function pathOf(file: string): string | undefined {
  if (file.startsWith('file:')) return fileURLToPath(file);
  return isAbsolute(file) ? file : undefined;
}

function write(stack: TerraformStack, made: Made, { outdir, manifest }: SynthesisSession): void {
  const folder = resolve(join(outdir, manifest.forStack(stack).workingDirectory));
  const root = process.cwd();
  const written = [...made.values()].flatMap(({ site, constructs }) => {
    const position = originalOf(site, root);
    return position === undefined ? [] : constructs.map(({ checkedAddress }) => [checkedAddress, position] as const);
  });
  if (written.length === 0) return;
  const positions: Positions = {
    version: 1,
    root: posix(relative(folder, root)),
    positions: Object.fromEntries(written.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeText(join(folder, POSITIONS_FILE), `${JSON.stringify(positions, undefined, 1)}\n`);
}

const posix = (path: string): string => path.split(sep).join('/');

/** The position in the source, as `<path relative to the root>:<line>:<column>`; nothing if it is in no file below a common root. */
function originalOf(site: NodeJS.CallSite, root: string): string | undefined {
  const file = pathOf(site.getFileName() ?? '');
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (file === undefined || line === null || column === null) return undefined;
  const made = { file, line, column };
  const at = asMapped(site, made) ?? byMap(findSourceMap(site.getFileName() ?? '') ?? mapBeside(file), made);
  const path = relative(root, at.file);
  return isAbsolute(path) ? undefined : `${posix(path)}:${at.line}:${at.column}`;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The position that a tool which compiles on the fly, such as ts-node, shows in a stack trace; nothing if that is where the script has it. */
function asMapped(site: NodeJS.CallSite, made: Place): Place | undefined {
  if (typeof Error.prepareStackTrace !== 'function') return undefined;
  const text: unknown = Error.prepareStackTrace(new Error('position'), [site]);
  const [, file = '', line = '', column = ''] = /(?:\(|at )((?:file:\/\/)?(?:[a-z]:)?[^():]+):(\d+):(\d+)\)?\s*$/i.exec(String(text)) ?? [];
  const path = pathOf(file);
  const shown = { file: path ?? '', line: Number(line), column: Number(column) };
  return path === undefined || isDeepStrictEqual(shown, made) ? undefined : shown;
}

/** The position that a source map tells, or else the one in the script. */
function byMap(map: SourceMap | undefined, place: Place): Place {
  const entry = map?.findEntry(place.line - 1, place.column - 1);
  if (!entry || !('originalSource' in entry)) return place;
  const source = entry.originalSource;
  const file = source.startsWith('file:') ? fileURLToPath(source) : resolve(dirname(place.file), source);
  return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

const mapsBeside = new Map<string, SourceMap | undefined>();

/** The source map that a script names: node reads it only if it is told to. */
function mapBeside(file: string): SourceMap | undefined {
  if (!mapsBeside.has(file)) mapsBeside.set(file, readMap(file));
  return mapsBeside.get(file);
}

function readMap(file: string): SourceMap | undefined {
  try {
    const [, url] = [...readFileSync(file, 'utf8').matchAll(/^\/\/# sourceMappingURL=(\S+)\s*$/gm)].at(-1) ?? [];
    if (url === undefined) return undefined;
    const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/.exec(url) ?? [];
    const text = inline === undefined ? readFileSync(resolve(dirname(file), url), 'utf8') : Buffer.from(inline, 'base64').toString('utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
