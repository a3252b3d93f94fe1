import { hasNamedObjects } from './version';

/** The longest name with which version 4 still syncs charts whose names are long: names of both are joined to one of 63 characters. */
const longest = 48;

/** Longer names lengthen the label of an installed release beyond what Kubernetes takes. */
const long = 30;

/** The problem with the name of a repository on every version; nothing if it has none. */
export function repositoryNameProblem(name: string, version?: string): string | undefined {
  if (name.trim() === '') return `"${name}" is empty; give the repository a name`;
  if (/[\p{Cc}]/u.test(name)) return `${JSON.stringify(name)} contains a line break or another control character; remove it`;
  return version !== undefined && hasNamedObjects(version) ? objectNameProblem(name) : undefined;
}

/** On version 4, the name is that of a Kubernetes object. */
function objectNameProblem(name: string): string | undefined {
  if (name === 'upload') return '"upload" is reserved for uploaded packages; choose another name';
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name))
    return `"${name}" cannot be the name of a repository on KubeSphere 4; allowed are lower-case letters, digits and "-", starting with a letter and ending with a letter or digit (free text goes into the display name)`;
  return name.length > longest
    ? `"${name}" has ${name.length} characters; KubeSphere 4 never syncs a repository whose name and chart names are too long for a label, so at most ${longest} are allowed`
    : undefined;
}

/** A doubt about a valid name; nothing if there is none. */
export function repositoryNameDoubt(name: string, version: string): string | undefined {
  return hasNamedObjects(version) && name.length > long
    ? `"${name}" has ${name.length} characters; releases installed from it carry repository, chart and version in one label of 63, so names of at most ${long} are safer`
    : undefined;
}

/** The problem with the name of a workspace; nothing if it has none. It is the value of a label. */
export function workspaceProblem(name: string): string | undefined {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
    ? undefined
    : `"${name}" cannot be the name of a workspace; allowed are up to 63 lower-case letters, digits and "-", starting and ending with a letter or digit`;
}
