import {
  attr,
  type Config,
  defineAction,
  type Diagnostic,
  error,
  isJsonObject,
  known,
  numberOf,
  text,
  UNKNOWN,
  warning,
  z,
} from '../../schema/define';
import { call, encodedPath, path, query } from './calls';
import { inProject, nodePath, ofRepository, projectId, repositoryName } from './names';
import { deleteFiles } from './rights';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
/** The server's time zone is not known; in the westernmost one it is this much earlier than UTC. */
const west = 12 * hour;

/** The server takes a time without a zone. */
const localTime = text((value) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value) && !Number.isNaN(Date.parse(`${value}Z`))
    ? undefined
    : `"${value}" is not a date and time; write it like "2026-01-31T00:00:00", in the server's time zone`,
);

const attributes = {
  project: attr(projectId, 'Project of the repository.', inProject),
  repository: attr(repositoryName, 'Name of the repository.', ofRepository),
  path: attr(nodePath.optional(), 'Folder or file to clean; if omitted, the whole repository.'),
  unusedDays: attr(
    z.int().min(1).max(36_500).optional(),
    'Deletes files that were neither read nor changed for at least this many days. The server compares times of its own time zone, which is not known, so it may keep files up to 26 hours longer; for an exact time, use `before`.',
    { conflicts: ['before'] },
  ),
  before: attr(
    localTime.optional(),
    'Deletes files that were neither read nor changed since this time, e.g. `2026-01-31T00:00:00`, in the time zone of the server.',
  ),
  force: attr(
    z.boolean().optional(),
    'Confirms that files may be deleted; without `true`, the action is refused. The server keeps deleted files restorable for 14 days by default.',
  ),
};

function confirmed({ force, before, unusedDays, project, repository }: Config<typeof attributes>): Diagnostic[] {
  const limit = before ?? unusedDays;
  return [
    ...(force === true || force === UNKNOWN
      ? []
      : [
          error(
            'Files Would Be Deleted',
            `"force": this action deletes files of "${known(project) ?? '(unknown)'}/${known(repository) ?? '(unknown)'}". Set "force" to true if that is intended.`,
            ['force'],
          ),
        ]),
    ...(limit === undefined ? [error('No Age Given', 'Set "unused_days" or "before": which files are old enough to be deleted.')] : []),
  ];
}

export const cleanNodes = defineAction({
  type: 'bkrepo_clean_nodes',
  description: 'Deletes the files of a repository that have been neither read nor changed for some time. Folders stay.',
  attributes,
  checks: [confirmed],
  needs: { invoke: [deleteFiles] },
  async invoke({ client, config, progress, tell }) {
    const { project, repository, path: folder, before, unusedDays = 0 } = config;
    const place = `${project}/${repository}${folder === undefined ? '' : `/${folder}`}`;
    const date = before ?? new Date(Date.now() - west - unusedDays * day).toISOString().slice(0, 19);
    const why =
      before === undefined
        ? ` (${unusedDays === 1 ? 'one day' : `${unusedDays} days`}, and 12 hours because the time zone of the server is not known)`
        : '';
    progress(`deleting files of ${place} that have not been used since ${date}${why}`);
    const at = `${path('/repository/api/node/clean', project, repository)}/${encodedPath(folder ?? '')}`;
    const answer = await call(client, { method: 'DELETE', path: at + query({ date }) });
    const deleted = isJsonObject(answer) ? numberOf(answer.deletedNumber) : undefined;
    if (deleted === 0) return tell(warning('Nothing Deleted', `Every file in ${place} has been used since ${date}.`));
    const size = isJsonObject(answer) ? numberOf(answer.deletedSize) : undefined;
    progress(`deleted ${deleted ?? 'the'} files of ${place}${size === undefined ? '' : `, ${size} bytes`}`);
  },
  example: { project: 'payments', repository: 'local-packages', unusedDays: 90, force: true },
});
