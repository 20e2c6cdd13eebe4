/** A part of a text, in UTF-16 units. */
export interface TextPart {
  from: number
  to: number
}

/** More pairs of words than this are not compared one by one. */
const MOST_PAIRS = 400_000

/**
 * What differs between two texts, by words: the parts of the first that are not in the second, and the other way round. Space does not count.
 * Where the texts are too long to compare, the whole middle between what they begin and end with alike.
 */
export function changedParts(before: string, after: string): { before: TextPart[]; after: TextPart[] } {
  const [one, other] = [wordsOf(before), wordsOf(after)]
  let head = 0
  while (head < Math.min(one.length, other.length) && one[head]?.text === other[head]?.text) head++
  let tail = 0
  while (tail < Math.min(one.length, other.length) - head && one.at(-1 - tail)?.text === other.at(-1 - tail)?.text) tail++
  const [left, right] = [one.slice(head, one.length - tail), other.slice(head, other.length - tail)]
  const same = left.length * right.length > MOST_PAIRS ? [] : commonWords(left, right)
  const without = (words: Word[], side: 0 | 1) => {
    const kept = new Set(same.map((pair) => pair[side]))
    return joined(words, (at) => !kept.has(at))
  }
  return { before: without(left, 0), after: without(right, 1) }
}

interface Word extends TextPart {
  text: string
}

const wordsOf = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{N}_$]+|'(?:[^']|'')*'|"(?:[^"]|"")*"|[^\s]/gu)].map((match) => ({
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }))

/** The longest sequence of words that both have, as pairs of places. */
function commonWords(one: Word[], other: Word[]): [number, number][] {
  const width = other.length + 1
  const lengths = new Uint32Array((one.length + 1) * width)
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        one[i]?.text === other[j]?.text
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0)
  const pairs: [number, number][] = []
  for (let [i, j] = [0, 0]; i < one.length && j < other.length; ) {
    if (one[i]?.text === other[j]?.text) pairs.push([i++, j++])
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) i++
    else j++
  }
  return pairs
}

/** Neighbouring words that are wanted, as one part each. */
function joined(words: Word[], isWanted: (at: number) => boolean): TextPart[] {
  const parts: TextPart[] = []
  let last = -2
  for (const [at, { from, to }] of words.entries()) {
    if (!isWanted(at)) continue
    const part = parts.at(-1)
    if (part && last === at - 1) part.to = to
    else parts.push({ from, to })
    last = at
  }
  return parts
}
