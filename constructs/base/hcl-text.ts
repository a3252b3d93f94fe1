const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Escapes a text for use between quotes in HCL; `${...}` and `%{...}` are expressions and are kept. */
export function escapeHcl(text: string): string {
  let result = '';
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charAt(index);
    const opens = (letter === '$' || letter === '%') && text.charAt(index + 1) === '{' && text.charAt(index - 1) !== letter;
    if (opens || depth > 0) {
      if (letter === '{') depth += 1;
      if (letter === '}') depth -= 1;
      result += letter;
      if (opens && depth === 0) {
        result += '{';
        index += 1;
        depth = 1;
      }
    } else {
      result += escapes[letter] ?? letter;
    }
  }
  return result;
}
