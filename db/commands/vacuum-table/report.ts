/** What VACUUM (VERBOSE) says of one table; null where it does not say. */
export interface VacuumReport {
  /** How often it went through all indexes. */
  indexScans: number | null
  /** Pages that went back to the file system. */
  pagesRemoved: number | null
  /** Dead rows that it had to leave, as somebody may still see them. */
  stay: bigint | null
}

const NAME = /["«»„“”「」].*["«»„“”「」]/
const numbersIn = (text = ''): string[] => text.match(/\d+(?:[.,]\d+)?/g) ?? []
const wholeIn = (text = ''): bigint[] => numbersIn(text).flatMap((one) => (/^\d+$/.test(one) ? [BigInt(one)] : []))

/**
 * The reports among the lines that a VACUUM said, in whatever language lc_messages is: told by how many numbers stand in which line
 * behind the table's name, in the order that every translation keeps (vacuumlazy.c, cluster.c). What does not have that form is left out.
 *
 * - From 15 on one message: name: scans / pages removed, remaining, scanned (%) / rows removed, remaining, dead.
 * - FULL, and 14: name: rows found in pages, and as its detail: dead rows, on 14 with the oldest xmin. On 14 the rest is in further
 *   messages that tell each other apart by words alone; those are read in English (see worker/phases).
 */
export const vacuumReports = (said: readonly string[]): VacuumReport[] => said.flatMap((text) => reportOf(text) ?? [])

function reportOf(text: string): VacuumReport | null {
  const [message = '', detail] = text.split('\nDETAIL:  ')
  const [first = '', pages, rows] = message.split('\n')
  if (!NAME.test(first)) return null
  const counted = wholeIn(first.replace(NAME, ''))
  if (detail !== undefined) {
    const [stay, ...more] = wholeIn(detail.split('\n')[0])
    const isFull = counted.length === 3 && more.length === 0
    const isOf14 = counted.length === 4 && more.length === 1
    return stay !== undefined && (isFull || isOf14) ? { indexScans: null, pagesRemoved: null, stay } : null
  }
  const [scans] = counted
  const [removed] = wholeIn(pages)
  const [, , stay] = wholeIn(rows)
  const isReport = counted.length === 1 && numbersIn(pages).length >= 4 && wholeIn(rows).length === 3
  if (!isReport || scans === undefined || removed === undefined || stay === undefined) return null
  return { indexScans: Number(scans), pagesRemoved: Number(removed), stay }
}
