import { text, type z } from '../../schema/define';

const named = (pattern: RegExp, rule: string): z.ZodString =>
  text((name) => (pattern.test(name) ? undefined : `"${name}" is not a valid name; allowed is ${rule}`));

/** The name of a project. */
export const projectName = named(/^[a-zA-Z_][a-zA-Z0-9\-_]{1,99}$/, '2 to 100 letters, digits, "-" and "_", starting with a letter or "_"');

/** A project as other objects name it: on a server with tenants, the tenant stands before it. */
export const projectId = named(
  /^(?:[a-zA-Z0-9\-_]+\.)?[a-zA-Z_][a-zA-Z0-9\-_]{1,99}$/,
  'the name of a project, prefixed with "<tenant>." on a server with tenants',
);

/** The name of a repository. */
export const repositoryName = named(
  /^[a-zA-Z_][a-zA-Z0-9.\-_]{1,63}$/,
  '2 to 64 letters, digits, ".", "-" and "_", starting with a letter or "_"',
);

/** What an attribute says that names a project, a repository, a user. */
export const inProject = { refersTo: { type: 'bkrepo_project', attribute: 'projectId' } } as const;
export const ofRepository = { refersTo: { type: /^bkrepo_[a-z]+_repository$/, attribute: 'name' } } as const;
export const ofUser = { refersTo: { type: 'bkrepo_user', attribute: 'userId' } } as const;

/** The id of a user. */
export const userId = named(
  /^(?!anonymous$)[a-zA-Z0-9_][a-zA-Z0-9\-_@.]{1,99}$/,
  '2 to 100 letters, digits, "-", "_", "@" and ".", starting with a letter, a digit or "_", and not "anonymous"',
);

/** The name of something that a path of the API has as one segment. */
export const segment = named(
  /^(?!\.{1,2}$)[^/\p{Cc}\s](?:[^/\p{Cc}]{0,198}[^/\p{Cc}\s])?$/u,
  '1 to 200 characters without "/" and without leading or trailing spaces, and not "." or ".."',
);

/** A path in a repository, without `/` at its beginning. */
export const nodePath = text((path) =>
  /^(?!\/)(?!.*[\\\p{Cc}])(?!.*\/$)(?!.*\/\/)(?!(?:.*\/)?\.{1,2}(?:\/|$))(?!(?:.*\/)? )(?!.* (?:\/|$)).+$/u.test(path)
    ? undefined
    : `"${path}" is not a path in a repository; write it without a leading or trailing "/", segments "." or "..", spaces around segments, backslashes and control characters`,
);
