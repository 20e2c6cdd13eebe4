import { describe, expect, it } from 'vitest'
import { animatedWebp } from './animated-webp'

const chunk = (name: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8)
  head.write(name, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}
const webp = (pixels: Buffer): Buffer => chunk('RIFF', Buffer.concat([Buffer.from('WEBP'), pixels]))

/** Headers of RFC 9649 without a picture behind them. */
const lossless = (width: number, height: number, more = 0): Buffer => {
  const body = Buffer.alloc(5 + more, 0x2f)
  body.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 1)
  return webp(chunk('VP8L', body))
}
const lossy = (width: number, height: number): Buffer => {
  const body = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0])
  body.writeUInt16LE(width, 6)
  body.writeUInt16LE(height, 8)
  return webp(chunk('VP8 ', body))
}

/** Name and content of each chunk of a container. */
function chunksOf(file: Buffer): [string, Buffer][] {
  const found: [string, Buffer][] = []
  for (let at = 12; at < file.length; ) {
    const bytes = file.readUInt32LE(at + 4)
    found.push([file.toString('latin1', at, at + 4), file.subarray(at + 8, at + 8 + bytes)])
    at += 8 + bytes + (bytes % 2)
  }
  return found
}

describe('an animated WebP', () => {
  it('has every frame as it was, with the size of the picture and the time of each', () => {
    const frames = [
      { webp: lossless(1120, 700), ms: 2_000 },
      { webp: lossy(1120, 700), ms: 700 },
      { webp: lossless(1120, 700, 8), ms: 70_000 },
    ]
    const file = animatedWebp(frames)
    expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 12)).toBe('RIFFWEBP')
    expect(file.readUInt32LE(4)).toBe(file.length - 8)
    const [head, animation, ...pictures] = chunksOf(file)
    expect([head?.[0], head?.[1].readUInt8(0), head?.[1].readUIntLE(4, 3), head?.[1].readUIntLE(7, 3)]).toEqual(['VP8X', 2, 1119, 699])
    expect([animation?.[0], animation?.[1].readUInt16LE(4)]).toEqual(['ANIM', 0])
    expect(pictures.map(([name]) => name)).toEqual(['ANMF', 'ANMF', 'ANMF'])
    expect(pictures.map(([, body]) => body.readUIntLE(12, 3))).toEqual(frames.map(({ ms }) => ms))
    expect(pictures.map(([, body]) => [body.readUIntLE(6, 3), body.readUIntLE(9, 3)])).toEqual(frames.map(() => [1119, 699]))
    expect(pictures.map(([, body]) => body.subarray(16).toString('hex'))).toEqual(
      frames.map((frame) => frame.webp.subarray(12).toString('hex')),
    )
  })

  it('refuses what makes no picture', () => {
    expect(() => animatedWebp([])).toThrow('at least one frame')
    expect(() => animatedWebp([{ webp: Buffer.from('PNG and more than that'), ms: 1 }])).toThrow('no WebP')
    expect(() => animatedWebp([{ webp: webp(chunk('EXIF', Buffer.alloc(4))), ms: 1 }])).toThrow('no picture')
    expect(() => animatedWebp([lossless(10, 10), lossless(10, 11)].map((frame) => ({ webp: frame, ms: 1 })))).toThrow('one size')
  })
})
