import { type UpstreamDocument } from './format';

const PAGE = /^(?:\u00ef\u00bb\u00bf|\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body)[\s>]/is;
const START = 4096;

/** Throws when a page of HTML stands where something else is expected, as a login page does. */
export function refusePage({ body }: UpstreamDocument, expected: string): void {
  if (PAGE.test(body.subarray(0, START).toString('latin1'))) throw new Error(`not ${expected}: a page of HTML`);
}
