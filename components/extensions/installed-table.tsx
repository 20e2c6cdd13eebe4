import type { InstalledExtension } from '@/db/extensions/list-extensions'
import { useWhyNot } from '../shell/why-not'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'

interface InstalledTableProps {
  installed: InstalledExtension[]
  mayRun: boolean
  onUpdate: (extension: string) => void
}

/** The extensions of the database, those that want somebody first. */
export function InstalledTable({ installed, mayRun, onUpdate }: InstalledTableProps) {
  const whyNot = useWhyNot()
  return (
    <TableCard
      label="Installed extensions"
      footer={
        <span>
          Default version: what CREATE EXTENSION and UPDATE take from the files on the server. The plan of an update says which scripts lead
          there
        </span>
      }
    >
      <table className="w-full min-w-[860px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Extension</HeadCell>
            <HeadCell>Installed</HeadCell>
            <HeadCell>Default version</HeadCell>
            <HeadCell>Schema</HeadCell>
            <HeadCell>Owner</HeadCell>
            <HeadCell>About</HeadCell>
            <HeadCell>
              <span className="sr-only">Actions</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {installed.map(({ extname, installed: version, default_version: other, schemaname, owner, relocatable, comment, differs }) => (
            <Row key={extname}>
              <Cell>
                <Identifier name={extname} className="font-medium" />
              </Cell>
              <Cell className="tabular-nums">{version}</Cell>
              <Cell className="tabular-nums">
                {other ?? <Badge tone="bad">No files</Badge>}
                {differs && other !== null && (
                  <Badge tone="warn" className="ml-2">
                    Differs
                  </Badge>
                )}
              </Cell>
              <Cell title={relocatable ? 'ALTER EXTENSION … SET SCHEMA can move it' : 'It cannot be moved to another schema'}>
                <Identifier name={schemaname} />
              </Cell>
              <Cell>
                <Identifier name={owner} />
              </Cell>
              <Cell className="text-ink-3">{comment}</Cell>
              <Cell className="text-right">
                {differs && other !== null && (
                  <Button
                    size="sm"
                    disabled={!mayRun}
                    title={mayRun ? undefined : whyNot}
                    aria-label={`Update ${extname} to ${other}`}
                    onClick={() => onUpdate(extname)}
                  >
                    Update…
                  </Button>
                )}
              </Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}
