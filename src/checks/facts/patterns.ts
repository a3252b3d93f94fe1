import { patternFault, patternMatches } from '../../common/re2';

/** No file has these paths: what matches them all matches everything. */
const unlikely = ['x', '~/unlikely-7f3a9c/~', 'Unlikely/7f3a9c.~tmp'];

/** Whether a pattern matches a path; one that is invalid matches none, and is reported elsewhere. */
export const matches = (pattern: string, path: string): boolean => patternFault(pattern) === undefined && patternMatches(pattern, path);

/** Whether a pattern matches every path that a client could fetch. */
export const matchesEverything = (pattern: string): boolean => unlikely.every((path) => matches(pattern, path));
