import { digestOf, type Digests, listedDigests } from '../../digests';
import { type MemberDocument } from '../../format';
import { type Index } from '../../told';
import { ALGORITHMS, readPath } from './paths';

/** The checksums of a file, which clients ask for after it: only where it comes again, they are there before. */
export function checksumsOf(path: string): readonly Index[] {
  return readPath(path).kind === 'file' ? [...ALGORITHMS].reverse().map((algorithm) => ({ path: `${path}.${algorithm}` })) : [];
}

/** The file that a checksum is of. */
export function fileOf(path: string): string | undefined {
  const asked = readPath(path);
  return asked.kind === 'checksum' && readPath(asked.of).kind === 'file' ? asked.of : undefined;
}

/** What a checksum says, perhaps with the name of the file after it. */
export function digestsIn({ path, body }: MemberDocument): Digests {
  const asked = readPath(path);
  if (asked.kind !== 'checksum') return listedDigests([]);
  const [text] = body.toString('utf8').trim().split(/\s+/);
  return listedDigests([[asked.of, digestOf(asked.algorithm, text)]]);
}
