import type { ListedFile } from '../../schema/define/definition';

/** A number of files. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** How many files, and how many bytes as far as that is known. */
export const amountOf = (files: readonly ListedFile[]): Amount => ({
  files: files.length,
  bytes: files.reduce((sum, { size = 0 }) => sum + size, 0),
});

/** An amount as a person reads it, e.g. `3 files, 1.2 MB`. */
export const amountText = ({ files, bytes }: Amount): string => `${files === 1 ? 'one file' : `${files} files`}, ${sizeText(bytes)}`;

/** A number of bytes as a person reads it, e.g. `1.2 MB`. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  if (bytes === 1) return '1 byte';
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
