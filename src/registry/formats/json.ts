/** A JSON object. */
export type Json = Record<string, unknown>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object that a value is, or an empty one. */
export function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The list that a value is, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads an object; throws with what was expected when the text is something else. */
export function readObject(body: Buffer, expected: string): Json {
  const text = body.toString('utf8');
  try {
    const json: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
    if (isObject(json)) return json;
  } catch {
    // Told below: the parser's own words would quote what may be a page of anything.
  }
  throw new Error(`not ${expected}: ${text.trimStart().startsWith('<') ? 'a page of HTML' : 'no JSON object'}`);
}

/** Whether a value is nested more deeply than anybody means it to be; what works on it by recursion could run out of stack. */
export function isTooDeep(value: unknown, levels = 200): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each) => isTooDeep(each, levels - 1));
}
