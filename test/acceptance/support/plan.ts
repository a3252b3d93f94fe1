/** The parts of `terraform show -json` that these tests look at. */
export interface PlanJson {
  readonly planned_values: {
    readonly root_module: { readonly resources?: readonly { readonly address: string; readonly values: object }[] };
  };
  readonly resource_changes?: readonly ChangeJson[];
  readonly resource_drift?: readonly ChangeJson[];
}

interface ChangeJson {
  readonly address: string;
  readonly mode: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly after: Readonly<Record<string, unknown>> | null;
    readonly after_unknown: Readonly<Record<string, unknown>>;
    readonly importing?: unknown;
  };
}

/** What happens to each instance: `create`, `delete`, `create+delete`, or the attributes that change in place. */
export type Changes = Readonly<Record<string, string>>;

/** The changes of a plan; instances that stay as they are, are left out. */
export function changesOf(entries: readonly ChangeJson[] = []): Changes {
  const changed = entries.filter(({ mode, change }) => mode === 'managed' && (change.actions.join() !== 'no-op' || change.importing));
  return Object.fromEntries(changed.map(({ address, change }) => [address, words(change)]));
}

function words({ actions, before, after, after_unknown: unknown, importing }: ChangeJson['change']): string {
  const imported = importing ? 'import ' : '';
  if (actions.join() !== 'update') return imported + actions.join('+');
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)])].sort();
  const parts = names.flatMap((name) => {
    const [old, next] = [shown(before?.[name]), unknown[name] === true ? 'unknown' : shown(after?.[name])];
    return old === next ? [] : [`${name} ${old} -> ${next}`];
  });
  return imported + parts.join(', ');
}

const shown = (value: unknown): string => JSON.stringify(value ?? null);
