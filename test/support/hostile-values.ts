/** What no field of the console can hold: every action refuses it, wherever it stands. */
export const UNSOUND: [string, unknown][] = [
  ['NUL', 'a\0b'],
  ['NUL and a line of a log', 'x\0\n{"level":"error","msg":"forged"}'],
  ['a high surrogate alone', 'a\ud800'],
  ['a low surrogate alone', '\udc00b'],
  ['a text of 300 kB', 'x'.repeat(300_000)],
  ['NUL within a list', ['a', ['\0']]],
  ['NUL as a name', { '\0': 1 }],
  ['a surrogate within an object', { a: { b: '\udfff' } }],
  ['__proto__', JSON.parse('{"__proto__":{"admin":true}}')],
  ['constructor', { constructor: { prototype: {} } }],
  ['a bigint', 10n],
  ['a symbol', Symbol.for('x')],
  ['a function', () => 1],
  ['a date', new Date(0)],
  ['a map', new Map([['a', 1]])],
  ['a set', new Set([1])],
  ['bytes', new Uint8Array([0, 1])],
  ['a promise', Promise.resolve('x')],
  ['a file', new File(['x'], 'x.txt')],
  ['a form with a file', formWith('a', new File(['x'], 'x.txt'))],
  ['a form with NUL', formWith('a\0', 'x')],
  ['ever deeper', Array.from({ length: 100 }).reduce<unknown>((inner) => [inner], 1)],
  ['one part many times over', Array.from({ length: 10 }).reduce<unknown>((inner) => Array(10).fill(inner), 'x')],
]

/** Odd, and sound: each place takes it or refuses it in its own words. */
export const STRANGE: [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['a blank', ' '],
  ['lines', 'a\r\nb\u2028c\u0085d'],
  ['an escape sequence', '\u001b[2J\u009b1A'],
  ['turned letters', 'a\u202eb\u2066'],
  ['a name of every object', '__proto__'],
  ['per cent signs', '%00%ff%'],
  ['quotes', `'"\`$$;--\\`],
  ['a file of the machine', '/etc/passwd'],
  ['5,000 letters', 'ž'.repeat(5_000)],
  ['a number', 7],
  ['a negative one', -1],
  ['one that is too large', 2 ** 60],
  ['not a number', Number.NaN],
  ['without end', Number.POSITIVE_INFINITY],
  ['true', true],
  ['a list', ['x', null, 3]],
  ['an object', { x: { y: [] } }],
  ['without prototype', Object.assign(Object.create(null), { x: 1 })],
  ['a form', formWith('a', 'x')],
]

function formWith(name: string, value: string | File): FormData {
  const form = new FormData()
  if (typeof value === 'string') form.append(name, value)
  else form.append(name, value, 'x')
  return form
}

/** The value with another one in the place of each part of it in turn, itself included. */
export function withEach(value: unknown, put: unknown): unknown[] {
  if (Array.isArray(value)) return [put, ...value.flatMap((part, at) => withEach(part, put).map((other) => value.with(at, other)))]
  if (typeof value !== 'object' || value === null) return [put]
  return [put, ...Object.entries(value).flatMap(([name, part]) => withEach(part, put).map((other) => ({ ...value, [name]: other })))]
}
