import { type UpstreamDocument } from './format';

const PAGE = /^(?:\u00ef\u00bb\u00bf|\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)[\s>]/is;
const START = 4096;
const PAGE_NAME = /\.(?:x?html?|php|aspx?|jsp|cgi)$/i;
const ENDING = /\.(?:[a-z]\w*|7z)$/i;

/** Whether a web page may stand at a path by its name: it has the ending of one, or none. */
export function namesPage(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return PAGE_NAME.test(name) || !ENDING.test(name);
}

/** Whether a text begins as a page of HTML does. */
export function isPage(start: Buffer): boolean {
  return PAGE.test(start.subarray(0, START).toString('latin1'));
}

/** Throws when a page of HTML stands where something else is expected, as a login page does. */
export function refusePage({ body }: UpstreamDocument, expected: string): void {
  if (isPage(body)) throw new Error(`not ${expected}: a page of HTML`);
}
