/** A volume in bytes. measured: by its file system; else of a size that somebody typed in. */
export interface VolumeFacts {
  bytes: number
  /** Of a size that was typed in all that is not known to be used counts as free: there is less. */
  free: number
  measured: boolean
}

/** What is known of a volume: by the file system, else by what was typed in and the bytes that the server is known to use of it; null: nothing. */
export function volumeFacts(volume: { bytes: number; free: number } | null, typed: number | null, used: number): VolumeFacts | null {
  if (volume) return { bytes: volume.bytes, free: volume.free, measured: true }
  return typed === null ? null : { bytes: typed, free: Math.max(0, typed - used), measured: false }
}
