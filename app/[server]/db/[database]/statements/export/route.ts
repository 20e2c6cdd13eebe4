import { z } from 'zod'
import { exportList } from '@/app/export-list'
import { asCsv, asJson, EXPORT_FORMATS } from '@/components/statements/export-rows'
import { queryLiveParams } from '../live-params'
import { readForExport } from '../query-reads'

/** The filtered and sorted list of the range, all of it, as a file. */
export const GET = exportList({
  ...{ file: 'queries', what: 'queries' },
  given: queryLiveParams.list
    .omit({ limit: true, vs: true, vfrom: true, vto: true, since: true })
    .extend({ format: z.enum(EXPORT_FORMATS) }),
  read: readForExport,
  rows: ({ queries }) => queries.length,
  text: ({ queries, about }, format) => (format === 'csv' ? asCsv(queries, about) : asJson(queries, about)),
})
