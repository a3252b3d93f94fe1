/** What `repoform provider build` does. */
export { type Built, buildPackage } from './build-package';
export { BuildProblem } from './place';
