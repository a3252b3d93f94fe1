import { type Format } from '../format';
import { isMovingPackage } from '../versions';

/** Alpine packages. */
export const alpine: Format = {
  packageType: 'alpine',
  classify: (path) => (path.endsWith('.apk') && !isMovingPackage(path) ? 'immutable' : 'mutable'),
};
