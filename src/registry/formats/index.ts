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

/** Every package type; a new one is its file and its name here. */
const FORMATS: readonly Format[] = [generic, docker, helm, pypi, npm, rpm, alpine, puppet, terraform, goproxy];

/** The names of all package types. */
export const PACKAGE_TYPES: readonly string[] = FORMATS.map((format) => format.packageType);

/** The format of a package type; types are checked before they are stored, so an unknown one is a defect. */
export function formatOf(packageType: string): Format {
  const format = FORMATS.find((candidate) => candidate.packageType === packageType);
  if (!format) throw new Error(`unknown package type ${packageType}`);
  return format;
}
