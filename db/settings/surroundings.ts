/** What a server is beside its settings: where it stands among its standbys, and what runs in it. */
export interface Surroundings {
  /** It is a standby. */
  inRecovery: boolean
  /** Standbys that are connected, and those whose slot waits for them. */
  standbys: number
  /** Background workers of extensions that run now. */
  extensionWorkers: number
  /** Databases that can be connected to: some extensions run a worker in each. */
  databases: number
}

/** A server by itself, of which nothing else is known. */
export const ALONE: Surroundings = { inRecovery: false, standbys: 0, extensionWorkers: 0, databases: 1 }

/** Recovery needs at least the primary's value of each (manual, 26.4.3): with less a standby does not start, or pauses its replay. */
export const RECOVERY_NEEDS: readonly string[] = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_transactions',
  'max_locks_per_transaction',
]

/** In which order a value that recovery needs is changed on a primary and its standbys; null where it does not matter. */
export function orderOf(name: string, raised: boolean, { inRecovery, standbys }: Surroundings): string | null {
  if (!RECOVERY_NEEDS.includes(name)) return null
  if (inRecovery) return raised ? 'Here before the primary: a standby may have more than its primary, never less.' : null
  const seen = standbys === 1 ? 'its standby' : `its ${standbys} standbys`
  if (raised)
    return standbys > 0
      ? `First on ${seen}, with a restart there, then here: with less than the primary a standby stops replaying.`
      : 'Where it has standbys that are not connected now, first there.'
  return standbys > 0 ? `First here, with a restart, then on ${seen}: with less than the primary a standby does not start.` : null
}
