/** A remote as the API has it. */
export interface RemoteFields {
  readonly name: string;
  readonly base_url: string;
  readonly mutable_ttl: number;
  readonly patterns: readonly string[];
}

/** The fields of the remote with this number. */
export function fieldsOf(index: number, changed = false): RemoteFields {
  return {
    name: `remote-${String(index).padStart(5, '0')}`,
    base_url: `https://upstream-${index}.example.com/files`,
    mutable_ttl: changed ? 7200 : 3600,
    patterns: ['^releases/', `^team-${index % 10}/.*\\.tgz$`],
  };
}
