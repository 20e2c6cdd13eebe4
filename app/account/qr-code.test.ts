import { encode } from 'uqr'
import { expect, it } from 'vitest'
import { qrCode } from './qr-code'

it('draws exactly the dark modules, within a quiet zone of four', () => {
  const text = 'otpauth://totp/Proctor:ada%40example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Proctor'
  const { size, path } = qrCode(text)
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  for (const { 1: x, 2: y, 3: run } of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g))
    drawn[Number(y)]?.fill(true, Number(x), Number(x) + Number(run))
  expect(drawn).toEqual(encode(text, { ecc: 'M', border: 4 }).data)
  expect(drawn.slice(0, 4).flat().some(Boolean)).toBe(false)
})
