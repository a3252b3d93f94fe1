/** What `repoform provider build` does. */
export { buildExecutable } from './executable';
