import { Fragment } from 'react'

/** A name in mono that is never cut: it may break after an underscore or a dot, in need anywhere. */
export function Identifier({ name, className }: { name: string; className?: string }) {
  const parts = name.split(/(?<=[_.])/)
  let at = 0
  return (
    <code className={`[overflow-wrap:anywhere] ${className ?? ''}`}>
      {parts.map((part) => {
        const key = at
        at += part.length
        return (
          <Fragment key={key}>
            {key > 0 && <wbr />}
            {part}
          </Fragment>
        )
      })}
    </code>
  )
}
