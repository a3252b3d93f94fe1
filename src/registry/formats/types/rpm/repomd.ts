import { type Algorithm } from '../../digests';
import { type MemberDocument, type Told } from '../../format';
import { markupParser } from '../../markup';
import { MAX_DEPTH } from '../../xml';

/** What a repomd.xml says about the files next to it. */
export interface Repomd {
  /** By the path relative to the repository's root. */
  readonly checksums: ReadonlyMap<string, { readonly algorithm: string; readonly hex: string }>;
  /** The path of each type of document, likewise. */
  readonly types: ReadonlyMap<string, string>;
}

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  md5: 'md5',
  sha: 'sha1',
  sha1: 'sha1',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

/** Real ones have at most some 20 kB. It is read at each request for a merged index, while other requests wait. */
const LARGEST = 256 << 10;

/** Reads a repomd.xml; throws when the text is something else, or too large. */
export function readRepomd(body: Buffer): Repomd {
  if (body.length > LARGEST) throw new Error(`not a repomd.xml: it has ${body.length} bytes; at most ${LARGEST} are read`);
  const checksums = new Map<string, { algorithm: string; hex: string }>();
  const types = new Map<string, string>();
  let isRepomd = false;
  let data: { readonly type: string; href?: string; algorithm?: string; hex: string } | undefined;
  let isInside = false;
  const parser = markupParser(
    { what: 'a repomd.xml', maxDepth: MAX_DEPTH, isXml: true },
    {
      onopentag(name, attributes) {
        if (local(name) === 'repomd') isRepomd = true;
        else if (local(name) === 'data') data = { type: attributes['type'] ?? '', hex: '' };
        else if (local(name) === 'location' && data && attributes['href'] !== undefined) data.href = attributes['href'];
        else if (local(name) === 'checksum' && data) {
          data.algorithm = attributes['type'] ?? '';
          isInside = true;
        }
      },
      ontext(text) {
        if (isInside && data) data.hex += text;
      },
      onclosetag(name) {
        if (local(name) === 'checksum') isInside = false;
        if (local(name) !== 'data') return;
        if (data?.href !== undefined) {
          const path = data.href.replace(/^\.?\//, '');
          types.set(data.type, path);
          if (data.algorithm !== undefined) checksums.set(path, { algorithm: data.algorithm, hex: data.hex.trim() });
        }
        data = undefined;
      },
    },
  );
  parser.end(body.toString('utf8'));
  if (!isRepomd) throw new Error('not a repomd.xml: it has no repomd element');
  return { checksums, types };
}

/** What a file of the metadata must hash to. */
export function toldOf(path: string, member: MemberDocument): Told {
  const root = member.path.replace(/repodata\/[^/]*$/, '');
  const checksum = readRepomd(member.body).checksums.get(path.slice(root.length));
  const algorithm = ALGORITHMS[checksum?.algorithm.toLowerCase() ?? ''];
  return checksum && algorithm ? { digest: { algorithm, hex: checksum.hex } } : {};
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
