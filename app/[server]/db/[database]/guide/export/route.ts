import { z } from 'zod'
import { exportList } from '@/app/export-list'
import { rowsShown } from '@/components/guide/catalogue-messages'
import { SHOWN } from '@/components/guide/catalogue-params'
import { catalogueCsv, catalogueJson, catalogueMarkdown } from '@/components/guide/export-catalogue'
import { EXPORT_FORMATS } from '@/components/indexes/export-rows'
import { readGuideCatalogue } from '../catalogue-reads'

const TEXT = { csv: catalogueCsv, json: catalogueJson, md: catalogueMarkdown }

/** The catalogue, filtered as it is shown, as a file. */
export const GET = exportList({
  ...{ file: 'guide-indexes', what: 'guide indexes' },
  given: z.object({
    format: z.enum(EXPORT_FORMATS),
    show: z.enum(SHOWN).default('all'),
    schema: z.string().min(1).max(63).nullable().default(null),
  }),
  read: async (place, { show, schema }) => {
    const read = await readGuideCatalogue(place, schema)
    return read.ok ? { ok: true, value: { ...read.value, rows: rowsShown(read.value.rows, show) } } : read
  },
  rows: ({ rows }) => rows.length,
  text: (list, format, about) => TEXT[format](list, about),
})
