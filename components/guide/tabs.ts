/** A page of the guide: its own tab, and how many things of the guide are on it. */
export interface GuideTab {
  key: string
  label: string
  /** After …/guide. */
  path: string
  /** As the guide prints them. */
  count: number
}

/** The pages that there are, in the order of the tabs. */
export const GUIDE_TABS = [
  { key: 'indexes', label: 'Indexes', path: '', count: 35 },
  { key: 'workload', label: 'Workload', path: '/workload', count: 5 },
  { key: 'analytics', label: 'Analytics', path: '/analytics', count: 3 },
] as const satisfies GuideTab[]

export type GuideTabKey = (typeof GUIDE_TABS)[number]['key']
