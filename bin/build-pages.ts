/** `npm run build`: the packages and the production build, as `npm start` would make them, without starting anything. */
import process from 'node:process'
import { build, buildIsStale } from './build'
import { sentenceOf } from './sentence'
import { step } from './steps'

try {
  if (await buildIsStale()) await step('Building the pages', build)
} catch (error) {
  console.error(sentenceOf(error) ?? error)
  process.exitCode = 1
}
