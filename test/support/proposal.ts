/** One text of SQL that Proctor shows to a person. */
export interface Proposal {
  /** Who shows it: "check index-unused", "script rebuild", "next maintenance: reindex-index" … */
  from: string
  sql: string
  /** What has to be done before it, for it to mean anything: the drop before its undo. */
  after?: string
}

/** A proposal that does not work, and what the server said, or why the command will not be planned. */
export interface Refusal extends Proposal {
  says: string
}
