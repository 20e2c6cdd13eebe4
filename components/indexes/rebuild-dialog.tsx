'use client'
import type { IndexFinding } from '@/db/checks/index-finding'

/** The confirmation of one rebuild or several, one after another. */
export function RebuildDialog(_: { server: string; database: string; rows: IndexFinding[]; onClose: () => void }) {
  return null
}
