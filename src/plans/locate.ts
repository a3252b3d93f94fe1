import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject, textOf } from '../schema/define/json';
import { PlanError } from './plan-error';

/** Something that has a plan, or that a plan can be made of. */
export type Located =
  /** A file that `plan -out` wrote, which only the core that wrote it can read. */
  | { readonly kind: 'saved'; readonly path: string; readonly folder: string }
  /** A plan in JSON, as `show -json` prints it. */
  | { readonly kind: 'json'; readonly text: string; readonly name: string }
  /** A CDK app, its context, the paths of its Terraform modules, and the stack of it that is wanted; all of them if none is named. */
  | {
      readonly kind: 'app';
      readonly folder: string;
      readonly app: string;
      readonly output: string;
      readonly context: JsonObject;
      readonly modules: readonly string[];
      readonly stack?: string;
    }
  /** Stacks that are synthesized: their folders. */
  | { readonly kind: 'stacks'; readonly folders: readonly string[] }
  /** A folder with a configuration in HCL or JSON. */
  | { readonly kind: 'configuration'; readonly folder: string };

/** What a user names. */
export interface Named {
  /** The name of a stack, a file, a folder, or `-` for the standard input. @default what is in the folder */
  readonly given?: string | undefined;
  /** Where to look. For a saved plan, where it was made. @default the current folder */
  readonly folder?: string | undefined;
}

/** Finds what is meant. Throws if that is nothing of which there could be a plan. */
export function locate({ given, folder: named }: Named, cwd: string): Located {
  const folder = resolve(cwd, named ?? '.');
  if (!isFolder(folder)) throw new PlanError(`there is no folder ${named ?? folder}`);
  if (given === '-') return fileOf(read(0, 'the standard input'), { path: '-', shown: '-', folder });
  if (given === undefined) return inFolder(folder) ?? nothingIn(named ?? folder);
  const path = resolve(cwd, given);
  const found = isFolder(path)
    ? inFolder(path)
    : existsSync(path)
      ? fileOf(read(path, given), { path, shown: given, folder: madeIn(path, named && folder, cwd) })
      : undefined;
  return found ?? stackOf(folder, given) ?? (isFolder(path) ? nothingIn(given) : nothingAt(given));
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function read(path: string | 0, shown: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new PlanError(`${shown} cannot be read: ${(cause as Error).message}`);
  }
}

function nothingIn(shown: string): never {
  throw new PlanError(
    `${shown} has neither a CDK app (cdktf.json), nor a synthesized stack (cdk.tf.json), nor a configuration (*.tf); name a stack, a folder, or a plan`,
  );
}

function nothingAt(given: string): never {
  throw new PlanError(`there is no file or folder "${given}", and no app (cdktf.json) that could have a stack of that name`);
}

/** Where a saved plan was made: in the folder that is named, beside it, or here. Only there are the providers that it needs. */
const madeIn = (path: string, named: string | undefined, cwd: string): string =>
  named ?? [dirname(path), cwd].find((folder) => existsSync(join(folder, '.terraform'))) ?? dirname(path);

function fileOf(content: Buffer, { path, shown, folder }: Record<'path' | 'shown' | 'folder', string>): Located {
  const isZip = content.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004';
  // OpenTofu writes an encrypted plan as JSON.
  const isEncrypted = content.subarray(0, 4096).includes('"encrypted_data"');
  if (!isZip && !isEncrypted) return { kind: 'json', text: content.toString(), name: shown };
  if (path === '-')
    throw new PlanError('a saved plan cannot be read from the standard input; name the file, or pipe the output of "show -json"');
  return { kind: 'saved', path, folder };
}

function inFolder(folder: string): Located | undefined {
  if (existsSync(join(folder, 'cdktf.json'))) return appIn(folder);
  if (existsSync(join(folder, 'cdk.tf.json'))) return { kind: 'stacks', folders: [folder] };
  if (existsSync(join(folder, 'manifest.json'))) return { kind: 'stacks', folders: stacksIn(folder) };
  return readdirSync(folder).some((name) => /\.(tf|tofu)(\.json)?$/.test(name)) ? { kind: 'configuration', folder } : undefined;
}

/** The folders of the stacks that an app wrote last, by the manifest of its output; those of stacks that are gone from the app stay there. */
export function stacksIn(output: string): string[] {
  const path = join(output, 'manifest.json');
  const manifest = existsSync(path) ? jsonAt(path) : undefined;
  const stacks = isJsonObject(manifest) && isJsonObject(manifest.stacks) ? Object.values(manifest.stacks).filter(isJsonObject) : [];
  const folders = stacks.flatMap((stack) => textOf(stack.workingDirectory) ?? []).map((folder) => join(output, folder));
  return folders.filter(isStackFolder).sort();
}

const STACK = 'cdk.tf.json';
const HCL_STACK = 'cdk.tf';

/** Whether a CDK synthesized a stack into a folder. */
export const isStackFolder = (folder: string): boolean => [STACK, HCL_STACK].some((file) => existsSync(join(folder, file)));

/** The file of a synthesized stack. Throws if it is in HCL, which only a core reads. */
export function stackFile(folder: string): string {
  if (existsSync(join(folder, HCL_STACK)))
    throw new PlanError(
      `${join(folder, HCL_STACK)} is in HCL and cannot be read; synthesize without --hcl (hclOutput), or name ${folder}, which is planned then`,
    );
  return join(folder, STACK);
}

function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    throw new PlanError(`${path} is not valid JSON; correct it`);
  }
}

function stackOf(folder: string, stack: string): Located | undefined {
  return existsSync(join(folder, 'cdktf.json')) && !/[\\/]/.test(stack) ? { ...appIn(folder), stack } : undefined;
}

function appIn(folder: string): Extract<Located, { kind: 'app' }> {
  const path = join(folder, 'cdktf.json');
  const settings = jsonAt(path);
  const { app, output = 'cdktf.out', terraformModules = [], context, targetVersions } = isJsonObject(settings) ? settings : {};
  if (typeof app !== 'string') throw new PlanError(`${path} has no "app", the command that synthesizes; add it, e.g. "npx tsx main.ts"`);
  const sources = Array.isArray(terraformModules) ? terraformModules.map((one: Json) => (isJsonObject(one) ? one.source : one)) : [];
  const modules = sources.filter((source): source is string => typeof source === 'string' && /^\.\.?\//.test(source));
  // cdktn has the versions as a setting, and passes them on as context.
  const given = { ...(isJsonObject(context) ? context : {}), ...(targetVersions !== undefined && { targetVersions }) };
  return { kind: 'app', folder, app, output: resolve(folder, textOf(output) ?? 'cdktf.out'), context: given, modules };
}
