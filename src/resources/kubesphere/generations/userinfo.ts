/** A URL without user and password, and these, decoded. */
export interface Split {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** Splits the address that a server stores. What is no URL is left as it is. */
export function splitUserinfo(address: string): Split {
  const [, start = '', info, rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)(?:([^/?#]*)@)?([^]*)$/i.exec(address) ?? [];
  if (start === '') return { url: address };
  const url = start + rest;
  if (info === undefined) return { url };
  const [, username = '', password = ''] = /^([^:]*):?([^]*)$/.exec(info) ?? [];
  return { url, username: decoded(username), password: decoded(password) };
}

/** The address under which a server finds user and password. */
export function joinUserinfo(url: string, { username, password }: { readonly username: string; readonly password: string }): string {
  return url.replace(/^[^:]+:\/\//, (start) => `${start}${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}

/** Every server escapes in its own way; a stray percent sign stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
