const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a duration as Terraform writes them (`30s`, `5m`, `1h30m`), or nothing when it is none or is zero. */
export function durationMilliseconds(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0), 0);
  return total > 0 ? total : undefined;
}

/** Why a text is no duration, or nothing when it is one. */
export function durationProblem(text: string): string | undefined {
  return durationMilliseconds(text) === undefined ? `"${text}" is not a duration; write one like "30s", "5m" or "1h30m"` : undefined;
}
