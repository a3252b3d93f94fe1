import { alpine } from './alpine';
import { docker } from './docker';
import { type Format } from './format';
import { generic } from './generic';
import { goproxy } from './goproxy';
import { helm } from './helm';
import { npm } from './npm';
import { puppet } from './puppet';
import { pypi } from './pypi';
import { rpm } from './rpm';
import { terraform } from './terraform';

/** Every package type; a new one is its file or folder and its name here. */
export const FORMATS: readonly Format[] = [generic, docker, helm, pypi, npm, rpm, alpine, puppet, terraform, goproxy];
