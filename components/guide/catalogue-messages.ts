import type { CatalogueAnswer, CatalogueRow } from '@/db/guide/catalogue/read-catalogue'
import { bytesShort, plural } from '../format'
import type { Shown } from './catalogue-params'

export const STATE_LABEL: Record<CatalogueRow['state'], string> = {
  present: 'Present',
  improved: 'Improved',
  redundant: 'Redundant',
  served: 'Not needed',
  missing: 'Missing',
  cannot: 'Cannot exist',
  invalid: 'Invalid',
  absent: 'Not here',
  unread: 'Locked',
}

export type Creatable = CatalogueRow & { create: { definition: string } }
export type Droppable = CatalogueRow & { index: NonNullable<CatalogueRow['index']> }

export const isCreatable = (row: CatalogueRow): row is Creatable => row.create !== null && 'definition' in row.create
/** By the rules for all indexes; what backs a constraint goes with that alone. */
export const isDroppable = (row: CatalogueRow): row is Droppable => row.state === 'redundant' && row.index?.conname === null

const MATCHES: Record<Shown, (row: CatalogueRow) => boolean> = {
  all: () => true,
  action: (row) => isCreatable(row) || isDroppable(row) || row.state === 'invalid',
  print: ({ inPrint }) => inPrint !== null,
  unused: ({ index }) => index?.idxScan === '0' && index.conname === null,
}

export const rowsShown = (rows: CatalogueRow[], shown: Shown): CatalogueRow[] => rows.filter(MATCHES[shown])

export const sizeOf = (rows: CatalogueRow[]): number => rows.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0)

/** The one sentence that answers "must I act?". */
export function catalogueTitle({ rows, schema }: CatalogueAnswer): string {
  const [drop, create] = [rows.filter(isDroppable).length, rows.filter(isCreatable).length]
  if (drop + create === 0) return `No index of the guide is to be created or dropped in ${schema}.`
  const parts = [drop > 0 && `${drop} to drop`, create > 0 && `${create} to create`].filter(Boolean).join(', ')
  return `${plural(drop + create, 'index of the guide needs', 'indexes of the guide need')} action: ${parts}.`
}

/** What the title rests on. */
export function catalogueEvidence({ rows }: CatalogueAnswer): string {
  const [drop, create] = [rows.filter(isDroppable), rows.filter(isCreatable)]
  const cannot = create.filter(({ state }) => state === 'cannot').length
  const leftOut = create.filter(({ printed }) => printed === null).length
  const sentences = [
    drop.length > 0 &&
      `${plural(drop.length, 'is redundant and takes', 'are redundant and take')} ${bytesShort(sizeOf(drop))} of ${bytesShort(sizeOf(rows))}.`,
    cannot > 0 && `${plural(cannot, 'cannot exist as printed, but', 'cannot exist as printed, but')} as corrected.`,
    leftOut > 0 &&
      `${plural(leftOut, 'serves a foreign key that the guide left', 'serve foreign keys that the guide left')} without an index.`,
  ]
  return sentences.filter(Boolean).join(' ')
}
