import { type Content } from '../../format';
import { readFromTarball } from '../../tar';
import { findInZip } from '../../zip';
import { readModule, readProvider } from './names';

/** Looks into an uploaded archive for what clients look for when they have it; throws with the reason when it is not there. */
export async function inspectArchive(file: Content & { readonly path: string }): Promise<void> {
  const provider = readProvider(file.path);
  if (provider) {
    const executable = `terraform-provider-${provider.type}`;
    if (await findInZip(file, (name) => name.startsWith(executable))) return;
    throw new Error(`the archive has no file whose name starts with ${executable}, the executable that Terraform runs`);
  }
  if (!readModule(file.path)) return;
  const isConfiguration = (path: string) => /\.tf(?:\.json)?$/.test(path);
  const found = file.path.endsWith('.zip') ? await findInZip(file, isConfiguration) : await inTarball(file, isConfiguration);
  if (!found) throw new Error('the archive has no .tf file');
}

async function inTarball(file: Content, matches: (path: string) => boolean): Promise<unknown> {
  try {
    return await readFromTarball(await file.open(), { matches, limit: 16 << 20 });
  } catch (cause) {
    throw new Error('not a gzipped tar archive', { cause });
  }
}
