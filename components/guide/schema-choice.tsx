import type { CatalogueAnswer } from '@/db/guide/catalogue/read-catalogue'
import { Segmented } from '../ui/segmented'

/** Of several schemas that hold the guide's tables, the one that is shown. */
export function SchemaChoice({
  answer: { schema, elsewhere },
  onChoose,
}: {
  answer: Pick<CatalogueAnswer, 'schema' | 'elsewhere'>
  onChoose: (schema: string) => void
}) {
  if (elsewhere.length === 0) return null
  return (
    <p className="mb-3 flex flex-wrap items-center gap-2 text-cell text-ink-2">
      The tables are in {elsewhere.length + 1} schemas:
      <Segmented
        label="Schema"
        value={schema}
        choices={[schema, ...elsewhere].sort().map((value) => ({ value, label: value }))}
        onChange={onChoose}
      />
    </p>
  )
}
