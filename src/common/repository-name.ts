const shape = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/i;

/** Why a text cannot name a repository, or nothing when it can: it becomes one segment of a URL and of a docker reference. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'a name must not be empty';
  if (name.length > 128) return `"${name.slice(0, 20)}..." has ${name.length} characters; at most 128 are allowed`;
  if (!shape.test(name))
    return `"${name}" is not a repository name; allowed are letters, digits, ".", "_" and "-", beginning and ending with a letter or digit`;
  return undefined;
}
