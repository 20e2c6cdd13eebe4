import { requestFor } from '../../domain/command-request'

/** `column`: attnum; of an index the number of an expression. `target`: 0 to 10,000, or -1 for default_statistics_target. */
export const setStatisticsTargetRequest = requestFor<{ oid: number; column: number; target: number }>('set-statistics-target', {
  verb: 'Set statistics target',
  many: 'columns',
})
