/** The phases that are measured, in their order. */
export const phases = ['create', 'plan', 'noRefresh', 'changeOne', 'destroy'] as const;

/** A phase. */
export type Phase = (typeof phases)[number];
