import { type Ecosystem } from './ecosystem';
import { go } from './go';
import { helm } from './helm';
import { images } from './images';
import { npm } from './npm';
import { python } from './python';
import { rpm } from './rpm';

/** What works with ArtifactAPI. */
export const ECOSYSTEMS: readonly Ecosystem[] = [npm, python, helm, images, go, rpm];

/** What works with BK-Repo. */
export const BKREPO: readonly Ecosystem[] = [{ ...npm, name: 'npm (BK-Repo)' }];
