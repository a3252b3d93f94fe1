const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a duration in Terraform's notation (`30s`, `5m`, `1h30m`); nothing if it is not a duration or zero. */
export function durationMilliseconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
  return total > 0 ? total : undefined;
}

/** The problem with a text that is not a duration; nothing if it is one. */
export function durationProblem(text: string): string | undefined {
  return durationMilliseconds(text) === undefined
    ? `"${text}" is not a duration; write one like "30s", "5m" or "1h30m", with the units h, m, s and ms`
    : undefined;
}
