import { readText } from '../wire/bytes';

const SLOTS = 1024;
const LONGEST = 40;

/** Remembers the keys of objects, which are the same few attribute names in every value, so that they are not decoded again. */
export class KeyCache {
  private readonly slots = new Array<string>(SLOTS).fill('');

  /** The text between two places of the bytes. */
  read(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length === 0 || length > LONGEST) return readText(bytes, start, end);
    const slot =
      (length * 31 + (bytes[start] as number) * 7 + (bytes[end - 1] as number) * 131 + (bytes[start + (length >> 1)] as number) * 17) %
      SLOTS;
    const known = this.slots[slot] as string;
    if (known.length === length && sameAscii(known, bytes, start)) return known;
    return (this.slots[slot] = readText(bytes, start, end));
  }
}

function sameAscii(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[start + i] as number;
    if (byte > 127 || byte !== text.charCodeAt(i)) return false;
  }
  return true;
}
