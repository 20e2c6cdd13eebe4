import type { Difference, Doubt } from './place'

/** Why a console may be a copy, a sentence each. */
export const doubtSentences = ({ because }: Doubt): string[] => because.map(sentenceOf)

function sentenceOf({ what, was, is }: Difference): string {
  switch (what) {
    case 'restored':
      return 'A backup was restored into its database.'
    case 'machine':
      return 'It was started on another machine than before.'
    case 'folder':
      return `Its data folder was ${was} and is ${is} now.`
    case 'directory':
      return 'The directory itself is another one than before.'
    case 'cluster':
      return `Its database is in another cluster: the system identifier was ${was} and is ${is} now.`
    case 'database':
      return `Its database is another one in the cluster: the OID was ${was} and is ${is} now.`
    case 'promoted':
      return `Its database was promoted (${was}, now ${is}), and is reached under an address that it had not before.`
  }
}
