'use client'
import { useEffect, useRef } from 'react'
import { moment } from '../format-time'
import type { LiveAnswer } from '../live/fetch-live'
import { SERVER_STANDING, useRefreshAllBut } from '../live/use-live'
import { Banner } from '../ui/banner'
import { useServerDown } from './page-status'
import type { ShellServer, Standing } from './shell-types'
import { useStanding } from './use-standing'

/** Says on every page of a server that it does not answer, for as long as it does not; everything is read again when it is back. */
export function ServerDown({ server, rendered }: { server: ShellServer; rendered: LiveAnswer<Standing> }) {
  const standing = useStanding(server.id, rendered)
  const down = standing !== undefined && standing.version === null
  useServerDown(down ? server.name : null)
  const refresh = useRefreshAllBut(SERVER_STANDING)
  const wasDown = useRef(down)
  useEffect(() => {
    if (wasDown.current && !down) refresh()
    wasDown.current = down
  }, [down, refresh])
  if (!down) return null
  return (
    <Banner tone="bad" label="Server" live>
      <b className="font-semibold">
        {server.name} does not answer{standing.since && ` since ${moment(standing.since)}`}.
      </b>{' '}
      {standing.problem?.message.replace(/\.$/, '')}. The data shown is from before; commands are off until the server answers.
    </Banner>
  )
}
