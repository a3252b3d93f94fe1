import { StringDecoder } from 'node:string_decoder';

/** The largest element of one package: of the files of a kernel's debug information some 10 MB. */
const LARGEST = 64 << 20;
/** How far the beginning of the outermost element is looked for. */
const HEAD = 64 << 10;

/** The elements of a name in a document of another one, in turn, as they are written; throws if the document is something else. */
export async function* elementsIn(
  content: AsyncIterable<Buffer>,
  { root, name }: { readonly root: string; readonly name: string },
): AsyncGenerator<string, void> {
  const decoder = new StringDecoder('utf8');
  const [open, close] = [new RegExp(`<${name}[\\s>]`, 'g'), `</${name}>`];
  let text = '';
  let isRoot = false;
  /** Up to where the text was searched for the end of the element at its beginning. */
  let searched = -1;
  const take = function* (): Generator<string, void> {
    for (let at = 0; ;) {
      if (searched < 0) {
        open.lastIndex = at;
        const found = open.exec(text);
        // What may be the beginning of a tag stays.
        at = found ? found.index : Math.max(at, text.length - close.length);
        if (!found) return void (text = text.slice(at));
        searched = at;
      }
      const end = text.indexOf(close, searched);
      if (end < 0) {
        text = text.slice(at);
        searched = Math.max(0, text.length - close.length);
        if (text.length > LARGEST) throw new Error(`a <${name}> in it has more than ${LARGEST} characters`);
        return;
      }
      yield checked(text.slice(at, end + close.length), name);
      at = end + close.length;
      searched = -1;
    }
  };
  for await (const chunk of content) {
    text += decoder.write(chunk);
    isRoot ||= new RegExp(`<${root}[\\s/>]`).test(text);
    if (!isRoot && text.length > HEAD) break;
    if (isRoot) yield* take();
  }
  if (!isRoot) throw new Error(`it does not begin with <${root}>`);
  if (searched >= 0) throw new Error(`it ends within a <${name}>`);
}

/** In comments and the like, an element could end elsewhere than it seems to. */
function checked(element: string, name: string): string {
  if (/<[!?]/.test(element)) throw new Error(`a <${name}> in it has a comment, CDATA or an instruction, which cannot be merged`);
  return element;
}
