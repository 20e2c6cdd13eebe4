'use client'
import { useLive } from '../live/use-live'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { inheritedWords } from './option-form'

interface OptionsTabProps {
  server: string
  database: string
  relid: number
  mayRun: boolean
  onEdit: () => void
}

/** The storage parameters that the table has of its own, beside what they override. */
export function OptionsTab({ server, database, relid, mayRun, onEdit }: OptionsTabProps) {
  const whyNot = useWhyNot()
  const { answer } = useLive('table-options', { server, database, relid })
  if (answer && !answer.ok) return <ProblemPanel title="The options could not be read" problem={answer.problem} />
  const own = answer ? [...answer.value.options, ...answer.value.toast].filter((option) => option.own !== null) : []
  return (
    <TableCard
      label="Options"
      footer={
        <Button size="sm" disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={onEdit}>
          Table options…
        </Button>
      }
    >
      <table className="w-full min-w-[520px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Option</HeadCell>
            <HeadCell>Value</HeadCell>
            <HeadCell>Overrides</HeadCell>
          </tr>
        </thead>
        <tbody>
          {own.map((option) => (
            <Row key={option.name}>
              <Cell title={option.about}>
                <code>{option.name}</code>
              </Cell>
              <Cell>
                <b className="font-medium">{option.own}</b> {option.unit}
              </Cell>
              <Cell className="text-ink-3">{inheritedWords(option)}</Cell>
            </Row>
          ))}
          {own.length === 0 && (
            <Row>
              <Cell colSpan={3} className="text-ink-3">
                {answer ? 'None of its own: the values of the server apply.' : 'Reading …'}
              </Cell>
            </Row>
          )}
        </tbody>
      </table>
    </TableCard>
  )
}
