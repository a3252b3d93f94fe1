import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { decompressed } from '../../compression';
import { memberFault } from '../../member-fault';
import { type Merged } from './merge';

/** Documents of members besides those that describe packages. */
export interface ExtraInput {
  readonly type: 'group' | 'updateinfo' | 'modules';
  readonly contents: readonly { readonly member: string; readonly content: Uint8Array }[];
}

/** Of one document, unpacked: these are read whole. */
const LARGEST = 256 << 20;
const ROOTS = { group: 'comps', updateinfo: 'updates' } as const;

/** Puts documents of one type together; throws with the name of the member whose document cannot be read. */
export async function mergeExtras({ type, contents }: ExtraInput): Promise<Merged> {
  const texts: string[] = [];
  for (const { member, content } of contents) {
    try {
      const parts: Buffer[] = [];
      for await (const part of decompressed(Buffer.from(content), LARGEST)) parts.push(part);
      const text = Buffer.concat(parts).toString('utf8');
      texts.push(type === 'modules' ? text.replace(/\n*$/, '\n') : inside(text, ROOTS[type]));
    } catch (cause) {
      throw memberFault(member, cause);
    }
  }
  const body = Buffer.from(type === 'modules' ? texts.join('') : whole(ROOTS[type], texts));
  return { content: gzipSync(body), openHash: createHash('sha256').update(body).digest('hex'), openSize: body.length, kept: [] };
}

function whole(root: string, texts: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${texts.join('')}</${root}>\n`;
}

/** What is in the outermost element. */
function inside(text: string, root: string): string {
  const start = new RegExp(`<${root}(?:\\s[^>]*)?>`).exec(text);
  if (!start && new RegExp(`<${root}\\s*/>`).test(text)) return '';
  const end = text.lastIndexOf(`</${root}>`);
  if (!start || end < start.index) throw new Error(`its outermost element is not <${root}>`);
  return `${text.slice(start.index + start[0].length, end).trim()}\n`;
}
