/** One picture of a moving one: a WebP file as a browser encodes it, all of one size, and how long it is shown, in ms. */
export interface Frame {
  webp: Buffer
  ms: number
}

/**
 * An animated WebP that repeats for ever. Each frame replaces the one before; their image data is taken as it is.
 * Throws where a frame is no WebP or has another size. Source: RFC 9649, section 2.7 (RIFF containers, sizes in little endian).
 */
export function animatedWebp(frames: readonly Frame[]): Buffer {
  const images = frames.map(({ webp, ms }) => ({ ...imageOf(webp), ms }))
  const [first] = images
  if (!first) throw new Error('A moving picture has at least one frame')
  const size = sizeOf(first)
  if (images.some((image) => !sizeOf(image).equals(size))) throw new Error('The frames of a moving picture have one size')
  const ANIMATED = Buffer.from([0b0000_0010, 0, 0, 0])
  const ON_WHITE_FOR_EVER = Buffer.from([255, 255, 255, 255, 0, 0])
  const NO_BLENDING = Buffer.from([0b0000_0010])
  const AT_0_0 = Buffer.alloc(6)
  return chunk('RIFF', [
    Buffer.from('WEBP'),
    chunk('VP8X', [ANIMATED, size]),
    chunk('ANIM', [ON_WHITE_FOR_EVER]),
    ...images.map((image) => chunk('ANMF', [AT_0_0, size, uint24(image.ms), NO_BLENDING, image.data])),
  ])
}

interface Image {
  width: number
  height: number
  /** The chunk with the pixels, its header included. */
  data: Buffer
}

/** Width and height stand in the pixels' own header: RFC 9649, section 2.5 (lossy, of RFC 6386) and 2.6 (lossless). */
function imageOf(webp: Buffer): Image {
  if (webp.toString('latin1', 0, 4) !== 'RIFF' || webp.toString('latin1', 8, 12) !== 'WEBP') throw new Error('A frame is no WebP')
  for (let at = 12; at + 8 <= webp.length; ) {
    const name = webp.toString('latin1', at, at + 4)
    const end = at + 8 + even(webp.readUInt32LE(at + 4))
    const pixels = at + 8
    const data = webp.subarray(at, end)
    if (name === 'VP8 ') return { width: webp.readUInt16LE(pixels + 6) & 0x3fff, height: webp.readUInt16LE(pixels + 8) & 0x3fff, data }
    if (name === 'VP8L') {
      const bits = webp.readUInt32LE(pixels + 1)
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, data }
    }
    at = end
  }
  throw new Error('A frame has no picture')
}

const even = (bytes: number): number => bytes + (bytes % 2)
const uint24 = (value: number): Buffer => Buffer.from([value & 255, (value >>> 8) & 255, (value >>> 16) & 255])
const sizeOf = ({ width, height }: Image): Buffer => Buffer.concat([uint24(width - 1), uint24(height - 1)])

function chunk(name: string, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  const head = Buffer.from(`${name}....`)
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
