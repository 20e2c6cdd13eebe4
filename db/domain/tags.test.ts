import { expect, test } from 'vitest'
import { keyOfTag, readTags } from './tags'

test('tags are words apart by commas or spaces, each once', () => {
  expect(readTags(' team:billing,env:prod env:prod\n eu-west ')).toEqual({ tags: ['env:prod', 'eu-west', 'team:billing'] })
  expect(readTags('')).toEqual({ tags: [] })
})

test.each(['a:b:c', ':prod', 'env:', '<b>', `${'x'.repeat(41)}`, 'a\u0000b', '-x'])('%j is none', (word) => {
  expect(readTags(`fine, ${word}`)).toEqual({ wrong: word })
})

test('the key of a tag', () => {
  expect([keyOfTag('env:prod'), keyOfTag('eu')]).toEqual(['env', null])
})
