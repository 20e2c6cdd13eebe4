/** A tag is a word, or a key and a word: eu-west, env:prod. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}(?::[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39})?$/u
export const MOST_TAGS = 20

/** Tags as somebody typed them, apart by commas or spaces: each once, sorted. Or the first word that is none. */
export function readTags(typed: string): { tags: string[] } | { wrong: string } {
  const words = typed.split(/[\s,]+/).filter((word) => word !== '')
  const wrong = words.find((word) => !TAG.test(word))
  return wrong === undefined ? { tags: [...new Set(words)].sort() } : { wrong }
}

/** env of env:prod; null of a tag without a key. */
export const keyOfTag = (tag: string): string | null => (tag.includes(':') ? tag.slice(0, tag.indexOf(':')) : null)
