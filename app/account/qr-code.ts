import { encode } from 'uqr'

/** A QR code as one path of an SVG whose viewBox is `size` modules wide and high. */
export interface QrCode {
  size: number
  path: string
}

/** Modules of quiet zone on each side (ISO/IEC 18004, 6.3.8). */
const QUIET = 4

/** Draws a text; each run of dark modules in a row is one rectangle. */
export function qrCode(text: string): QrCode {
  const { size, data } = encode(text, { ecc: 'M', border: QUIET })
  const rows = data.map((row, y) => {
    const dark = row.map((module) => (module ? '1' : '0')).join('')
    return [...dark.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index} ${y}h${run.length}v1h-${run.length}z`).join('')
  })
  return { size, path: rows.join('') }
}
