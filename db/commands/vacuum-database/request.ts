import { requestFor } from '../../domain/command-request'

/** `minutes`: after so long no further table is begun. */
export const vacuumDatabaseRequest = requestFor<{ minutes?: number; analyze?: boolean }>('vacuum-database', {
  verb: 'Vacuum',
  many: 'databases',
})
