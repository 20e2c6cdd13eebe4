import { Fragment } from 'react'

/** A name that may break after an underscore or a dot. */
export function BreakableName({ name }: { name: string }) {
  let at = 0
  return name.split(/(?<=[_.])/).map((part) => {
    const key = at
    at += part.length
    return (
      <Fragment key={key}>
        {key > 0 && <wbr />}
        {part}
      </Fragment>
    )
  })
}

/** A name in mono that is never cut: where it has no underscore or dot it may, in need, break anywhere. */
export function Identifier({ name, className }: { name: string; className?: string }) {
  return (
    <code className={`[overflow-wrap:anywhere] ${className ?? ''}`}>
      <BreakableName name={name} />
    </code>
  )
}
