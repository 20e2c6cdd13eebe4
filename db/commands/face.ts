/** What people see of a command beside its plan. Data: it travels with the preview and with the run. */
export interface Face {
  /** What the button says: Run rebuild. */
  verb: string
  /** The same for several, # standing for their number: Run # rebuilds. */
  verbs?: string
  /** A button that takes something away looks so. */
  takes?: 'object' | 'session'
  /** What can be chosen in the dialog. */
  options?: CommandOption[]
  does?: {
    /** What it did, where no size tells that: refreshed. */
    did?: string
    /** True: neither rows nor files are changed, so what they do meanwhile is not its work. */
    looksOnly?: true
    /** True: it makes an index. The sizes before and after are those of all indexes of its table. */
    builds?: true
  }
}

/** A choice that the dialog offers for a command. Its key is the input's; changing it plans again. */
export interface CommandOption {
  key: string
  /** As the SQL spells it. */
  label: string
  about: string
  /** One box for false and true, or a few choices with what each makes of the input. */
  choices?: { label: string; value?: string | number | boolean }[]
  /** While this one is on, those keys mean nothing and are left out. */
  excludes?: string[]
  /** Offered only where this line of the preflight is; it is what the choice allows. */
  allows?: string
}

export const CONCURRENTLY: CommandOption = {
  key: 'concurrently',
  label: 'CONCURRENTLY',
  about: 'slower; reads and writes continue. Off: faster, but blocks writes.',
}
