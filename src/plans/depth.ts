/** No attribute of any provider is nested nearly as deep; what walks values recursively needs a bound. */
const DEEPEST = 500;

/** What is wrong with JSON that is nested too deeply to be read, as the end of a sentence. */
export function depthProblem(json: unknown): string | undefined {
  let level: readonly unknown[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST) return `its values are nested more than ${DEEPEST} levels deep, which no configuration of Terraform is`;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return undefined;
}
