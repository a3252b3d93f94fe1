/** Words that name whatever is newest, in places where a version stands. */
const MOVING = /^(?:latest|newest|current|head|main|master|trunk|develop|dev|nightly|snapshot|stable|edge|canary|next|tip)$/i;

/** Whether the file name of a path has a version, so that the file is one thing for ever. */
export function namesVersion(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const version = /[-_]v?(\d.*)$/i.exec(name)?.[1];
  return version !== undefined && !version.split(/[-_.+~]/).some(isMoving);
}

/** Whether a package of a distribution has a word for the newest where its version or release stands. */
export function isMovingPackage(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name
    .split('-')
    .slice(-2)
    .some((part) => part.split('.').some(isMoving));
}

function isMoving(word: string): boolean {
  return MOVING.test(word);
}
