import * as z from 'zod';
import { invalid, checkPattern } from './parameter-checks';
import { type Project, type ProjectMetadata } from './model';
import { type Stored } from '../../store/documents';

const NAME = /^[a-zA-Z_][a-zA-Z0-9\-_]{1,99}$/;
const SHORTEST_DISPLAY_NAME = 2;
const LONGEST_DISPLAY_NAME = 100;
/** Projects that code hosting makes by itself: they have no manager and stay out of the lists of admins. */
const HIDDEN = /^(CODE_|CLOSED_SOURCE_)/;

const metadata = z.array(z.object({ key: z.string(), value: z.unknown().transform((value) => value ?? null) })).default([]);

/** The body that makes a project. */
export const createProjectBody = z.object({
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  createPermission: z.boolean().default(true),
  metadata,
});

/** The body that changes a project. */
export const updateProjectBody = z.object({
  displayName: z.string().nullish(),
  description: z.string().nullish(),
  metadata,
  credentialsKey: z.string().nullish(),
  useDefaultCredentialsKey: z.boolean().nullish(),
});

/** Refuses a name that no project may have. */
export function checkProjectName(name: string): void {
  checkPattern('name', name, NAME);
}

/** Refuses a title that no project may have. */
export function checkDisplayName(displayName: string): void {
  const isBad = displayName.length < SHORTEST_DISPLAY_NAME || displayName.length > LONGEST_DISPLAY_NAME || displayName.trim() === '';
  if (isBad) throw invalid('displayName');
}

/** Whether a project is one of those that code hosting makes. */
export function isHidden(name: string): boolean {
  return HIDDEN.test(name);
}

/** What a client sees of a project. */
export function projectInfo({ oid: _oid, ...project }: Stored<Project>): Record<string, unknown> {
  return { credentialsKey: null, ...project, rbacFlag: false };
}

/** A switch that is kept among a project's metadata; it is on unless it was switched off. */
export function switchOf({ metadata: entries }: Project, key: string): boolean {
  return entries.find((entry) => entry.key === key)?.value !== false;
}

/** Metadata with a switch set. */
export function withSwitch(entries: readonly ProjectMetadata[], key: string, value: boolean): ProjectMetadata[] {
  return [...entries.filter((entry) => entry.key !== key), { key, value }];
}
