export { pack, packAs } from './encode';
export { unpack } from './decode';
export { fromJson } from './json';
