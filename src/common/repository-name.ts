/** A URL segment without escapes (`pchar` of RFC 3986). */
const shape = /^[\w.~!$&'()*+,;=:@-]+$/;
const rule = "allowed are letters, digits and characters that need no escaping in a URL: - . _ ~ ! $ & ' ( ) * + , ; = : @";

/** Names that have another meaning in a route, and which. */
const routes: Readonly<Record<string, string>> = {
  '.': 'a URL leaves it out',
  '..': 'a URL goes up by it',
  _catalog: 'GET /v2/_catalog asks a container registry for its list of repositories',
};

/** Why a text cannot be the name of a repository; nothing if it can. A name becomes one segment of a URL; servers have no other rule. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'a name must not be empty';
  if (name.length > 128) return `"${name.slice(0, 20)}..." has ${name.length} characters; at most 128 are allowed`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route !== undefined) return `"${name}" is not a repository name, because ${route}; ${rule}`;
  return shape.test(name) ? undefined : `"${name}" is not a repository name; ${rule}`;
}

/** Why some clients cannot use a repository of this name as it is; nothing if all can. */
export function clientNameProblem(name: string): string | undefined {
  const sign = /[^\w.~+@-]/.exec(name)?.[0];
  if (sign !== undefined)
    return `shells and configuration files of clients read "${sign}" as a sign of their own, so it must be quoted there`;
  return name.startsWith('-') ? 'commands of clients take what begins with "-" for an option' : undefined;
}

/** Why docker clients cannot use a repository of this name, or nothing when they can: `HOST/NAME/IMAGE` is a reference with rules of its own. */
export function dockerNameProblem(name: string): string | undefined {
  return /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/.test(name)
    ? undefined
    : 'an image of it cannot be named: in a reference, HOST/NAME/IMAGE, there are only small letters and digits, with single ".", "_", "__" or "-" between them';
}

/** Why a provider of this repository has no source address, or nothing when it has: `HOST/NAME/TYPE`, where the name is the namespace. */
export function terraformNameProblem(name: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/i.test(name)
    ? undefined
    : 'its providers have no source address: in HOST/NAME/TYPE there are only letters, digits, "_" and "-", 64 at the most; they can be fetched only through a network mirror';
}
